"""Rows about chunks.

Invariant: functions of a connection; the caller owns the transaction. A chunk's id is never given out twice, so an
id kept across a re-indexing names the same text, be it on other lines, or nothing.
"""

# ruff: noqa: S608 - statements are put together from names in this file, values are bound
from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import apsw

from surefoot.domain import Chunk, ChunkPlace, Scope, Source, Span, SymbolKind
from surefoot.store.rows import rows, value
from surefoot.store.scope import chunks_in_scope
from surefoot.store.stored_text import loaded, stored

COLUMNS = (
    "c.id, f.path, c.start_line, c.end_line, c.source, c.language, c.symbol, c.kind, c.signature, c.doc, c.text, "
    "c.file_line"
)
AT_ONCE = 500  # ids bound to one statement


def put(connection: apsw.Connection, file_id: int, chunks: Iterable[tuple[int, int, Chunk]]) -> None:
    """Record chunks of a file under their ids, each with its key."""
    connection.executemany(
        "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (chunk_id, file_id, key, c.span.start, c.span.end, str(c.source), c.language, stored(c.symbol),
             str(c.kind), stored(c.signature), stored(c.doc), stored(c.text), c.file_line)
            for chunk_id, key, c in chunks
        ),
    )  # fmt: skip


def remove(connection: apsw.Connection, file_id: int) -> list[int]:
    """Forget the chunks of a file; returns their ids."""
    ids = [row[0] for row in rows(connection, "SELECT id FROM chunks WHERE file_id = ?", (file_id,))]
    connection.execute("DELETE FROM chunks WHERE file_id = ?", (file_id,))
    return ids


def load(connection: apsw.Connection, ids: Sequence[int]) -> dict[int, Chunk]:
    """The chunks of these ids, in the order asked; unknown ids are left out."""
    found = {row[0]: _chunk(*row[1:]) for row in _rows_of(connection, COLUMNS, ids)}
    return {chunk_id: found[chunk_id] for chunk_id in ids if chunk_id in found}


def places(connection: apsw.Connection, ids: Sequence[int]) -> dict[int, ChunkPlace]:
    """Where each chunk stands; unknown ids are left out."""
    columns = "c.id, f.path, c.start_line, c.end_line, c.symbol, c.file_line"
    return {
        chunk_id: ChunkPlace(Span(loaded(path), start, end), loaded(symbol), file_line)
        for chunk_id, path, start, end, symbol, file_line in _rows_of(connection, columns, ids)
    }


def paths(connection: apsw.Connection, ids: Sequence[int]) -> dict[int, str]:
    """The path of each chunk; unknown ids are left out."""
    return {chunk_id: loaded(path) for chunk_id, path in _rows_of(connection, "c.id, f.path", ids)}


def exist(connection: apsw.Connection, scope: Scope) -> bool:
    """Whether any chunk is in scope."""
    inside, bindings = chunks_in_scope(scope)
    return bool(connection.execute(f"SELECT EXISTS ({inside or 'SELECT id FROM chunks'})", bindings).get)


def ids_in_file(connection: apsw.Connection, path: str, scope: Scope) -> tuple[int, ...]:
    """The chunks of the file that are in scope, in the order of their lines."""
    inside, bindings = chunks_in_scope(scope)
    limits = f"AND id IN ({inside} AND file_id = (SELECT id FROM files WHERE path = ?))" if inside else ""
    found = rows(
        connection,
        f"SELECT id FROM chunks WHERE file_id = (SELECT id FROM files WHERE path = ?) {limits} ORDER BY start_line, id",
        (stored(path), *bindings, *([stored(path)] if inside else [])),
    )
    return tuple(row[0] for row in found)


def ids_within(connection: apsw.Connection, span: Span) -> tuple[int, ...]:
    """The chunks that begin within these lines, in their order."""
    found = rows(
        connection,
        "SELECT id FROM chunks WHERE file_id = (SELECT id FROM files WHERE path = ?) AND start_line BETWEEN ? AND ? "
        "ORDER BY start_line, id",
        (stored(span.path), span.start, span.end),
    )
    return tuple(row[0] for row in found)


def in_scope(connection: apsw.Connection, ids: Sequence[int], scope: Scope) -> set[int]:
    """Those of these chunks that are in scope."""
    inside, bindings = chunks_in_scope(scope)
    if not inside:
        return set(ids)
    marks = ", ".join("?" * len(ids))
    return {row[0] for row in rows(connection, f"{inside} AND id IN ({marks})", (*bindings, *ids))}


def at_line(connection: apsw.Connection, path: str, line: int) -> int | None:
    """The chunk that holds the line; of several, the one that starts last."""
    found: int | None = value(
        connection,
        "SELECT id FROM chunks WHERE file_id = (SELECT id FROM files WHERE path = ?) "
        "AND start_line <= ? AND end_line >= ? ORDER BY start_line DESC LIMIT 1",
        (stored(path), line, line),
    )
    return found


def _rows_of(connection: apsw.Connection, columns: str, ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    for begin in range(0, len(ids), AT_ONCE):
        some = ids[begin : begin + AT_ONCE]
        marks = ", ".join("?" * len(some))
        yield from rows(
            connection,
            f"SELECT {columns} FROM chunks c JOIN files f ON f.id = c.file_id WHERE c.id IN ({marks})",
            tuple(some),
        )


def _chunk(path: Any, start: int, end: int, source: str, language: str, *texts: Any) -> Chunk:
    symbol, kind, signature, doc, text, file_line = texts
    return Chunk(Span(loaded(path), start, end), Source(source), language, loaded(text),
                 loaded(symbol), SymbolKind(kind), loaded(signature), loaded(doc), file_line)  # fmt: skip
