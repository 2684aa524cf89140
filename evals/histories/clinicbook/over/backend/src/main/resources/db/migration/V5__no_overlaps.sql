-- ADR 5: the database refuses two appointments that share a room or a vet.
CREATE EXTENSION IF NOT EXISTS btree_gist;

ALTER TABLE appointment
    ADD CONSTRAINT room_is_free EXCLUDE USING gist (room_id WITH =, tstzrange(starts_at, ends_at) WITH &&)
        WHERE (state NOT IN ('CANCELLED', 'MISSED')),
    ADD CONSTRAINT vet_is_free EXCLUDE USING gist (vet_id WITH =, tstzrange(starts_at, ends_at) WITH &&)
        WHERE (state NOT IN ('CANCELLED', 'MISSED'));
