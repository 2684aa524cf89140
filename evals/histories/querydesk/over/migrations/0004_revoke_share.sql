-- Owners can take a link back (#231).
ALTER TABLE result_share ADD COLUMN revoked_at TIMESTAMPTZ;
