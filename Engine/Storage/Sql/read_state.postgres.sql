-- Purpose: the stored state of one grain.
-- Parameters: @id_hash, @type_hash, @n0, @n1, @state, @key, @service.
-- Rows: none or one: payloadbinary (null when it was cleared), version. Index: ix_OrleansStorage.
SELECT payloadbinary, version
FROM OrleansStorage
WHERE grainidhash = @id_hash
  AND graintypehash = @type_hash
  AND grainidn0 = @n0
  AND grainidn1 = @n1
  AND graintypestring = @state
  AND COALESCE(grainidextensionstring, '') = @key
  AND serviceid = @service
