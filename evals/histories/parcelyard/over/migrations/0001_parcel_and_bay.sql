-- What lies in the depot, and where.
CREATE TABLE bay (
    id TEXT PRIMARY KEY,           -- aisle and number, as on the sign: "C12"
    zone TEXT NOT NULL,
    litres INTEGER NOT NULL,
    closed_for TEXT                -- why it takes nothing, or NULL
);

CREATE TABLE parcel (
    barcode TEXT PRIMARY KEY,
    zone TEXT NOT NULL,
    litres INTEGER NOT NULL,
    grams INTEGER NOT NULL,
    recipient TEXT NOT NULL,
    phone TEXT NOT NULL,
    bay_id TEXT REFERENCES bay (id),
    state TEXT NOT NULL,
    scanned_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE INDEX parcel_kept ON parcel (scanned_at) WHERE state = 'in bay';

CREATE TABLE parcel_event (
    id BIGSERIAL PRIMARY KEY,
    barcode TEXT NOT NULL REFERENCES parcel (barcode),
    what TEXT NOT NULL,
    who TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL DEFAULT now()
);
