-- What stands on the shelves, and with whom it is.
CREATE TABLE piece (
    id         serial PRIMARY KEY,
    title      text NOT NULL,
    composer   text NOT NULL,
    shelf_mark text NOT NULL
);

CREATE TABLE sheet_copy (
    number       integer PRIMARY KEY,
    piece_id     integer NOT NULL REFERENCES piece (id),
    withdrawn_at timestamptz
);

CREATE TABLE copy_loan (
    id          serial PRIMARY KEY,
    copy_number integer NOT NULL REFERENCES sheet_copy (number),
    singer_id   integer NOT NULL REFERENCES singer (id),
    lent_at     timestamptz NOT NULL,
    due_on      date NOT NULL,
    returned_at timestamptz
);

CREATE TABLE scan_page (
    piece_id     integer NOT NULL REFERENCES piece (id),
    page         integer NOT NULL,
    file         text NOT NULL,
    rights_until date,
    PRIMARY KEY (piece_id, page)
);
