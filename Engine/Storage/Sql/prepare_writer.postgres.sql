-- Purpose: a commit of this connection is on disk when it returns, even where the database's default says otherwise (a
-- stricter default, one that waits for standbys, stays); and what it has locked is free soon after its silo is lost in
-- the middle of a transaction: no one else's change of the membership may wait for TCP to notice.
-- Run once for each connection that writes. Rows: one, ignored.
SELECT
    set_config('idle_in_transaction_session_timeout', '5s', false),
    CASE WHEN current_setting('synchronous_commit') = 'off' THEN set_config('synchronous_commit', 'on', false) END
