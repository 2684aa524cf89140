CREATE TABLE mail_sent (
    occasion  text NOT NULL,
    singer_id integer NOT NULL REFERENCES singer (id),
    sent_at   timestamptz NOT NULL,
    PRIMARY KEY (occasion, singer_id)
);
