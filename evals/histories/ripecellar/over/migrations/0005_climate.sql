CREATE TABLE climate_reading (
    room text NOT NULL,
    probe text NOT NULL,
    taken_at timestamptz NOT NULL,
    celsius numeric(4, 1) NOT NULL,
    humidity numeric(4, 1) NOT NULL,
    PRIMARY KEY (probe, taken_at)
);
CREATE TABLE climate_alarm (
    id serial PRIMARY KEY,
    room text NOT NULL,
    what text NOT NULL CHECK (what IN ('celsius', 'humidity')),
    opened_at timestamptz NOT NULL DEFAULT now(),
    closed_at timestamptz,
    seen_by integer REFERENCES person
);
