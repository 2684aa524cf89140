CREATE TABLE shop (
    id serial PRIMARY KEY,
    name text NOT NULL,
    mail text NOT NULL,
    portal_token text NOT NULL UNIQUE
);
CREATE TABLE shop_order (
    id serial PRIMARY KEY,
    shop_id integer NOT NULL REFERENCES shop,
    wanted_on date NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'picked', 'sent', 'cancelled')),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE order_line (
    id serial PRIMARY KEY,
    order_id integer NOT NULL REFERENCES shop_order,
    sort text NOT NULL,
    wheels integer NOT NULL CHECK (wheels > 0),
    price_rappen integer,
    cancelled_at timestamptz
);
CREATE TABLE allocation (
    line_id integer NOT NULL REFERENCES order_line,
    wheel_id integer NOT NULL UNIQUE REFERENCES wheel,
    grams_sent integer,
    PRIMARY KEY (line_id, wheel_id)
);
