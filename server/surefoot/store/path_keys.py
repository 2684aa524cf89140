"""Finding indexed files by what people call them: the file's name, its stem, its ending, a folder above it.

Invariant: functions of a connection; the caller owns the transaction. A key has no slash unless it is an ending, so
that no file's name is taken for one.
"""

# ruff: noqa: S608 - statements are put together from names in this file, values are bound
from __future__ import annotations

import apsw

from surefoot.domain import is_commit
from surefoot.store.rows import rows, value
from surefoot.store.stored_text import IS_BELOW, below, loaded, stored

NO_LIMIT = -1


def put(connection: apsw.Connection, path: str) -> None:
    """Make the file findable; a known one stays as it is. A commit is none, and not called by its path."""
    if is_commit(path):
        return
    connection.executemany(
        "INSERT OR IGNORE INTO path_keys (key, path) VALUES (?, ?)",
        [(stored(key), stored(path)) for key in _keys(path)],
    )


def remove(connection: apsw.Connection, path: str) -> None:
    """Forget the file."""
    connection.executemany(
        "DELETE FROM path_keys WHERE key = ? AND path = ?", [(stored(key), stored(path)) for key in _keys(path)]
    )


def named(connection: apsw.Connection, name: str, limit: int = NO_LIMIT) -> list[str]:
    """The files with this name or stem, in any letter case, sorted."""
    if "/" in name:
        return []
    statement = "SELECT path FROM path_keys WHERE key = ? ORDER BY path LIMIT ?"
    return [loaded(path) for (path,) in rows(connection, statement, (stored(name.lower()), limit))]


def any_ending(connection: apsw.Connection, ending: str) -> bool:
    """Whether a file has this ending, `.py` or the like, in any letter case."""
    key = stored(f"/{ending.lower()}")
    return bool(value(connection, "SELECT EXISTS (SELECT 1 FROM path_keys WHERE key = ?)", (key,)))


def any_below(connection: apsw.Connection, folder: str) -> bool:
    """Whether a file is in this folder or in one below it."""
    return bool(value(connection, f"SELECT EXISTS (SELECT 1 FROM files WHERE {IS_BELOW})", below(folder)))


def _keys(path: str) -> set[str]:
    name = path.rpartition("/")[2].lower()
    stem, dot, ending = name.rpartition(".")
    return {name, stem or name} | ({f"/.{ending}"} if dot else set())
