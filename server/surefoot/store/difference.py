"""A file indexed anew: what of its chunks and symbols stays, what only moved to other lines, what came and what went.

Most edits leave most of a file as it was. Only what came is lexed and embedded again and only what went is forgotten,
so that a saved line costs little in a file of a thousand, and a branch switch what the branches differ in.

Invariant: functions of a connection; the caller owns the transaction. What stays keeps its row, and so its id.
"""

# ruff: noqa: S608 - statements are put together from names in this file, values are bound
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import apsw

from surefoot.domain import Chunk, Symbol
from surefoot.store.rows import rows
from surefoot.store.stored_text import loaded, stored

Key = tuple[str | bytes, ...]
Lines = tuple[int, ...]

CHUNK_KEY = "source, language, symbol, kind, signature, doc, text"
CHUNK_LINES = "start_line, end_line"
SYMBOL_KEY = "kind, name, container, signature, doc"
SYMBOL_LINES = "start_line, end_line, name_line"


@dataclass(frozen=True, slots=True)
class ChunkDifference:
    """Positions in the new list of chunks that are not in the index yet, and the ids of rows that are gone."""

    came: tuple[int, ...]
    went: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SymbolDifference:
    """The symbols that are not in the index yet, and the name of each that is gone."""

    came: tuple[Symbol, ...]
    lost_names: tuple[str, ...]


def keep_chunks(connection: apsw.Connection, file_id: int, chunks: Sequence[Chunk]) -> ChunkDifference:
    """Drop the file's rows that none of the chunks is equal to, and bring the others to their lines."""
    wanted = [(_chunk_key(chunk), (chunk.span.start, chunk.span.end)) for chunk in chunks]
    came, moved, went = _difference(_indexed(connection, "chunks", CHUNK_KEY, CHUNK_LINES, file_id), wanted)
    connection.executemany("UPDATE chunks SET start_line = ?, end_line = ? WHERE id = ?", moved)
    connection.executemany("DELETE FROM chunks WHERE id = ?", ((row,) for row, _ in went))
    return ChunkDifference(tuple(came), tuple(row for row, _ in went))


def keep_symbols(connection: apsw.Connection, file_id: int, symbols: Sequence[Symbol]) -> SymbolDifference:
    """Drop the file's rows that none of the symbols is equal to, and bring the others to their lines."""
    wanted = [(_symbol_key(each), (each.span.start, each.span.end, each.name_line)) for each in symbols]
    came, moved, went = _difference(_indexed(connection, "symbols", SYMBOL_KEY, SYMBOL_LINES, file_id), wanted)
    connection.executemany("UPDATE symbols SET start_line = ?, end_line = ?, name_line = ? WHERE id = ?", moved)
    connection.executemany("DELETE FROM symbols WHERE id = ?", ((row,) for row, _ in went))
    names = SYMBOL_KEY.split(", ").index("name")
    return SymbolDifference(tuple(symbols[position] for position in came), tuple(loaded(key[names]) for _, key in went))


Indexed = list[tuple[int, Key, Lines]]


def _indexed(connection: apsw.Connection, table: str, key: str, lines: str, file_id: int) -> Indexed:
    """The rows of a file in the order of their lines."""
    length = 1 + key.count(",")
    found = rows(
        connection, f"SELECT id, {key}, {lines} FROM {table} WHERE file_id = ? ORDER BY start_line, id", (file_id,)
    )
    return [(row[0], row[1 : length + 1], row[length + 1 :]) for row in found]


def _difference(
    indexed: Indexed, wanted: Iterable[tuple[Key, Lines]]
) -> tuple[list[int], list[tuple[Any, ...]], list[tuple[int, Key]]]:
    """Positions that came, new lines of the rows that moved, and the rows that went. Equal ones keep their order."""
    known: dict[Key, list[tuple[int, Lines]]] = defaultdict(list)
    for row, key, lines in reversed(indexed):
        known[key].append((row, lines))
    came: list[int] = []
    moved: list[tuple[Any, ...]] = []
    for position, (key, lines) in enumerate(wanted):
        if equal := known.get(key):
            row, before = equal.pop()
            if before != lines:
                moved.append((*lines, row))
        else:
            came.append(position)
    return came, moved, [(row, key) for key, equal in known.items() for row, _ in equal]


def _chunk_key(chunk: Chunk) -> Key:
    texts = (chunk.symbol, str(chunk.kind), chunk.signature, chunk.doc, chunk.text)
    return (str(chunk.source), chunk.language, *map(stored, texts))


def _symbol_key(symbol: Symbol) -> Key:
    return (str(symbol.kind), *map(stored, (symbol.name, symbol.container, symbol.signature, symbol.doc)))
