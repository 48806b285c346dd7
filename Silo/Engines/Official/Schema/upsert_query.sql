-- Purpose: one statement for the official providers, as this program has it.
-- Parameters: @key, @text. Rows: 1. Relies on: the primary key.
INSERT INTO OrleansQuery (QueryKey, QueryText)
VALUES (@key, @text)
ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText
