create table settlement (
    id bigserial primary key,
    vessel text not null references vessel,
    day date not null,
    gross_ore bigint not null,
    fee_ore bigint not null,
    paid boolean not null default false,
    constraint settlement_vessel_day_key unique (vessel, day)
);
