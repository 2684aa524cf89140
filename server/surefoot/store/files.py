"""Rows about files: what is indexed, what was left out, and the small facts about the database itself.

Commits have rows too, since they are found and cited as files are; they are on no disk, and no list or count of files
has them.

Invariant: functions of a connection; the caller owns the transaction.

No statement that writes has a RETURNING clause, here and in the other modules: it makes SQLite open a savepoint, at
which FTS5 writes out the words it has gathered so far, and a cold run takes half as long again.
"""

# ruff: noqa: S608 - statements are put together from names in this file, values are bound
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import apsw

from surefoot.domain import FailedFile, IndexedFile, SkippedFile, SkipReason, Source
from surefoot.store import tallies
from surefoot.store.rows import rows, value
from surefoot.store.stored_text import IS_BELOW, below, loaded, stored

NO_ROW = 0  # no file has this id
NOT_COMMITS = f"source <> '{Source.COMMITS}'"
CALLER = "caller."  # before the names of facts that callers record
COLUMNS = "path, source, language, size, mtime_ns, content_hash, ctime_ns, settled"
COMMIT_TALLY = f"{tallies.LANGUAGE}commit"  # counts what has the language that commits are in
OUTCOME_COLUMNS = "path, reason, size, mtime_ns, ctime_ns, settled"


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
    found = rows(connection, f"SELECT {COLUMNS} FROM files WHERE {NOT_COMMITS}")
    return {file.path: file for file in map(_file, found)}


def find(connection: apsw.Connection, path: str) -> IndexedFile | None:
    """The file at the path, if it is indexed."""
    found = rows(connection, f"SELECT {COLUMNS} FROM files WHERE path = ?", (stored(path),))
    return _file(found[0]) if found else None


def at(connection: apsw.Connection, paths: Iterable[str]) -> dict[str, IndexedFile]:
    """The indexed files among these paths and below them."""
    statement = f"SELECT {COLUMNS} FROM files WHERE (path = ? OR {IS_BELOW}) AND {NOT_COMMITS}"
    found: dict[str, IndexedFile] = {}
    for path in paths:
        found.update(
            (file.path, file) for file in map(_file, rows(connection, statement, (stored(path), *below(path))))
        )
    return found


@dataclass(frozen=True, slots=True)
class Row:
    """A file's row. What is not as read now was read by another version, or has not all its vectors."""

    id: int
    source: str
    language: str
    content_hash: str
    is_as_read_now: bool


def row(connection: apsw.Connection, path: str) -> Row | None:
    """The row of the file at the path, if it is indexed."""
    statement = "SELECT id, source, language, content_hash, embedded AND content_hash <> '' FROM files WHERE path = ?"
    found = rows(connection, statement, (stored(path),))
    return next(
        (Row(id_, source, language, content, bool(read)) for id_, source, language, content, read in found), None
    )


def put(connection: apsw.Connection, file: IndexedFile, file_id: int | None) -> int:
    """Record the file in its row or a new one, as one with all its vectors; returns the row."""
    facts = (
        *(stored(file.path), str(file.source), file.language, file.size, file.mtime_ns, file.content_hash),
        *(file.ctime_ns, file.is_settled),
    )
    if file_id is None:
        connection.execute(f"INSERT INTO files ({COLUMNS}, embedded) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)", facts)
        return connection.last_insert_rowid()
    connection.execute(
        f"UPDATE files SET ({COLUMNS}, embedded) = (?, ?, ?, ?, ?, ?, ?, ?, 1) WHERE id = ?", (*facts, file_id)
    )
    return file_id


def remove(connection: apsw.Connection, file_id: int) -> None:
    """Forget the file."""
    connection.execute("DELETE FROM files WHERE id = ?", (file_id,))


def set_times(connection: apsw.Connection, file: IndexedFile) -> None:
    """The file was touched and its content is the same; nothing where another content was recorded meanwhile."""
    stamp = (file.size, file.mtime_ns, file.ctime_ns, file.is_settled)
    connection.execute(
        "UPDATE files SET (size, mtime_ns, ctime_ns, settled) = (?, ?, ?, ?) WHERE path = ? AND content_hash = ?",
        (*stamp, stored(file.path), file.content_hash),
    )


def paths(connection: apsw.Connection) -> list[str]:
    """The paths of all indexed files, sorted."""
    return sorted(loaded(path) for (path,) in connection.execute(f"SELECT path FROM files WHERE {NOT_COMMITS}"))


def outcomes(connection: apsw.Connection) -> tuple[tuple[SkippedFile, ...], tuple[FailedFile, ...]]:
    """The files that were left out, and those that could not be indexed."""
    found = rows(connection, f"SELECT failed, {OUTCOME_COLUMNS} FROM outcomes ORDER BY path")
    skipped = tuple(
        SkippedFile(loaded(path), SkipReason(reason), size, mtime_ns, ctime_ns, bool(settled))
        for failed, path, reason, size, mtime_ns, ctime_ns, settled in found
        if not failed
    )
    return skipped, tuple(FailedFile(loaded(path), loaded(reason)) for failed, path, reason, *_ in found if failed)


