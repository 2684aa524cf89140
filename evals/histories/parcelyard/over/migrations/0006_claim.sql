-- Damaged and lost parcels.
CREATE TABLE claim (
    id BIGSERIAL PRIMARY KEY,
    barcode TEXT NOT NULL REFERENCES parcel (barcode),
    kind TEXT NOT NULL CHECK (kind IN ('damaged', 'lost')),
    state TEXT NOT NULL DEFAULT 'open',
    cents BIGINT NOT NULL,
    signed_by TEXT,
    refused_for TEXT
);

CREATE TABLE claim_photo (
    claim_id BIGINT NOT NULL REFERENCES claim (id),
    address TEXT NOT NULL
);
