-- Purpose: stores the first version of a grain's state, unless there is one.
-- Parameters: @id_hash, @type_hash, @state, @key, @service, @payload, @modified.
-- Rows affected: 1; 0 when somebody else stored a first version. Index: ix_OrleansStorage.
INSERT INTO OrleansStorage
    (grainidhash, grainidn0, grainidn1, graintypehash, graintypestring, grainidextensionstring, serviceid,
     payloadbinary, modifiedon, version)
SELECT @id_hash, 0, 0, @type_hash, @state, @key, @service, @payload, @modified, 1
WHERE NOT EXISTS
    (SELECT 1
     FROM OrleansStorage
     WHERE grainidhash = @id_hash
       AND graintypehash = @type_hash
       AND graintypestring = @state
       AND grainidextensionstring = @key
       AND serviceid = @service)
