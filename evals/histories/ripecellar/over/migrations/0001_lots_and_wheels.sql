-- A lot is what the dairy made on one day in one vat; a wheel is one cheese of it.
CREATE TABLE person (
    id serial PRIMARY KEY,
    name text NOT NULL,
    role text NOT NULL CHECK (role IN ('hand', 'master', 'office')),
    pin_hash text NOT NULL UNIQUE
);
CREATE TABLE session (
    token text PRIMARY KEY,
    person_id integer NOT NULL REFERENCES person
);
CREATE TABLE lot (
    id serial PRIMARY KEY,
    code text NOT NULL UNIQUE,
    sort text NOT NULL,
    rind text NOT NULL CHECK (rind IN ('hard', 'washed', 'bloomy')),
    made_on date NOT NULL,
    ripe_from date NOT NULL,
    state text NOT NULL DEFAULT 'ripening'
);
CREATE TABLE wheel (
    id serial PRIMARY KEY,
    lot_id integer NOT NULL REFERENCES lot,
    serial integer NOT NULL,
    grams_in integer NOT NULL,
    grams_now integer NOT NULL,
    gone_at timestamptz,
    UNIQUE (lot_id, serial)
);
