create table lot (
    id bigserial primary key,
    landing_id bigint not null references landing,
    species char(3) not null,
    grade text not null,
    crates integer not null check (crates > 0),
    grams integer not null,
    reserve integer not null,
    round integer not null default 1,
    state text not null
);
create index lot_waiting on lot (landing_id) where state = 'WAITING';
