create table buyer (
    paddle integer primary key,
    name text not null,
    limit_ore bigint not null,
    suspended boolean not null default false
);

-- One row, which is updated and locked and never deleted.
create table hall_clock (
    only_one boolean primary key default true check (only_one),
    lot_id bigint references lot,
    from_price integer,
    started_at timestamptz
);
insert into hall_clock default values;

create table sale (
    id bigserial primary key,
    lot_id bigint not null references lot,
    paddle integer not null references buyer,
    crates integer not null,
    grams integer not null,
    price_per_kilo integer not null,
    sold_at timestamptz not null,
    drawn_at timestamptz
);
create index sale_open on sale (paddle) where drawn_at is null;
