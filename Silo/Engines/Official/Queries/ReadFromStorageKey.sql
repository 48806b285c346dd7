-- Purpose: the stored state of one grain.
-- Parameters: @GrainIdHash, @GrainTypeHash, @GrainIdN0, @GrainIdN1, @GrainTypeString, @GrainIdExtensionString,
-- @ServiceId.
-- Rows: none or one: PayloadBinary (null when it was cleared), Version. Index: ix_OrleansStorage.
SELECT payloadbinary AS PayloadBinary, version AS Version
FROM OrleansStorage
WHERE grainidhash = @GrainIdHash
  AND graintypehash = @GrainTypeHash
  AND grainidn0 = @GrainIdN0
  AND grainidn1 = @GrainIdN1
  AND graintypestring = @GrainTypeString
  AND COALESCE(grainidextensionstring, '') = COALESCE(@GrainIdExtensionString, '')
  AND serviceid = @ServiceId
