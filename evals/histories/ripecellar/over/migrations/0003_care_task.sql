CREATE TABLE care_task (
    id serial PRIMARY KEY,
    lot_id integer NOT NULL REFERENCES lot,
    kind text NOT NULL CHECK (kind IN ('turn', 'brush')),
    due_on date NOT NULL,
    done_at timestamptz,
    done_by integer REFERENCES person
);
CREATE INDEX care_task_due ON care_task (due_on) WHERE done_at IS NULL;
