CREATE TABLE roster_shift (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    vet_id    bigint NOT NULL REFERENCES vet,
    room_id   bigint NOT NULL REFERENCES room,
    on_day    date NOT NULL,
    from_time time NOT NULL,
    to_time   time NOT NULL,
    UNIQUE (vet_id, on_day, from_time)
);

CREATE TABLE absence (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    vet_id    bigint NOT NULL REFERENCES vet,
    first_day date NOT NULL,
    last_day  date NOT NULL
);
