"""Rows about symbols.

Invariant: functions of a connection; the caller owns the transaction.
"""

# ruff: noqa: S608 - statements are put together from names in this file, values are bound
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import apsw

from surefoot.domain import Scope, Span, Symbol, SymbolKind
from surefoot.store.names import ids_in_any_case
from surefoot.store.rows import Bindings, rows, value
from surefoot.store.scope import chunks_in_scope
from surefoot.store.stored_text import loaded, stored

COLUMNS = "kind, name, container, signature, doc, start_line, end_line, name_line"

# The chunk that holds the first line of a symbol; where a parser left a gap, the first chunk after it.
HOLDING_CHUNK = """coalesce(
    (SELECT id FROM chunks c WHERE c.file_id = s.file_id AND c.start_line <= s.start_line
        AND c.end_line >= s.start_line ORDER BY c.start_line DESC LIMIT 1),
    (SELECT id FROM chunks c WHERE c.file_id = s.file_id AND c.start_line > s.start_line
        ORDER BY c.start_line LIMIT 1))"""


def put(
    connection: apsw.Connection, file_id: int, symbols: Iterable[tuple[int, Symbol]], ids: Mapping[str, int]
) -> None:
    """Record symbols of a file, each with its key; `ids` are the rows of their names."""
    connection.executemany(
        f"INSERT INTO symbols (file_id, key, name_id, {COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (file_id, key, ids[s.name], str(s.kind), stored(s.name), stored(s.container),
             stored(s.signature), stored(s.doc), s.span.start, s.span.end, s.name_line)
            for key, s in symbols
        ),
    )  # fmt: skip


def remove(connection: apsw.Connection, file_id: int) -> list[str]:
    """Forget the symbols of a file; returns the name of each."""
    gone = [loaded(name) for (name,) in rows(connection, "SELECT name FROM symbols WHERE file_id = ?", (file_id,))]
    connection.execute("DELETE FROM symbols WHERE file_id = ?", (file_id,))
    return gone


def named(connection: apsw.Connection, name: str, scope: Scope) -> list[tuple[Symbol, int]]:
    """The symbols of this name in any letter case, each with the chunk that holds its first line, within the scope."""
    inside, bindings = _named_in_scope(connection, name, scope)
    found = rows(connection, f"SELECT * {inside} ORDER BY path, start_line", bindings)
    return [(_symbol(path, row), chunk) for path, chunk, *row in found]


def is_defined(connection: apsw.Connection, name: str, scope: Scope) -> bool:
    """Whether a symbol has this name in any letter case, within the scope."""
    inside, bindings = _named_in_scope(connection, name, scope)
    return bool(value(connection, f"SELECT EXISTS (SELECT 1 {inside})", bindings))


def in_file_with_keys(
    connection: apsw.Connection, path: str, keys: Sequence[str], limit: int
) -> list[tuple[Symbol, int]]:
    """The symbols of the file with these names in any case style, each with the chunk that holds its first line."""
    found = rows(
        connection,
        f"SELECT {HOLDING_CHUNK} AS chunk, {_prefixed('s')} FROM symbols s WHERE s.file_id = (SELECT id FROM files "
        f"WHERE path = ?) AND s.name_id IN (SELECT id FROM names WHERE folded IN ({', '.join('?' * len(keys))})) "
        "AND chunk IS NOT NULL ORDER BY s.start_line, s.id LIMIT ?",
        (stored(path), *map(stored, keys), limit),
    )
    return [(_symbol(stored(path), row), chunk) for chunk, *row in found]


def few_with_key(connection: apsw.Connection, key: str, limit: int) -> list[tuple[Symbol, int]]:
    """The symbols of this name in any case style, each with the chunk that holds its first line; none of too many."""
    found = rows(
        connection,
        f"SELECT f.path, s.chunk, {_prefixed('s')} FROM (SELECT s.*, {HOLDING_CHUNK} AS chunk FROM symbols s WHERE "
        "s.name_id IN (SELECT id FROM names WHERE folded = ?) LIMIT ?) s JOIN files f ON f.id = s.file_id "
        "WHERE chunk IS NOT NULL ORDER BY f.path, s.start_line",
        (stored(key), limit + 1),
    )
    return [] if len(found) > limit else [(_symbol(path, row), chunk) for path, chunk, *row in found]


def _named_in_scope(connection: apsw.Connection, name: str, scope: Scope) -> tuple[str, Bindings]:
    ids = ids_in_any_case(connection, name)
    inside, bindings = chunks_in_scope(scope)
    limits = f"AND chunk IN ({inside})" if inside else ""
    statement = (
        f"FROM (SELECT f.path, {HOLDING_CHUNK} AS chunk, {_prefixed('s')} "
        f"FROM symbols s JOIN files f ON f.id = s.file_id WHERE s.name_id IN ({', '.join('?' * len(ids))})) "
        f"WHERE chunk IS NOT NULL {limits}"
    )
    return statement, (*ids, *bindings)


def in_file(connection: apsw.Connection, path: str) -> list[Symbol]:
    """The symbols of the file in the order of their lines."""
    found = rows(
        connection,
        f"SELECT {_prefixed('s')} FROM symbols s WHERE s.file_id = (SELECT id FROM files WHERE path = ?) "
        "ORDER BY s.start_line, s.id",
        (stored(path),),
    )
    return [_symbol(path, row) for row in found]


def defined(connection: apsw.Connection, name: str) -> list[Symbol]:
    """The symbols of this name in any letter case, without their chunks: a name may have a thousand definitions."""
    ids = ids_in_any_case(connection, name)
    found = rows(
        connection,
        f"SELECT f.path, {_prefixed('s')} FROM symbols s JOIN files f ON f.id = s.file_id "
        f"WHERE s.name_id IN ({', '.join('?' * len(ids))})",
        tuple(ids),
    )
    return [_symbol(path, row) for path, *row in found]


def within(connection: apsw.Connection, span: Span) -> list[Symbol]:
    """The symbols that lie in these lines with all of theirs, in the order of their lines."""
    rows = connection.execute(
        f"SELECT {_prefixed('s')} FROM symbols s WHERE s.file_id = (SELECT id FROM files WHERE path = ?) "
        "AND s.start_line >= ? AND s.end_line <= ? ORDER BY s.start_line, s.id",
        (stored(span.path), span.start, span.end),
    )
    return [_symbol(span.path, row) for row in rows]


def _prefixed(table: str) -> str:
    return ", ".join(f"{table}.{column}" for column in COLUMNS.split(", "))


def _symbol(path: Any, row: Sequence[Any]) -> Symbol:
    kind, name, container, signature, doc, start, end, name_line = row
    return Symbol(loaded(name), SymbolKind(kind), Span(loaded(path), start, end), name_line,
                  loaded(container), loaded(signature), loaded(doc))  # fmt: skip
