-- Purpose: the state of every grain, for a move. Rows: name of the state, key of the grain, JSON.
SELECT graintypestring, grainidextensionstring, payloadbinary FROM OrleansStorage WHERE payloadbinary IS NOT NULL
