-- Purpose: the table of grain state, with the columns of the Orleans ADO.NET providers: both engines use it.
-- Run at start, under the lock of the schema. Rows: none.
CREATE TABLE IF NOT EXISTS OrleansStorage
(
    grainidhash            integer                     NOT NULL,
    grainidn0              bigint                      NOT NULL,
    grainidn1              bigint                      NOT NULL,
    graintypehash          integer                     NOT NULL,
    graintypestring        character varying(512)      NOT NULL,
    grainidextensionstring character varying(512),
    serviceid              character varying(150)      NOT NULL,
    payloadbinary          bytea,
    modifiedon             timestamp without time zone NOT NULL,
    version                integer
)
