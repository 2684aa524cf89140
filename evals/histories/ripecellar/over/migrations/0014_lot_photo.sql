ALTER TABLE lot ADD COLUMN photo bytea;
