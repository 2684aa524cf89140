-- Two people at two counters cannot have the same machine.
CREATE EXTENSION IF NOT EXISTS btree_gist;

ALTER TABLE hire ADD CONSTRAINT hire_no_overlap
    EXCLUDE USING gist (machine_tag WITH =, tstzrange(starts_at, ends_at) WITH &&)
    WHERE (state IN ('BOOKED', 'OUT'));
