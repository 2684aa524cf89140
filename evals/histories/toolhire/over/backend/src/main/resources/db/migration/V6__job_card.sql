-- Work that the fitters have, one row for each visit of a machine.
CREATE TABLE job_card (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    machine_tag text NOT NULL REFERENCES machine,
    reason      text NOT NULL,
    opened_at   timestamptz NOT NULL,
    done_at     timestamptz
);
