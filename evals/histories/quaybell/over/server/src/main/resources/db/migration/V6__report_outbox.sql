create table report_outbox (
    id bigserial primary key,
    kind text not null,
    body jsonb not null,
    created_at timestamptz not null default now(),
    attempts integer not null default 0,
    last_error text,
    sent_at timestamptz
);
