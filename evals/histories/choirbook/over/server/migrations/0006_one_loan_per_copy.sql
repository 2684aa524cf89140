-- CHO-11: whatever the service does, a copy is out once.
CREATE UNIQUE INDEX copy_loan_out ON copy_loan (copy_number) WHERE returned_at IS NULL;
