CREATE TABLE shift (
    id BIGSERIAL PRIMARY KEY,
    ward TEXT NOT NULL,
    begins TIMESTAMPTZ NOT NULL,
    ends TIMESTAMPTZ NOT NULL,
    is_night BOOLEAN NOT NULL DEFAULT false
);

CREATE TABLE assignment (
    id BIGSERIAL PRIMARY KEY,
    shift_id BIGINT NOT NULL REFERENCES shift (id),
    person BIGINT NOT NULL,
    UNIQUE (shift_id, person)
);
