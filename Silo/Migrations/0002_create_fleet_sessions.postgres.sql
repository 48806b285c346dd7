-- Which silos run, and which agent has its session with which of them. Only presence is here: what an agent's disk
-- holds is the agent's word, whether a silo may host grains is the engine's.
CREATE TABLE fleet_silo (
    run        text COLLATE "C" NOT NULL PRIMARY KEY,
    name       text NOT NULL,
    engine     text NOT NULL,
    gateway    text NOT NULL,
    pid        bigint NOT NULL,
    version    text NOT NULL,
    started_at timestamptz NOT NULL,
    beat       bigint NOT NULL,
    stopped_at timestamptz
);

-- Grows with every change of agent_session, in its transaction, so that readers take the changes in their order.
CREATE TABLE fleet_version (
    id    bigint NOT NULL PRIMARY KEY CHECK (id = 1),
    value bigint NOT NULL
);
INSERT INTO fleet_version (id, value) VALUES (1, 0);

CREATE TABLE agent_session (
    node          text COLLATE "C" NOT NULL PRIMARY KEY,
    epoch         bigint NOT NULL,
    run           text NOT NULL,
    boot_id       text NOT NULL,
    attempt       bigint NOT NULL,
    endpoint      text NOT NULL,
    roles         text NOT NULL,
    pid           bigint NOT NULL,
    agent_version text NOT NULL,
    began_at      timestamptz NOT NULL,
    ended_at      timestamptz,
    change        bigint NOT NULL,
    told          bigint NOT NULL,
    version       bigint NOT NULL
);

CREATE INDEX agent_session_by_version ON agent_session (version);
