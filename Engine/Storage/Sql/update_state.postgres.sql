-- Purpose: stores or clears (@payload null) a grain's state if its version is still the one that was read.
-- Parameters: @id_hash, @type_hash, @n0, @n1, @state, @key, @service, @payload, @version.
-- Rows: the new version; none when the stored version is another. Index: ix_OrleansStorage.
-- The official column ends at 2147483647: then versions begin anew, long after everybody forgot the first ones.
UPDATE OrleansStorage
SET payloadbinary = @payload,
    modifiedon    = now() AT TIME ZONE 'utc',
    version       = CASE WHEN version = 2147483647 THEN 1 ELSE version + 1 END
WHERE grainidhash = @id_hash
  AND graintypehash = @type_hash
  AND grainidn0 = @n0
  AND grainidn1 = @n1
  AND graintypestring = @state
  AND COALESCE(grainidextensionstring, '') = @key
  AND serviceid = @service
  AND version = @version
RETURNING version
