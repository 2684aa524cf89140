-- A token is what the link in a message ends in. Rows are swept with their appointment.
CREATE TABLE reminder_log (
    token          text PRIMARY KEY,
    appointment_id bigint NOT NULL REFERENCES appointment ON DELETE CASCADE,
    sent_at        timestamptz NOT NULL
);
