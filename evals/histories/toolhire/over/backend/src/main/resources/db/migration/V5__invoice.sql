CREATE TABLE invoice (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hire_number text NOT NULL UNIQUE REFERENCES hire,
    customer_id bigint NOT NULL REFERENCES customer,
    month       text NOT NULL,
    cents       bigint NOT NULL,
    state       text NOT NULL
);
