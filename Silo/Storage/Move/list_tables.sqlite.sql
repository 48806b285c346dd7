-- Purpose: which tables a single silo's database has. Parameters: none.
SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name
