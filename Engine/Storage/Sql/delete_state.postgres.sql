-- Purpose: deletes a grain's state if its version is still the one that was read.
-- Parameters: @id_hash, @type_hash, @n0, @n1, @state, @key, @service, @version.
-- Rows: one, null; none when the stored version is another. Index: ix_OrleansStorage.
DELETE
FROM OrleansStorage
WHERE grainidhash = @id_hash
  AND graintypehash = @type_hash
  AND grainidn0 = @n0
  AND grainidn1 = @n1
  AND graintypestring = @state
  AND COALESCE(grainidextensionstring, '') = @key
  AND serviceid = @service
  AND version = @version
RETURNING CAST(NULL AS bigint)
