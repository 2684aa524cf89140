-- Messages to recipients, see docs/adr/0001-one-database-no-broker.md.
CREATE TABLE outbox_message (
    id BIGSERIAL PRIMARY KEY,
    barcode TEXT NOT NULL REFERENCES parcel (barcode),
    phone TEXT NOT NULL,
    text TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    next_try TIMESTAMPTZ NOT NULL DEFAULT now(),
    sent_at TIMESTAMPTZ
);
