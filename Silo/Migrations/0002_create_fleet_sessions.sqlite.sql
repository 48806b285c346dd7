-- Which silos run, and which agent has its session with which of them. Only presence is here: what an agent's disk
-- holds is the agent's word, whether a silo may host grains is the engine's.
CREATE TABLE fleet_silo (
    run        TEXT    NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    engine     TEXT    NOT NULL,
    gateway    TEXT    NOT NULL,
    pid        INTEGER NOT NULL,
    version    TEXT    NOT NULL,
    started_at TEXT    NOT NULL,
    beat       INTEGER NOT NULL,
    stopped_at TEXT
) WITHOUT ROWID;

-- Grows with every change of agent_session, in its transaction, so that readers take the changes in their order.
CREATE TABLE fleet_version (
    id    INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    value INTEGER NOT NULL
);
INSERT INTO fleet_version (id, value) VALUES (1, 0);

CREATE TABLE agent_session (
    node          TEXT    NOT NULL PRIMARY KEY,
    epoch         INTEGER NOT NULL,
    run           TEXT    NOT NULL,
    boot_id       TEXT    NOT NULL,
    attempt       INTEGER NOT NULL,
    endpoint      TEXT    NOT NULL,
    roles         TEXT    NOT NULL,
    pid           INTEGER NOT NULL,
    agent_version TEXT    NOT NULL,
    began_at      TEXT    NOT NULL,
    ended_at      TEXT,
    change        INTEGER NOT NULL,
    told          INTEGER NOT NULL,
    version       INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX agent_session_by_version ON agent_session (version);
