-- Purpose: notes an applied migration; in its transaction.
-- Parameters: @number, @name, @checksum, @appliedAt. Rows: 1.
INSERT INTO schema_migration (number, name, checksum, applied_at) VALUES (@number, @name, @checksum, @appliedAt);
