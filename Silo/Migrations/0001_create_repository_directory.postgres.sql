-- Which repositories there are, and where each has its replicas. What a replica holds is the node's word, what a
-- repository's newest version is its grain's; neither is repeated here. Texts order by bytes, as in SQLite: pages are
-- cut by them.
CREATE TABLE repository (
    id              text COLLATE "C" NOT NULL PRIMARY KEY,
    virtual_storage text COLLATE "C" NOT NULL,
    path            text COLLATE "C" NOT NULL,
    default_branch  text             NOT NULL,
    created_at      timestamptz      NOT NULL,
    state           text             NOT NULL CHECK (state IN ('creating', 'active', 'deleting'))
);

-- A deletion gives the path free as soon as it is decided, long before the last node has carried it out.
CREATE UNIQUE INDEX repository_by_path ON repository (virtual_storage, path) WHERE state <> 'deleting';

-- The reconciler's work list; empty most of the time.
CREATE INDEX repository_unsettled ON repository (id) WHERE state <> 'active';

CREATE TABLE repository_node (
    repository_id text COLLATE "C" NOT NULL REFERENCES repository (id) ON DELETE CASCADE,
    ordinal       integer          NOT NULL,
    node          text COLLATE "C" NOT NULL,
    PRIMARY KEY (repository_id, ordinal)
);

CREATE INDEX repository_node_by_node ON repository_node (node, repository_id);
