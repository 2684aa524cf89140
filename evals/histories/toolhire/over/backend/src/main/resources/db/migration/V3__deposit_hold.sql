-- Money that is kept on a card while a machine is out.
CREATE TABLE deposit_hold (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hire_number    text NOT NULL REFERENCES hire,
    reference      text NOT NULL,
    cents          bigint NOT NULL,
    captured_cents bigint NOT NULL DEFAULT 0,
    lapses_at      timestamptz NOT NULL,
    ended_at       timestamptz
);
