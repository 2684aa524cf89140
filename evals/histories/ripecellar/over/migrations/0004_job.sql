-- The worker's list. ADR 1.
CREATE TABLE job (
    id bigserial PRIMARY KEY,
    task text NOT NULL,
    arguments jsonb NOT NULL DEFAULT '{}',
    run_after timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    finished_at timestamptz,
    error text
);
