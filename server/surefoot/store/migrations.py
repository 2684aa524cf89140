"""The schema, and the numbered steps that lead to later ones.

Invariant: a released step never changes; a new one is appended, and `user_version` counts the steps taken.
"""

from __future__ import annotations

import time

import apsw

from surefoot.store.connections import transaction

APPLICATION_ID = 0x53464954  # "SFIT": tells our databases from other people's

# `path`, `name`, ... may hold bytes where the text is not valid Unicode (see stored_text).
# What is not `settled` was read so shortly after its last change that only its hash tells whether it is the same.
# The full-text tables are contentless: they index text that `chunks` and `names` already hold, or text derived from it.
# `hashsize` lets a batch gather in memory before it is written; 8 segments merged at once instead of 4 make a cold run
# an eighth faster, and questions no slower. Scopes are answered from the index by place alone.
# Names are looked up here and nowhere else, so that a write makes no question wait: `folded` is what all case styles of
# a name share, `grams` are the runs of three letters of that, for what is misspelt or half remembered. It needs neither
# sizes nor positions, and what is deleted is told to it.
# `vectors` are by the id of their chunk, `vector_codes` in blocks of consecutive ids; the log says which changed when.
# `key` is a hash of what a row says, without its lines; `displaced` is what files had before they changed.
SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE tallies (name TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, source TEXT NOT NULL, language TEXT NOT NULL,
    size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, content_hash TEXT NOT NULL, embedded INTEGER NOT NULL,
    ctime_ns INTEGER NOT NULL, settled INTEGER NOT NULL);
CREATE INDEX files_not_embedded ON files (embedded) WHERE NOT embedded;
CREATE INDEX files_of_other_sources ON files (source) WHERE source NOT IN ('code', 'docs');
CREATE TABLE path_keys (key TEXT NOT NULL, path TEXT NOT NULL, PRIMARY KEY (key, path)) WITHOUT ROWID;
CREATE TABLE outcomes (path TEXT PRIMARY KEY, failed INTEGER NOT NULL, reason TEXT NOT NULL,
    size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, ctime_ns INTEGER NOT NULL, settled INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE symbols (
    id INTEGER PRIMARY KEY, file_id INTEGER NOT NULL, key INTEGER NOT NULL,
    start_line INTEGER NOT NULL, end_line INTEGER NOT NULL, name_line INTEGER NOT NULL,
    kind TEXT NOT NULL, name TEXT NOT NULL, name_id INTEGER NOT NULL,
    container TEXT NOT NULL, signature TEXT NOT NULL, doc TEXT NOT NULL);
CREATE INDEX symbols_by_name ON symbols (name_id);
CREATE INDEX symbols_by_file ON symbols (file_id);
CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT NOT NULL, folded TEXT NOT NULL);
CREATE INDEX names_by_fold ON names (folded);
CREATE VIRTUAL TABLE grams USING fts5 (
    padded, content='', columnsize=0, detail=none, tokenize='trigram case_sensitive 1');
INSERT INTO grams (grams, rank) VALUES ('hashsize', 33554432);
INSERT INTO grams (grams, rank) VALUES ('automerge', 8);
CREATE VIRTUAL TABLE gram_counts USING fts5vocab ('grams', 'row');
CREATE TABLE chunks (
    id INTEGER PRIMARY KEY, file_id INTEGER NOT NULL, key INTEGER NOT NULL,
    start_line INTEGER NOT NULL, end_line INTEGER NOT NULL,
    source TEXT NOT NULL, language TEXT NOT NULL, symbol TEXT NOT NULL, kind TEXT NOT NULL,
    signature TEXT NOT NULL, doc TEXT NOT NULL, text TEXT NOT NULL, file_line INTEGER NOT NULL);
CREATE INDEX chunks_by_place ON chunks (file_id, start_line, end_line, source, language);
CREATE TABLE links (
    chunk_id INTEGER NOT NULL, kind TEXT NOT NULL, target TEXT NOT NULL, line INTEGER NOT NULL, score REAL NOT NULL,
    PRIMARY KEY (chunk_id, kind, target)) WITHOUT ROWID;
CREATE INDEX links_by_target ON links (target, kind);
CREATE VIRTUAL TABLE words USING fts5 (
    path, name, signature, doc, body, content='', contentless_delete=1,
    tokenize="porter unicode61 remove_diacritics 2 tokenchars '_$'");
INSERT INTO words (words, rank) VALUES ('hashsize', 33554432);
INSERT INTO words (words, rank) VALUES ('automerge', 8);
CREATE VIRTUAL TABLE terms USING fts5vocab ('words', 'row');
CREATE TABLE vectors (id INTEGER PRIMARY KEY, vector BLOB NOT NULL);
CREATE TABLE vector_codes (block INTEGER PRIMARY KEY, present INTEGER NOT NULL, codes BLOB NOT NULL);
CREATE TABLE vector_changes (id INTEGER PRIMARY KEY, generation INTEGER NOT NULL, block INTEGER NOT NULL);
CREATE TABLE vector_cache (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, vector BLOB NOT NULL);
CREATE TABLE displaced (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL, content_hash TEXT NOT NULL,
    symbols BLOB NOT NULL, chunks BLOB NOT NULL, texts BLOB NOT NULL, UNIQUE (path, content_hash));
"""

# Older databases are made anew: they cannot give space back to the disk, and have to be read again anyway.
OLDEST_KEPT = 4
STEPS: tuple[str, ...] = (  # from the schema on
    # What was said of definitions; `key` is of their lines too, so that it finds nothing once they change.
    """
CREATE TABLE explanations (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, path TEXT NOT NULL, content TEXT NOT NULL);
CREATE INDEX explanations_by_path ON explanations (path);
""",
)
NEWEST = OLDEST_KEPT + len(STEPS)


def version(connection: apsw.Connection) -> int:
    """How many steps this database has behind it."""
    return int(connection.pragma("user_version"))


def migrate(connection: apsw.Connection) -> None:
    """Make the schema in an empty database, or take the missing steps; all or none."""
    with transaction(connection):
        taken = version(connection)
        for step in STEPS[max(0, taken - OLDEST_KEPT) :] if taken else (SCHEMA, *STEPS):
            connection.execute(step)
        if taken == 0:
            # Starting from the clock keeps generations rising across a rebuild of the file.
            connection.execute("INSERT INTO meta VALUES ('generation', ?)", (time.time_ns() // 1_000_000,))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {NEWEST}")
