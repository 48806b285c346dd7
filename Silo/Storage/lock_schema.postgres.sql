-- Purpose: keeps every other silo from changing the schema until this transaction ends.
-- Parameters: none; the number is Aedile's own among the database's advisory locks. Rows: one, ignored.
SELECT pg_advisory_xact_lock(4706346121);
