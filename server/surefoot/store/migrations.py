"""The schema, as the numbered steps that lead to it.

Invariant: a released step never changes; a new one is appended, and `user_version` counts the steps taken.
"""

from __future__ import annotations

import time

import apsw

from surefoot.store.connections import transaction

APPLICATION_ID = 0x53464954  # "SFIT": tells our databases from other people's

# `names` holds each distinct symbol name and path once, so that the trigrams stay few.
# `path`, `name`, ... may hold bytes where the text is not valid Unicode (see stored_text).
# The full-text tables are contentless: they index text that `chunks` already holds, or text derived from it.
# `hashsize` lets a batch of 200 files gather in memory before it is written; 8 segments merged at once instead of 4
# make a cold run an eighth faster, and questions no slower. Scopes are answered from the index by place alone.
FIRST = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE files (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, source TEXT NOT NULL, language TEXT NOT NULL,
    size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, content_hash TEXT NOT NULL, embedded INTEGER NOT NULL);
CREATE INDEX files_not_embedded ON files (embedded) WHERE NOT embedded;
CREATE TABLE outcomes (path TEXT PRIMARY KEY, failed INTEGER NOT NULL, reason TEXT NOT NULL,
    size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE symbols (
    id INTEGER PRIMARY KEY, file_id INTEGER NOT NULL, start_line INTEGER NOT NULL, end_line INTEGER NOT NULL,
    name_line INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL,
    container TEXT NOT NULL, signature TEXT NOT NULL, doc TEXT NOT NULL);
CREATE INDEX symbols_by_name ON symbols (folded);
CREATE INDEX symbols_by_file ON symbols (file_id);
CREATE TABLE chunks (
    id INTEGER PRIMARY KEY, file_id INTEGER NOT NULL, start_line INTEGER NOT NULL, end_line INTEGER NOT NULL,
    source TEXT NOT NULL, language TEXT NOT NULL, symbol TEXT NOT NULL, kind TEXT NOT NULL,
    signature TEXT NOT NULL, doc TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX chunks_by_place ON chunks (file_id, start_line, end_line, source, language);
CREATE VIRTUAL TABLE words USING fts5 (
    path, name, signature, doc, body, content='', contentless_delete=1,
    tokenize="porter unicode61 remove_diacritics 2 tokenchars '_$'");
INSERT INTO words (words, rank) VALUES ('hashsize', 33554432);
INSERT INTO words (words, rank) VALUES ('automerge', 8);
CREATE VIRTUAL TABLE terms USING fts5vocab ('words', 'row');
CREATE TABLE names (id INTEGER PRIMARY KEY, is_path INTEGER NOT NULL, name TEXT NOT NULL, UNIQUE (is_path, name));
CREATE VIRTUAL TABLE fragments USING fts5 (
    name, content='', contentless_delete=1, tokenize='trigram');
CREATE TABLE vector_cache (
    id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, used INTEGER NOT NULL, vector BLOB NOT NULL);
"""

SECOND = """
-- Stamps with the time of the last change of any kind, and whether they can be trusted. What was indexed before has
-- none, so that each file is read once more and its hash compared.
ALTER TABLE files ADD COLUMN ctime_ns INTEGER NOT NULL DEFAULT 0;
ALTER TABLE files ADD COLUMN settled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outcomes ADD COLUMN ctime_ns INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outcomes ADD COLUMN settled INTEGER NOT NULL DEFAULT 0;
-- Names are looked up here and nowhere else, so that a write makes no question wait. `folded` is what all case styles
-- of a name share. `grams` are the runs of three letters of that, for what is misspelt or half remembered: it needs
-- neither sizes nor positions, and what is deleted is told to it. Symbols have the rows of their names; only reading
-- the files again can tell these, and which keys the files are found by.
DROP TABLE fragments;
DROP TABLE names;
DROP TABLE symbols;
CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT NOT NULL, folded TEXT NOT NULL);
CREATE INDEX names_by_fold ON names (folded);
CREATE VIRTUAL TABLE grams USING fts5 (
    padded, content='', columnsize=0, detail=none, tokenize='trigram case_sensitive 1');
INSERT INTO grams (grams, rank) VALUES ('hashsize', 33554432);
INSERT INTO grams (grams, rank) VALUES ('automerge', 8);
CREATE VIRTUAL TABLE gram_counts USING fts5vocab ('grams', 'row');
CREATE TABLE symbols (
    id INTEGER PRIMARY KEY, file_id INTEGER NOT NULL, start_line INTEGER NOT NULL, end_line INTEGER NOT NULL,
    name_line INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, name_id INTEGER NOT NULL,
    container TEXT NOT NULL, signature TEXT NOT NULL, doc TEXT NOT NULL);
CREATE INDEX symbols_by_name ON symbols (name_id);
CREATE INDEX symbols_by_file ON symbols (file_id);
CREATE TABLE path_keys (key TEXT NOT NULL, path TEXT NOT NULL, PRIMARY KEY (key, path)) WITHOUT ROWID;
CREATE TABLE tallies (name TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO tallies SELECT 'chunks', count(*) FROM chunks;
INSERT INTO tallies SELECT 'language.' || language, count(*) FROM files GROUP BY language;
UPDATE files SET size = -1, content_hash = '';
DELETE FROM outcomes;
-- Vectors by the id of their chunk, their codes in blocks of consecutive ids, and which blocks changed when.
CREATE TABLE vectors (id INTEGER PRIMARY KEY, vector BLOB NOT NULL);
CREATE TABLE vector_codes (block INTEGER PRIMARY KEY, present INTEGER NOT NULL, codes BLOB NOT NULL);
CREATE TABLE vector_changes (id INTEGER PRIMARY KEY, generation INTEGER NOT NULL, block INTEGER NOT NULL);
-- What was made of files before they changed.
CREATE TABLE displaced (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL, content_hash TEXT NOT NULL, record BLOB NOT NULL,
    UNIQUE (path, content_hash));
"""

STEPS = (FIRST, SECOND)
NEWEST = len(STEPS)
# Databases of one step cannot give back space to the disk, and all that they hold has to be read again anyway.
OLDEST_KEPT = 2


def version(connection: apsw.Connection) -> int:
    """How many steps this database has behind it."""
    return int(connection.pragma("user_version"))


def migrate(connection: apsw.Connection) -> None:
    """Take the missing steps, all or none."""
    with transaction(connection):
        taken = version(connection)
        for step in STEPS[taken:]:
            connection.execute(step)
        if taken == 0:
            # Starting from the clock keeps generations rising across a rebuild of the file.
            connection.execute("INSERT INTO meta VALUES ('generation', ?)", (time.time_ns() // 1_000_000,))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {NEWEST}")
