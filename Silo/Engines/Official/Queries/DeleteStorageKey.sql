-- Purpose: deletes a grain's state if its version is still the one that was read.
-- Parameters: @GrainIdHash, @GrainTypeHash, @GrainIdN0, @GrainIdN1, @GrainTypeString, @GrainIdExtensionString,
-- @ServiceId, @GrainStateVersion.
-- Rows: a number other than the version, which tells the provider that it worked; none when somebody else wrote.
-- Index: ix_OrleansStorage.
DELETE
FROM OrleansStorage
WHERE grainidhash = @GrainIdHash
  AND graintypehash = @GrainTypeHash
  AND grainidn0 = @GrainIdN0
  AND grainidn1 = @GrainIdN1
  AND graintypestring = @GrainTypeString
  AND COALESCE(grainidextensionstring, '') = COALESCE(@GrainIdExtensionString, '')
  AND serviceid = @ServiceId
  AND version = @GrainStateVersion
RETURNING CASE WHEN version = 2147483647 THEN 1 ELSE version + 1 END AS NewGrainStateVersion
