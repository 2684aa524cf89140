CREATE TABLE recall_notice (
    id serial PRIMARY KEY,
    lot_id integer NOT NULL REFERENCES lot,
    shop_id integer NOT NULL REFERENCES shop,
    reason text NOT NULL,
    sent_at timestamptz,
    confirmed_at timestamptz,
    UNIQUE (lot_id, shop_id)
);
