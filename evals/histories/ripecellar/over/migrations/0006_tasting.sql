CREATE TABLE tasting (
    id serial PRIMARY KEY,
    lot_id integer NOT NULL REFERENCES lot,
    grade char(1) NOT NULL CHECK (grade IN ('A', 'B', 'C')),
    remark text NOT NULL DEFAULT '',
    taster integer NOT NULL REFERENCES person,
    second_taster integer REFERENCES person,
    tasted_on date NOT NULL
);
