CREATE TABLE concert (
    id    serial PRIMARY KEY,
    title text NOT NULL,
    day   date NOT NULL
);

CREATE TABLE programme_item (
    id         serial PRIMARY KEY,
    concert_id integer NOT NULL REFERENCES concert (id),
    position   integer NOT NULL,
    piece_id   integer NOT NULL REFERENCES piece (id),
    encore     boolean NOT NULL DEFAULT false,
    UNIQUE (concert_id, position)
);

CREATE TABLE seat_assignment (
    rehearsal_id integer NOT NULL REFERENCES rehearsal (id),
    singer_id    integer NOT NULL REFERENCES singer (id),
    row          integer NOT NULL,
    place        integer NOT NULL,
    PRIMARY KEY (rehearsal_id, singer_id)
);
