-- Purpose: a replica's place as it was, in a move. Parameters: its columns.
INSERT INTO repository_node (repository_id, ordinal, node) VALUES (@repository_id, @ordinal, @node)
