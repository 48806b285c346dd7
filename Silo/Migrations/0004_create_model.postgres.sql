-- All definitions: the journal is their record, a snapshot shortens the way to the newest state.
CREATE TABLE model_head (
    id       bigint NOT NULL PRIMARY KEY CHECK (id = 1),
    timeline text NOT NULL,
    epoch    bigint NOT NULL,
    position bigint NOT NULL,
    digest   text NOT NULL
);
INSERT INTO model_head (id, timeline, epoch, position, digest)
VALUES (1, replace(gen_random_uuid()::text, '-', ''), 0, 0, repeat('0', 64));

-- What is compacted goes from the front; positions that are there have no gap.
CREATE TABLE model_entry (
    position bigint NOT NULL PRIMARY KEY,
    content  text NOT NULL,
    digest   text NOT NULL
);

-- Written whole in one transaction, its parts with it.
CREATE TABLE model_snapshot (
    timeline   text NOT NULL,
    position   bigint NOT NULL,
    digest     text NOT NULL,
    bytes      bigint NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (timeline, position)
);

CREATE TABLE model_snapshot_part (
    timeline text NOT NULL,
    position bigint NOT NULL,
    part     bigint NOT NULL,
    content  bytea NOT NULL,
    PRIMARY KEY (timeline, position, part),
    FOREIGN KEY (timeline, position) REFERENCES model_snapshot ON DELETE CASCADE
);
