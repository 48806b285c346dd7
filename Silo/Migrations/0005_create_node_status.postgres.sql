-- What each node last said of itself, over which session: shown to people, decides nothing. Its version is one of
-- fleet_version, as those of agent_session are.
CREATE TABLE node_status (
    node        text COLLATE "C" NOT NULL PRIMARY KEY,
    epoch       bigint NOT NULL,
    boot_id     text NOT NULL,
    sequence    bigint NOT NULL,
    content     text NOT NULL,
    reported_at timestamptz NOT NULL,
    version     bigint NOT NULL
);

CREATE INDEX node_status_by_version ON node_status (version);
