-- Food control reads it once a year, nobody ever updates it.
create table temperature_reading (
    lot_id bigint not null references lot,
    celsius numeric(4, 1) not null,
    read_at timestamptz not null,
    primary key (lot_id, read_at)
);
