-- Purpose: the stored state of one grain.
-- Parameters: @id_hash, @type_hash, @state, @key, @service.
-- Rows: none or one: payloadbinary (null when it was cleared), version. Index: ix_OrleansStorage.
SELECT payloadbinary, version
FROM OrleansStorage
WHERE grainidhash = @id_hash
  AND graintypehash = @type_hash
  AND graintypestring = @state
  AND grainidextensionstring = @key
  AND serviceid = @service
