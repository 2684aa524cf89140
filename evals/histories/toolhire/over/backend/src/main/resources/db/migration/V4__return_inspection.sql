CREATE TABLE return_inspection (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hire_number  text NOT NULL UNIQUE REFERENCES hire,
    seen_at      timestamptz NOT NULL,
    hours        integer NOT NULL,
    dirty        boolean NOT NULL,
    damaged      boolean NOT NULL,
    damage       text,
    damage_cents bigint
);
