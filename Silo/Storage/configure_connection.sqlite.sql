-- Purpose: what every connection needs. Parameters: none.
-- WAL: readers go on beside a writer. FULL: a commit is on disk when it returns. The wait is for another writer.
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA busy_timeout = 5000;
