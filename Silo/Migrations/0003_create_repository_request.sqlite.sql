-- Which creation an Idempotency-Key stands for, so that a client that got no answer may ask again.
CREATE TABLE repository_request (
    idempotency_key TEXT NOT NULL PRIMARY KEY,
    repository_id   TEXT NOT NULL,
    content         TEXT NOT NULL,
    created_at      TEXT NOT NULL
) WITHOUT ROWID;

CREATE INDEX repository_request_by_time ON repository_request (created_at);
