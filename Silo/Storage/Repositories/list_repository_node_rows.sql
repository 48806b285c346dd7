-- The assigned nodes of these, in order of preference.
SELECT repository_id, node FROM repository_node ORDER BY repository_id, ordinal
