-- Purpose: all replicas' places, for a move. Parameters: none.
SELECT repository_id, ordinal, node FROM repository_node
