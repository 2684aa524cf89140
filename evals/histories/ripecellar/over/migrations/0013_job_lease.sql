-- A job whose worker died is taken up again. #45
ALTER TABLE job ADD COLUMN leased_until timestamptz;
ALTER TABLE job ADD COLUMN tries integer NOT NULL DEFAULT 0;
