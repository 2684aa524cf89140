CREATE TABLE waiting_list (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    patient_id bigint NOT NULL REFERENCES patient,
    urgency    integer NOT NULL DEFAULT 3,
    reason     text,
    joined_at  timestamptz NOT NULL,
    served_at  timestamptz
);

CREATE TABLE slot_offer (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    entry_id   bigint NOT NULL REFERENCES waiting_list,
    vet_id     bigint NOT NULL REFERENCES vet,
    room_id    bigint NOT NULL REFERENCES room,
    starts_at  timestamptz NOT NULL,
    ends_at    timestamptz NOT NULL,
    held_until timestamptz NOT NULL,
    state      text NOT NULL DEFAULT 'OPEN'
);
