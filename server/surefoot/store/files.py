"""Rows about files: what is indexed, what was left out, and the small facts about the database itself.

Invariant: functions of a connection; the caller owns the transaction.

No statement that writes has a RETURNING clause, here and in the other modules: it makes SQLite open a savepoint, at
which FTS5 writes out the words it has gathered so far, and a cold run takes half as long again.
"""

# ruff: noqa: S608 - statements are put together from names in this file, values are bound
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import apsw

from surefoot.domain import FailedFile, IndexedFile, SkippedFile, SkipReason, Source
from surefoot.store.rows import rows, value
from surefoot.store.stored_text import loaded, stored

CALLER = "caller."  # before the names of facts that callers record
COLUMNS = "path, source, language, size, mtime_ns, content_hash"


@dataclass(frozen=True, slots=True)
class StoreCounts:
    """How much one database holds. `languages` counts files, `bytes` what it takes on disk."""

    files: int
    symbols: int
    chunks: int
    languages: dict[str, int]
    bytes: int


def all_files(connection: apsw.Connection) -> dict[str, IndexedFile]:
    """Every indexed file by its path."""
    found = rows(connection, f"SELECT {COLUMNS} FROM files")
    return {file.path: file for file in map(_file, found)}


def find(connection: apsw.Connection, path: str) -> IndexedFile | None:
    """The file at the path, if it is indexed."""
    found = rows(connection, f"SELECT {COLUMNS} FROM files WHERE path = ?", (stored(path),))
    return _file(found[0]) if found else None


def find_id(connection: apsw.Connection, path: str) -> int | None:
    """The row of the file at the path, if it is indexed."""
    found: int | None = value(connection, "SELECT id FROM files WHERE path = ?", (stored(path),))
    return found


def put(connection: apsw.Connection, file: IndexedFile, file_id: int | None) -> int:
    """Record the file, embedded by the current embedder, in its row or a new one; returns the row."""
    facts = (stored(file.path), str(file.source), file.language, file.size, file.mtime_ns, file.content_hash)
    if file_id is None:
        connection.execute(f"INSERT INTO files ({COLUMNS}, embedded) VALUES (?, ?, ?, ?, ?, ?, 1)", facts)
        return connection.last_insert_rowid()
    connection.execute(
        f"UPDATE files SET ({COLUMNS}, embedded) = (?, ?, ?, ?, ?, ?, 1) WHERE id = ?", (*facts, file_id)
    )
    return file_id


def remove(connection: apsw.Connection, file_id: int) -> None:
    """Forget the file."""
    connection.execute("DELETE FROM files WHERE id = ?", (file_id,))


def set_times(connection: apsw.Connection, path: str, size: int, mtime_ns: int) -> None:
    """The file was touched and its content is the same."""
    connection.execute("UPDATE files SET size = ?, mtime_ns = ? WHERE path = ?", (size, mtime_ns, stored(path)))


def paths(connection: apsw.Connection) -> list[str]:
    """The paths of all indexed files, sorted."""
    return sorted(loaded(path) for (path,) in connection.execute("SELECT path FROM files"))


def outcomes(connection: apsw.Connection) -> tuple[tuple[SkippedFile, ...], tuple[FailedFile, ...]]:
    """The files that were left out, and those that could not be indexed."""
    found = rows(connection, "SELECT failed, path, reason, size, mtime_ns FROM outcomes ORDER BY path")
    skipped = tuple(
        SkippedFile(loaded(path), SkipReason(reason), size, mtime_ns)
        for failed, path, reason, size, mtime_ns in found
        if not failed
    )
    return skipped, tuple(FailedFile(loaded(path), loaded(reason)) for failed, path, reason, *_ in found if failed)


def put_outcomes(connection: apsw.Connection, found: Iterable[SkippedFile | FailedFile]) -> None:
    """Record why these files are not in the index."""
    connection.executemany("INSERT OR REPLACE INTO outcomes VALUES (?, ?, ?, ?, ?)", map(_outcome, found))


def remove_outcomes(connection: apsw.Connection, path: str | None = None) -> None:
    """Forget what was recorded about the path, or about all."""
    if path is None:
        connection.execute("DELETE FROM outcomes")
    else:
        connection.execute("DELETE FROM outcomes WHERE path = ?", (stored(path),))


def meta(connection: apsw.Connection, name: str) -> Any:
    """The fact recorded under the name, None if there is none."""
    return value(connection, "SELECT value FROM meta WHERE name = ?", (name,))


def set_meta(connection: apsw.Connection, name: str, fact: str | int) -> None:
    """Record a fact about the database."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, fact))


def caller_meta(connection: apsw.Connection, name: str) -> str | None:
    """What a caller recorded under the name; its names cannot collide with the store's own."""
    fact = meta(connection, CALLER + name)
    return None if fact is None else loaded(fact)


def set_caller_meta(connection: apsw.Connection, name: str, fact: str) -> None:
    """Record a fact of the caller's."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (CALLER + name, stored(fact)))


def mark_without_vectors(connection: apsw.Connection) -> None:
    """All files wait for vectors: the ones that there were have been dropped."""
    connection.execute("UPDATE files SET embedded = 0")


def mark_unread(connection: apsw.Connection) -> None:
    """All files look changed, in size and in content, and none is known to be left out."""
    connection.execute("UPDATE files SET size = -1, content_hash = ''")
    remove_outcomes(connection)


def any_without_vectors(connection: apsw.Connection) -> bool:
    """Whether a file waits for vectors of the current embedder."""
    return bool(value(connection, "SELECT EXISTS (SELECT 1 FROM files WHERE NOT embedded)"))


def counts(connection: apsw.Connection, size: int) -> StoreCounts:
    """How much there is; `size` is the size on disk."""
    by_language = rows(connection, "SELECT language, count(*) FROM files GROUP BY 1 ORDER BY 2 DESC, 1")
    languages: dict[str, int] = dict(by_language)
    symbols = value(connection, "SELECT count(*) FROM symbols")
    chunks = value(connection, "SELECT count(*) FROM chunks")
    return StoreCounts(sum(languages.values()), symbols, chunks, languages, size)


def _file(row: tuple[Any, ...]) -> IndexedFile:
    path, source, language, size, mtime_ns, content_hash = row
    return IndexedFile(loaded(path), Source(source), language, size, mtime_ns, content_hash)


def _outcome(found: SkippedFile | FailedFile) -> tuple[str | bytes, bool, str | bytes, int, int]:
    if isinstance(found, FailedFile):
        return stored(found.path), True, stored(found.error), -1, -1
    return stored(found.path), False, str(found.reason), found.size, found.mtime_ns
