-- Who sings, and when.
CREATE TABLE singer (
    id        serial PRIMARY KEY,
    name      text NOT NULL,
    voice     text NOT NULL CHECK (voice ~ '^[SATB][12]$'),
    mail      text,
    joined_on date NOT NULL,
    left_on   date
);

CREATE TABLE rehearsal (
    id                 serial PRIMARY KEY,
    starts_at          timestamptz NOT NULL,
    place              text NOT NULL,
    called_off_at      timestamptz,
    called_off_because text
);
