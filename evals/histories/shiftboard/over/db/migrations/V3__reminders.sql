-- When somebody was told of a shift; NULL is not yet.
ALTER TABLE assignment ADD COLUMN reminded_at TIMESTAMPTZ;
