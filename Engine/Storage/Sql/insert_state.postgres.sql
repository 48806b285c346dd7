-- Purpose: stores the first version of a grain's state, unless there is one.
-- Parameters: @id_hash, @type_hash, @n0, @n1, @state, @key, @service, @payload.
-- Rows: the version, 1; none when somebody else stored a first version. Index: ix_OrleansStorage.
INSERT INTO OrleansStorage
    (grainidhash, grainidn0, grainidn1, graintypehash, graintypestring, grainidextensionstring, serviceid,
     payloadbinary, modifiedon, version)
VALUES (@id_hash, @n0, @n1, @type_hash, @state, NULLIF(@key, ''), @service, @payload, now() AT TIME ZONE 'utc', 1)
ON CONFLICT DO NOTHING
RETURNING version
