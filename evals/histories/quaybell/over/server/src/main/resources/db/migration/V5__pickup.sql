create table pickup (
    sale_id bigint primary key references sale,
    paddle integer not null,
    gate_code text not null,
    bay integer,
    sealed_at timestamptz,
    gone_at timestamptz
);
create unique index pickup_code_in_use on pickup (gate_code) where gone_at is null;
