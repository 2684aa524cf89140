CREATE TABLE keeper (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    full_name     text NOT NULL,
    mail          text,
    mobile_number text
);

CREATE TABLE patient (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name        text NOT NULL,
    species     text NOT NULL,
    keeper_id   bigint NOT NULL REFERENCES keeper,
    chip_number text
);

CREATE TABLE room (
    id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE
);

CREATE TABLE vet (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    short_name text NOT NULL UNIQUE
);

CREATE TABLE appointment (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    patient_id bigint NOT NULL REFERENCES patient,
    vet_id     bigint NOT NULL REFERENCES vet,
    room_id    bigint NOT NULL REFERENCES room,
    starts_at  timestamptz NOT NULL,
    ends_at    timestamptz NOT NULL,
    state      text NOT NULL DEFAULT 'BOOKED',
    reason     text,
    CHECK (ends_at > starts_at)
);

CREATE INDEX appointment_by_day ON appointment (starts_at);
