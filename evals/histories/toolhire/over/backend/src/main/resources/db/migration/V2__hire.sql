CREATE TABLE customer (
    id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    card text NOT NULL -- the processor's token
);

CREATE SEQUENCE hire_number START 1000;

CREATE TABLE hire (
    number      text PRIMARY KEY,
    machine_tag text NOT NULL REFERENCES machine,
    customer_id bigint NOT NULL REFERENCES customer,
    starts_at   timestamptz NOT NULL,
    ends_at     timestamptz NOT NULL,
    returned_at timestamptz,
    state       text NOT NULL
);
