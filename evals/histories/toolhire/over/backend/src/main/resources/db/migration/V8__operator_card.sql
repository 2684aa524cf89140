CREATE TABLE operator_card (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id  bigint NOT NULL REFERENCES customer,
    machine_kind text NOT NULL,
    card_number  text NOT NULL,
    valid_until  date NOT NULL
);
