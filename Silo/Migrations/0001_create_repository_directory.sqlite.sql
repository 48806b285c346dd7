-- Which repositories there are, and where each has its replicas. What a replica holds is the node's word, what a
-- repository's newest version is its grain's; neither is repeated here.
CREATE TABLE repository (
    id              TEXT NOT NULL PRIMARY KEY,
    virtual_storage TEXT NOT NULL,
    path            TEXT NOT NULL,
    default_branch  TEXT NOT NULL,
    created_at      TEXT NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('creating', 'active', 'deleting'))
) WITHOUT ROWID;

-- A deletion gives the path free as soon as it is decided, long before the last node has carried it out.
CREATE UNIQUE INDEX repository_by_path ON repository (virtual_storage, path) WHERE state <> 'deleting';

-- The reconciler's work list; empty most of the time.
CREATE INDEX repository_unsettled ON repository (state, id) WHERE state <> 'active';

CREATE TABLE repository_node (
    repository_id TEXT    NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
    ordinal       INTEGER NOT NULL,
    node          TEXT    NOT NULL,
    PRIMARY KEY (repository_id, ordinal)
) WITHOUT ROWID;

CREATE INDEX repository_node_by_node ON repository_node (node, repository_id);
