alter table lot add column pulled_by text;
