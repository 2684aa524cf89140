-- Large claims are signed twice, by two people (YARD-145).
CREATE TABLE claim_signature (
    claim_id BIGINT NOT NULL REFERENCES claim (id),
    badge TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL DEFAULT now(),
    PRIMARY KEY (claim_id, badge)
);
