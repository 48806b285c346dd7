-- Purpose: deletes a grain's state if its version is still the one that was read.
-- Parameters: @id_hash, @type_hash, @state, @key, @service, @version.
-- Rows affected: 1; 0 when the version is another. Index: ix_OrleansStorage.
DELETE
FROM OrleansStorage
WHERE grainidhash = @id_hash
  AND graintypehash = @type_hash
  AND graintypestring = @state
  AND grainidextensionstring = @key
  AND serviceid = @service
  AND version = @version
