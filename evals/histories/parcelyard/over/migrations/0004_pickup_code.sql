-- The counter: what people type, and what they showed.
CREATE TABLE pickup_code (
    barcode TEXT PRIMARY KEY REFERENCES parcel (barcode),
    code TEXT NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ
);

CREATE TABLE handover_log (
    id BIGSERIAL PRIMARY KEY,
    barcode TEXT NOT NULL REFERENCES parcel (barcode),
    document TEXT NOT NULL,
    clerk TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL DEFAULT now()
);
