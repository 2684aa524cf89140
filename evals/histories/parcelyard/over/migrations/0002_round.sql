-- What couriers drive. "round" is a function of SQL, hence the longer name.
CREATE TABLE delivery_round (
    id BIGSERIAL PRIMARY KEY,
    courier TEXT NOT NULL,
    day DATE NOT NULL,
    departed_at TIMESTAMPTZ
);

CREATE TABLE round_stop (
    round_id BIGINT NOT NULL REFERENCES delivery_round (id),
    position INTEGER NOT NULL,
    barcode TEXT NOT NULL REFERENCES parcel (barcode),
    PRIMARY KEY (round_id, position)
);
