CREATE TABLE rack (
    id serial PRIMARY KEY,
    room text NOT NULL,
    label text NOT NULL UNIQUE,
    boards integer NOT NULL
);
CREATE TABLE board_place (
    rack_id integer NOT NULL REFERENCES rack,
    board integer NOT NULL,
    place integer NOT NULL,
    wheel_id integer REFERENCES wheel,
    PRIMARY KEY (rack_id, board, place),
    CONSTRAINT board_place_wheel_key UNIQUE (wheel_id)
);
