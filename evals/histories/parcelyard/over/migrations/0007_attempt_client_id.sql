-- The phone names an attempt, so that sending it twice is one attempt (YARD-121).
ALTER TABLE delivery_attempt ADD COLUMN client_id TEXT;
CREATE UNIQUE INDEX delivery_attempt_client ON delivery_attempt (client_id);
