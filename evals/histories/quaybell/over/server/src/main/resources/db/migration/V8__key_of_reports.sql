alter table report_outbox add column report_key uuid not null default gen_random_uuid();
create unique index report_outbox_key on report_outbox (report_key);
