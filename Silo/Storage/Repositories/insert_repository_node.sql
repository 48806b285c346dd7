-- Purpose: assigns a node; in the transaction of insert_repository.
-- Parameters: @repositoryId, @ordinal (order of preference from 0), @node.
-- Rows: 1. Relies on: the primary key.
INSERT INTO repository_node (repository_id, ordinal, node) VALUES (@repositoryId, @ordinal, @node);
