"""Finding out whether a database can be used, and getting one that cannot out of the way.

Invariant: nothing is deleted that could be a person's; an unusable file is moved aside, and the newest few are kept.
"""

# ruff: noqa: S608 - statements are put together from names in this file, values are bound
from __future__ import annotations

import contextlib
import re
from enum import Enum
from pathlib import Path

import apsw

from surefoot.store import migrations
from surefoot.store.connections import connect
from surefoot.store.faults import damage_mark, display_name, is_damage

KEPT_ASIDE = 2  # databases moved aside are for looking into what happened, and can be as large as the index
HEADER_BYTES = 100
COMPANIONS = ("", "-wal", "-shm")

# Reading the schema and a row at either end of each table touches every root page and some leaves. A quick_check of
# the whole file takes one to two seconds per 150 MB, which every command would pay; damage that this does not see is
# found by the query that meets it, and marked for the next opening.
PROBES = (
    "SELECT count(*) FROM sqlite_schema",
    "SELECT count(*) FROM meta",
    *(
        f"SELECT * FROM {table} WHERE {key} IN ((SELECT min({key}) FROM {table}), (SELECT max({key}) FROM {table}))"
        for table, key in (
            ("files", "id"),
            ("symbols", "id"),
            ("chunks", "id"),
            ("names", "id"),
            ("words_data", "id"),
            ("words_docsize", "id"),
            ("grams_data", "id"),
            ("vectors", "id"),
            ("vector_codes", "block"),
            ("vector_cache", "id"),
        )
    ),
    "SELECT max(name_id) FROM symbols",
    "SELECT max(file_id) FROM chunks",
    "SELECT max(key) FROM vector_cache",
)


class State(Enum):
    """What stands at the location of a database."""

    ABSENT = "absent"
    OLDER = "older"
    OUTGROWN = "outgrown"
    CURRENT = "current"
    NEWER = "newer"
    DAMAGED = "damaged"


def examine(location: Path) -> State:
    """Look at the database without changing it."""
    if not location.exists() or location.stat().st_size == 0:
        return State.ABSENT
    if damage_mark(location).exists():
        return State.DAMAGED
    try:
        with contextlib.closing(connect(location)) as connection:
            return _examine(connection, location)
    except apsw.Error as error:
        if is_damage(error):
            return State.DAMAGED
        raise


def move_aside(location: Path, state: State) -> str:
    """Rename the file and its companions; returns the sentence that says so."""
    number = 1 + max((n for n, _ in _aside(location)), default=0)
    for suffix in COMPANIONS:
        found = location.with_name(location.name + suffix)
        with contextlib.suppress(FileNotFoundError):
            found.rename(location.with_name(f"{location.name}.damaged-{number}{suffix}"))
    damage_mark(location).unlink(missing_ok=True)
    for old, path in _aside(location):
        if old <= number - KEPT_ASIDE:
            path.unlink(missing_ok=True)
    what = "was written by a newer Surefoot" if state is State.NEWER else "was damaged"
    return f"The index of {display_name(location)} {what}; it was moved aside and will be rebuilt."


def start_anew(location: Path) -> str:
    """Delete the file, from which nothing would be taken over; returns the sentence that says so."""
    for suffix in COMPANIONS:
        location.with_name(location.name + suffix).unlink(missing_ok=True)
    return f"The index of {display_name(location)} was made by another version of Surefoot; its files are read again."


def _examine(connection: apsw.Connection, location: Path) -> State:
    found = migrations.version(connection)
    ours = connection.pragma("application_id") == migrations.APPLICATION_ID
    if not ours:
        # A file that was created and never migrated is empty; another program's file is not ours to fill.
        empty = connection.execute("SELECT count(*) FROM sqlite_schema").fetchall() == [(0,)]
        return State.ABSENT if empty and found == 0 else State.DAMAGED
    if found < migrations.OLDEST_KEPT:
        return State.OUTGROWN
    if found > migrations.NEWEST:
        return State.NEWER
    if found < migrations.NEWEST:
        return State.OLDER
    if _is_truncated(connection, location):
        return State.DAMAGED
    for probe in PROBES:
        connection.execute(probe).fetchall()
    return State.CURRENT


def _is_truncated(connection: apsw.Connection, location: Path) -> bool:
    with location.open("rb") as file:
        header = file.read(HEADER_BYTES)
    recorded = int.from_bytes(header[28:32], "big")  # pages at the last checkpoint: later ones are in the log
    log = location.with_name(location.name + "-wal")
    if log.exists() and log.stat().st_size:
        return False
    return location.stat().st_size < recorded * int(connection.pragma("page_size"))


def _aside(location: Path) -> list[tuple[int, Path]]:
    pattern = re.compile(re.escape(location.name) + r"\.damaged-(\d+)(-wal|-shm)?")
    matches = ((pattern.fullmatch(path.name), path) for path in location.parent.iterdir())
    return [(int(match[1]), path) for match, path in matches if match]
