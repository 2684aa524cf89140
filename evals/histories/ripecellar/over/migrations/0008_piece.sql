-- Wheels that were cut: which piece went where.
CREATE TABLE piece (
    id serial PRIMARY KEY,
    wheel_id integer NOT NULL REFERENCES wheel,
    shop_id integer NOT NULL REFERENCES shop,
    grams integer NOT NULL,
    cut_at timestamptz NOT NULL DEFAULT now()
);
