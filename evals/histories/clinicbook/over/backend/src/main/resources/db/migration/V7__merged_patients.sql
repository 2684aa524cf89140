ALTER TABLE patient ADD COLUMN merged_into bigint REFERENCES patient;
