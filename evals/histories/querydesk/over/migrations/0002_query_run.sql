-- Every run, also those that failed: the quota counts them.
CREATE TABLE query_run (
    id BIGSERIAL PRIMARY KEY,
    query_id BIGINT NOT NULL REFERENCES saved_query (id),
    user_id BIGINT NOT NULL,
    row_count INTEGER NOT NULL,
    state TEXT NOT NULL,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE INDEX query_run_user_started ON query_run (user_id, started_at);
