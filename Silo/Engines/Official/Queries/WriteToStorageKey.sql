-- Purpose: stores a grain's state if its version is still the one that was read; null: if there is none.
-- Parameters: @GrainIdHash, @GrainTypeHash, @GrainIdN0, @GrainIdN1, @GrainTypeString, @GrainIdExtensionString,
-- @ServiceId, @GrainStateVersion (may be null), @PayloadBinary.
-- Rows: NewGrainStateVersion; none when somebody else wrote. Index: ix_OrleansStorage.
WITH updated AS
    (UPDATE OrleansStorage
     SET payloadbinary = @PayloadBinary,
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
     RETURNING version),
inserted AS
    (INSERT INTO OrleansStorage
        (grainidhash, grainidn0, grainidn1, graintypehash, graintypestring, grainidextensionstring, serviceid,
         payloadbinary, modifiedon, version)
     SELECT @GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString, @GrainIdExtensionString,
            @ServiceId, @PayloadBinary, now() AT TIME ZONE 'utc', 1
     WHERE @GrainStateVersion IS NULL
     ON CONFLICT DO NOTHING
     RETURNING version)
SELECT version AS NewGrainStateVersion FROM updated
UNION ALL
SELECT version FROM inserted
