-- Purpose: the table of grain state, with the columns of the Orleans ADO.NET providers.
-- Run at start, inside the transaction that holds the write lock. Rows: none.
-- The key is text in grainidextensionstring; the numeric columns stay 0, so that keys like 1f and 1F stay apart.
CREATE TABLE IF NOT EXISTS OrleansStorage
(
    grainidhash            INTEGER NOT NULL,
    grainidn0              INTEGER NOT NULL,
    grainidn1              INTEGER NOT NULL,
    graintypehash          INTEGER NOT NULL,
    graintypestring        TEXT    NOT NULL,
    grainidextensionstring TEXT    NOT NULL,
    serviceid              TEXT    NOT NULL,
    payloadbinary          BLOB,
    modifiedon             TEXT    NOT NULL,
    version                INTEGER NOT NULL
)