def outcome_counts(connection: apsw.Connection) -> tuple[dict[str, int], tuple[FailedFile, ...]]:
    """How many files were left out for each reason, and those that could not be indexed."""
    skipped = rows(connection, "SELECT reason, count(*) FROM outcomes WHERE NOT failed GROUP BY 1")
    failed = rows(connection, "SELECT path, reason FROM outcomes WHERE failed ORDER BY path")
    return dict(skipped), tuple(FailedFile(loaded(path), loaded(reason)) for path, reason in failed)


def read_in_part(connection: apsw.Connection) -> tuple[FailedFile, ...]:
    """The indexed files of which a part could not be read."""
    found = rows(
        connection,
        "SELECT path, reason FROM outcomes WHERE failed AND path IN (SELECT path FROM files) ORDER BY path",
    )
    return tuple(FailedFile(loaded(path), loaded(reason)) for path, reason in found)


def outcomes_at(connection: apsw.Connection, paths: Iterable[str]) -> set[str]:
    """The files among these paths and below them that were left out or could not be indexed."""
    statement = f"SELECT path FROM outcomes WHERE path = ? OR {IS_BELOW}"
    return {loaded(found) for path in paths for (found,) in rows(connection, statement, (stored(path), *below(path)))}


def put_outcomes(connection: apsw.Connection, found: Iterable[SkippedFile | FailedFile]) -> None:
    """Record why these files are not in the index."""
    statement = f"INSERT OR REPLACE INTO outcomes (failed, {OUTCOME_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"
    connection.executemany(statement, map(_outcome, found))


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


def remove_meta(connection: apsw.Connection, name: str) -> None:
    """The fact is none any more."""
    connection.execute("DELETE FROM meta WHERE name = ?", (name,))


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


def mark_unread_below(connection: apsw.Connection, folder: str) -> list[str]:
    """The same for the files in a folder; returns them."""
    where = f"WHERE {IS_BELOW} AND {NOT_COMMITS}"
    found = [loaded(path) for (path,) in rows(connection, f"SELECT path FROM files {where}", below(folder))]
    connection.execute(f"UPDATE files SET size = -1, content_hash = '' {where}", below(folder))
    connection.execute(f"DELETE FROM outcomes WHERE {IS_BELOW}", below(folder))
    return found


def waiting_for_vectors(connection: apsw.Connection, limit: int, paths: Sequence[str] | None) -> dict[str, list[int]]:
    """Files that have not all their vectors, of these or of all, each with chunks that lack one: so many in all.

    A file may have no such chunk, and is only not marked yet.
    """
    found: dict[str, list[int]] = {}
    for path in _not_embedded(connection, limit, paths):
        found[path] = without_vectors(connection, path)[:limit]
        limit -= len(found[path])
        if limit <= 0:
            break
    return found


def _not_embedded(connection: apsw.Connection, limit: int, paths: Sequence[str] | None) -> list[str]:
    if paths is None:
        statement = "SELECT path FROM files WHERE NOT embedded ORDER BY id LIMIT ?"
        return [loaded(path) for (path,) in rows(connection, statement, (limit,))]
    statement = "SELECT EXISTS (SELECT 1 FROM files WHERE path = ? AND NOT embedded)"
    return [path for path in paths if value(connection, statement, (stored(path),))]


def without_vectors(connection: apsw.Connection, path: str) -> list[int]:
    """The chunks of a file that have no vector of the current embedder."""
    statement = (
        "SELECT id FROM chunks WHERE file_id = (SELECT id FROM files WHERE path = ? AND NOT embedded) "
        "AND id NOT IN (SELECT id FROM vectors) ORDER BY id"
    )
    return [row[0] for row in rows(connection, statement, (stored(path),))]


def mark_waiting(connection: apsw.Connection, path: str) -> None:
    """Some chunk of the file has no vector yet."""
    connection.execute("UPDATE files SET embedded = 0 WHERE path = ?", (stored(path),))


def mark_embedded(connection: apsw.Connection, path: str) -> None:
    """All chunks of the file have their vectors."""
    connection.execute("UPDATE files SET embedded = 1 WHERE path = ?", (stored(path),))


def vectorless_files(connection: apsw.Connection) -> int:
    """How many files have not all their vectors of the current embedder."""
    return int(value(connection, "SELECT count(*) FROM files WHERE NOT embedded"))


def counts(connection: apsw.Connection, size: int) -> StoreCounts:
    """How much there is; `size` is the size on disk."""
    found = tallies.read(connection)
    by_language = {
        name.removeprefix(tallies.LANGUAGE): number
        for name, number in sorted(found.items(), key=lambda item: (-item[1], item[0]))
        if name.startswith(tallies.LANGUAGE) and name != COMMIT_TALLY and number
    }
    chunks, symbols = found.get(tallies.CHUNKS, 0), found.get(tallies.SYMBOLS, 0)
    return StoreCounts(sum(by_language.values()), symbols, chunks, by_language, size)


def _file(row: tuple[Any, ...]) -> IndexedFile:
    path, source, language, size, mtime_ns, content_hash, ctime_ns, settled = row
    return IndexedFile(loaded(path), Source(source), language, size, mtime_ns, content_hash, ctime_ns, bool(settled))


def _outcome(found: SkippedFile | FailedFile) -> tuple[bool, str | bytes, str | bytes, int, int, int, bool]:
    if isinstance(found, FailedFile):
        return True, stored(found.path), stored(found.error), -1, -1, -1, True
    stamp = (found.size, found.mtime_ns, found.ctime_ns, found.is_settled)
    return False, stored(found.path), str(found.reason), *stamp
