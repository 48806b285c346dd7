-- Which creation an Idempotency-Key stands for, so that a client that got no answer may ask again.
CREATE TABLE repository_request (
    idempotency_key text COLLATE "C" NOT NULL PRIMARY KEY,
    repository_id   text             NOT NULL,
    content         text             NOT NULL,
    created_at      timestamptz      NOT NULL
);

CREATE INDEX repository_request_by_time ON repository_request (created_at);
