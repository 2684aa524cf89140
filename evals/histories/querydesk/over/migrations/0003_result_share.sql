-- Links to results, see docs/adr/0003-links-expire.md.
CREATE TABLE result_share (
    token TEXT PRIMARY KEY,
    run_id BIGINT NOT NULL REFERENCES query_run (id),
    expires_at TIMESTAMPTZ NOT NULL
);
