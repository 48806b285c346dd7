-- All definitions: the journal is their record, a snapshot shortens the way to the newest state.
CREATE TABLE model_head (
    id       INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    timeline TEXT    NOT NULL,
    epoch    INTEGER NOT NULL,
    position INTEGER NOT NULL,
    digest   TEXT    NOT NULL
);
INSERT INTO model_head (id, timeline, epoch, position, digest)
VALUES (1, lower(hex(randomblob(16))), 0, 0, '0000000000000000000000000000000000000000000000000000000000000000');

-- What is compacted goes from the front; positions that are there have no gap.
CREATE TABLE model_entry (
    position INTEGER NOT NULL PRIMARY KEY,
    content  TEXT    NOT NULL,
    digest   TEXT    NOT NULL
);

-- Written whole in one transaction, its parts with it.
CREATE TABLE model_snapshot (
    timeline   TEXT    NOT NULL,
    position   INTEGER NOT NULL,
    digest     TEXT    NOT NULL,
    bytes      INTEGER NOT NULL,
    created_at TEXT    NOT NULL,
    PRIMARY KEY (timeline, position)
) WITHOUT ROWID;

CREATE TABLE model_snapshot_part (
    timeline TEXT    NOT NULL,
    position INTEGER NOT NULL,
    part     INTEGER NOT NULL,
    content  BLOB    NOT NULL,
    PRIMARY KEY (timeline, position, part),
    FOREIGN KEY (timeline, position) REFERENCES model_snapshot ON DELETE CASCADE
);
