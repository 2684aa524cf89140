CREATE TABLE visit (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    appointment_id bigint NOT NULL REFERENCES appointment,
    patient_id     bigint NOT NULL REFERENCES patient,
    written_at     timestamptz NOT NULL,
    findings       text,
    weight_kg      integer
);
