-- What stands in the yards, and how long its engines have run.
CREATE TABLE machine (
    tag              text PRIMARY KEY,
    kind             text NOT NULL,
    model            text NOT NULL,
    yard             text NOT NULL,
    day_cents        bigint NOT NULL,
    deposit_cents    bigint NOT NULL,
    hours_at_service integer NOT NULL DEFAULT 0,
    lock_reason      text
);

CREATE TABLE meter_reading (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    machine_tag text NOT NULL REFERENCES machine,
    hours       integer NOT NULL,
    read_at     timestamptz NOT NULL,
    source      text NOT NULL
);

CREATE INDEX meter_reading_last ON meter_reading (machine_tag, read_at DESC);
