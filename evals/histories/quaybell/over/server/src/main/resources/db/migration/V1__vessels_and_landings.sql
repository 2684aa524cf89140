create table vessel (
    callsign text primary key,
    name text not null,
    account text
);

-- Weights are net, in grams: what the scale says without the crates.
create table landing (
    id bigserial primary key,
    vessel text not null references vessel,
    species char(3) not null,
    grade text not null check (grade in ('EXTRA', 'A', 'B', 'MEAL')),
    crates integer not null check (crates > 0),
    net_grams integer not null check (net_grams > 0),
    weighed_at timestamptz not null,
    voided_at timestamptz
);
create index landing_weighed_at on landing (weighed_at);
