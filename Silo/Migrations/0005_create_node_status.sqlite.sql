-- What each node last said of itself, over which session: shown to people, decides nothing. Its version is one of
-- fleet_version, as those of agent_session are.
CREATE TABLE node_status (
    node        TEXT NOT NULL PRIMARY KEY,
    epoch       INTEGER NOT NULL,
    boot_id     TEXT NOT NULL,
    sequence    INTEGER NOT NULL,
    content     TEXT NOT NULL,
    reported_at TEXT NOT NULL,
    version     INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX node_status_by_version ON node_status (version);
