-- Purpose: what nodes said of themselves since.
-- Parameters: @after (the newest change that the reader has seen, 0 for none).
-- Rows: one each, in the order of their last change. Relies on: node_status_by_version.
SELECT node, epoch, boot_id, sequence, content, reported_at
FROM node_status
WHERE version > @after
ORDER BY version, node;
