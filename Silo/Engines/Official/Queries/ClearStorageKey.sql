-- Purpose: empties a grain's state if its version is still the one that was read; the version goes on.
-- Parameters: @GrainIdHash, @GrainTypeHash, @GrainIdN0, @GrainIdN1, @GrainTypeString, @GrainIdExtensionString,
-- @ServiceId, @GrainStateVersion.
-- Rows: the new version; none when somebody else wrote. Index: ix_OrleansStorage.
UPDATE OrleansStorage
SET payloadbinary = NULL,
    modifiedon    = now() AT TIME ZONE 'utc',
    version       = CASE WHEN version = 2147483647 THEN 1 ELSE version + 1 END
WHERE grainidhash = @GrainIdHash
  AND graintypehash = @GrainTypeHash
  AND grainidn0 = @GrainIdN0
  AND grainidn1 = @GrainIdN1
  AND graintypestring = @GrainTypeString
  AND COALESCE(grainidextensionstring, '') = COALESCE(@GrainIdExtensionString, '')
  AND serviceid = @ServiceId
  AND version = @GrainStateVersion
RETURNING version AS NewGrainStateVersion
