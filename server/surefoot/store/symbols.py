"""Rows about symbols, and the table of distinct names that fragments are looked up in.

Invariant: functions of a connection; the caller owns the transaction.
"""

# ruff: noqa: S608 - statements are put together from names in this file, values are bound
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import apsw

from surefoot.domain import Scope, Span, Symbol, SymbolKind
from surefoot.store.rows import rows
from surefoot.store.scope import chunks_in_scope
from surefoot.store.stored_text import loaded, searchable, stored

COLUMNS = "kind, name, container, signature, doc, start_line, end_line, name_line"
SHORTEST_FRAGMENT = 3  # a trigram index knows nothing shorter

# The chunk that holds the first line of a symbol; where a parser left a gap, the first chunk after it.
HOLDING_CHUNK = """coalesce(
    (SELECT id FROM chunks c WHERE c.file_id = s.file_id AND c.start_line <= s.start_line
        AND c.end_line >= s.start_line ORDER BY c.start_line DESC LIMIT 1),
    (SELECT id FROM chunks c WHERE c.file_id = s.file_id AND c.start_line > s.start_line
        ORDER BY c.start_line LIMIT 1))"""


def put(connection: apsw.Connection, file_id: int, symbols: Sequence[Symbol]) -> None:
    """Record the symbols of a file."""
    connection.executemany(
        f"INSERT INTO symbols (file_id, folded, {COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (file_id, stored(s.name.casefold()), str(s.kind), stored(s.name), stored(s.container),
             stored(s.signature), stored(s.doc), s.span.start, s.span.end, s.name_line)
            for s in symbols
        ),
    )  # fmt: skip


def remove(connection: apsw.Connection, file_id: int) -> set[str]:
    """Forget the symbols of a file; returns their names."""
    gone = {loaded(name) for (name,) in rows(connection, "SELECT name FROM symbols WHERE file_id = ?", (file_id,))}
    connection.execute("DELETE FROM symbols WHERE file_id = ?", (file_id,))
    return gone


def named(connection: apsw.Connection, name: str, scope: Scope) -> list[tuple[Symbol, int]]:
    """The symbols of this name in any letter case, each with the chunk that holds its first line, within the scope."""
    inside, bindings = chunks_in_scope(scope)
    limits = f"AND chunk IN ({inside})" if inside else ""
    found = rows(
        connection,
        f"SELECT * FROM (SELECT f.path, {HOLDING_CHUNK} AS chunk, {_prefixed('s')} "
        "FROM symbols s JOIN files f ON f.id = s.file_id WHERE s.folded = ?) "
        f"WHERE chunk IS NOT NULL {limits} ORDER BY path, start_line",
        (stored(name.casefold()), *bindings),
    )
    return [(_symbol(path, row), chunk) for path, chunk, *row in found]


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
    rows = connection.execute(
        f"SELECT f.path, {_prefixed('s')} FROM symbols s JOIN files f ON f.id = s.file_id WHERE s.folded = ?",
        (stored(name.casefold()),),
    )
    return [_symbol(path, row) for path, *row in rows]


def within(connection: apsw.Connection, span: Span) -> list[Symbol]:
    """The symbols that lie in these lines with all of theirs, in the order of their lines."""
    rows = connection.execute(
        f"SELECT {_prefixed('s')} FROM symbols s WHERE s.file_id = (SELECT id FROM files WHERE path = ?) "
        "AND s.start_line >= ? AND s.end_line <= ? ORDER BY s.start_line, s.id",
        (stored(span.path), span.start, span.end),
    )
    return [_symbol(span.path, row) for row in rows]


def names(connection: apsw.Connection) -> list[str]:
    """Each symbol name once, sorted."""
    found = rows(connection, "SELECT name FROM names WHERE is_path = 0 ORDER BY name")
    return [loaded(name) for (name,) in found]


def names_like(connection: apsw.Connection, fragment: str, limit: int) -> list[str]:
    """Symbol names and paths with the fragment in them, in any letter case, shortest first."""
    text = searchable(fragment)
    if len(text) < SHORTEST_FRAGMENT:
        where, binding = "name LIKE ? ESCAPE '\\'", "%" + _like_escaped(text) + "%"
    else:
        where, binding = "id IN (SELECT rowid FROM fragments WHERE fragments MATCH ?)", _phrase(text)
    found = rows(
        connection,
        f"SELECT DISTINCT name FROM names WHERE {where} ORDER BY length(name), name LIMIT ?",
        (binding, limit),
    )
    return [loaded(name) for (name,) in found]


def add_names(connection: apsw.Connection, new: Iterable[str], *, is_path: bool) -> None:
    """Make the names findable by fragment; known ones stay as they are."""
    for name in new:
        connection.execute("INSERT OR IGNORE INTO names (is_path, name) VALUES (?, ?)", (is_path, stored(name)))
        if connection.changes():
            row = (connection.last_insert_rowid(), searchable(name))
            connection.execute("INSERT INTO fragments (rowid, name) VALUES (?, ?)", row)


def drop_unused_names(connection: apsw.Connection, candidates: Iterable[str], *, is_path: bool) -> None:
    """Forget those names that no symbol, or no file, carries any more."""
    user = "files WHERE path = ?2" if is_path else "symbols WHERE folded = ?3 AND name = ?2"
    unused = f"SELECT id FROM names WHERE is_path = ?1 AND name = ?2 AND NOT EXISTS (SELECT 1 FROM {user})"
    for name in candidates:
        folded = () if is_path else (stored(name.casefold()),)
        for (row,) in rows(connection, unused, (is_path, stored(name), *folded)):
            connection.execute("DELETE FROM names WHERE id = ?", (row,))
            connection.execute("DELETE FROM fragments WHERE rowid = ?", (row,))


def _prefixed(table: str) -> str:
    return ", ".join(f"{table}.{column}" for column in COLUMNS.split(", "))


def _symbol(path: Any, row: Sequence[Any]) -> Symbol:
    kind, name, container, signature, doc, start, end, name_line = row
    return Symbol(loaded(name), SymbolKind(kind), Span(loaded(path), start, end), name_line,
                  loaded(container), loaded(signature), loaded(doc))  # fmt: skip


def _phrase(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _like_escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
