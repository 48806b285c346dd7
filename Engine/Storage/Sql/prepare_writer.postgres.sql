-- Purpose: a commit of this connection is on disk when it returns, even where the database's default says otherwise.
-- A stricter default, one that waits for standbys, stays. Run once for each connection that writes. Rows: ignored.
SELECT set_config('synchronous_commit', 'on', false)
WHERE current_setting('synchronous_commit') = 'off'
