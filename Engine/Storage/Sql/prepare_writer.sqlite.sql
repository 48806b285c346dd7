-- Purpose: makes every commit of this connection survive a power loss, and lets readers go on meanwhile.
-- Run once for each connection that writes. Rows: the journal mode, ignored.
-- One file, because a connection is ready only with all three; SQLite forgets the last two with the connection.
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA busy_timeout = 5000;
