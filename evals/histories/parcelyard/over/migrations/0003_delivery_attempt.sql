-- A courier in front of a door, with or without somebody behind it.
CREATE TABLE delivery_attempt (
    id BIGSERIAL PRIMARY KEY,
    round_id BIGINT NOT NULL REFERENCES delivery_round (id),
    barcode TEXT NOT NULL REFERENCES parcel (barcode),
    outcome TEXT NOT NULL,
    tried_at TIMESTAMPTZ NOT NULL,
    photo TEXT
);
