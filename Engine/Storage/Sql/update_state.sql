-- Purpose: stores or clears (@payload null) a grain's state if its version is still the one that was read.
-- Parameters: @id_hash, @type_hash, @state, @key, @service, @payload, @modified, @version.
-- Rows affected: 1; 0 when the version is another. Index: ix_OrleansStorage.
UPDATE OrleansStorage
SET payloadbinary = @payload,
    modifiedon    = @modified,
    version       = version + 1
WHERE grainidhash = @id_hash
  AND graintypehash = @type_hash
  AND graintypestring = @state
  AND grainidextensionstring = @key
  AND serviceid = @service
  AND version = @version
