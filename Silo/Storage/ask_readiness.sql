-- Purpose: whether the database answers.
-- Parameters: none. Rows: one.
SELECT 1;
