-- A row only for what somebody said or saw; no row means expected.
CREATE TABLE attendance_mark (
    rehearsal_id integer NOT NULL REFERENCES rehearsal (id),
    singer_id    integer NOT NULL REFERENCES singer (id),
    state        text NOT NULL CHECK (state IN ('AWAY', 'PRESENT')),
    reason       text,
    marked_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (rehearsal_id, singer_id)
);
