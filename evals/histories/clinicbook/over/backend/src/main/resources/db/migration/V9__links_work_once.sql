ALTER TABLE reminder_log ADD COLUMN answered_at timestamptz;
