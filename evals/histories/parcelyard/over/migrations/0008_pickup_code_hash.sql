-- Codes cannot be read in a dump any more (YARD-130). Those that were sent before are lost: send new ones.
ALTER TABLE pickup_code ADD COLUMN code_hash BYTEA;
DELETE FROM pickup_code;
ALTER TABLE pickup_code ALTER COLUMN code_hash SET NOT NULL;
ALTER TABLE pickup_code DROP COLUMN code;
