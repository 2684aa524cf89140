"""A file indexed anew: what of its chunks and symbols stays, what only moved to other lines, what came and what went.

Most edits leave most of a file as it was. Only what came is lexed and embedded again and only what went is forgotten,
so that a saved line costs little in a file of a thousand, and a branch switch what the branches differ in.

Invariant: functions of a connection; the caller owns the transaction. What stays keeps its row, and so its id. Two
rows of a file with equal keys say the same, but for their lines.
"""

# ruff: noqa: S608 - statements are put together from names in this file, values are bound
from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import apsw

from surefoot.domain import Chunk, Symbol
from surefoot.store.rows import rows
from surefoot.store.stored_text import loaded

Keyed = tuple[int, ...]  # the key of a part, and its lines


@dataclass(frozen=True, slots=True)
class Table:
    """A table of parts of files: the columns that make its key, and those that say where a part stands."""

    name: str
    texts: str
    lines: str


CHUNKS = Table("chunks", "source, language, symbol, kind, signature, doc, text", "start_line, end_line, file_line")
SYMBOLS = Table("symbols", "kind, name, container, signature, doc", "start_line, end_line, name_line")
TABLES = SYMBOLS, CHUNKS


@dataclass(frozen=True, slots=True)
class Difference:
    """Between the rows of a file and what it is to have.

    `rows` are all of them as they were, each with its id before its key and its lines. Of what is wanted, `came` has
    the positions of what no row says yet; `moved` are new lines of rows, each with its id, and `went` the ids of rows
    that are not wanted.
    """

    rows: Sequence[tuple[int, ...]]
    came: tuple[int, ...]
    came_keys: tuple[int, ...]
    moved: tuple[tuple[int, ...], ...]
    went: tuple[int, ...]
    went_keys: tuple[int, ...]


def chunk_key(chunk: Chunk) -> int:
    """The key of a chunk's row."""
    return _key(chunk.source, chunk.language, chunk.symbol, chunk.kind, chunk.signature, chunk.doc, chunk.text)


def symbol_key(symbol: Symbol) -> int:
    """The key of a symbol's row."""
    return _key(symbol.kind, symbol.name, symbol.container, symbol.signature, symbol.doc)


def keyed_chunks(chunks: Iterable[Chunk]) -> list[Keyed]:
    """Chunks as they are compared."""
    return [(chunk_key(chunk), chunk.span.start, chunk.span.end, chunk.file_line) for chunk in chunks]


def keyed_symbols(symbols: Iterable[Symbol]) -> list[Keyed]:
    """Symbols as they are compared."""
    return [(symbol_key(each), each.span.start, each.span.end, each.name_line) for each in symbols]


def _key(*texts: str) -> int:
    # 64 bits; only the parts of one file are ever compared. No file with a NUL in it is text.
    joined = "\0".join(texts).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(joined, digest_size=8).digest(), "big", signed=True)


def difference(connection: apsw.Connection, table: Table, file_id: int, wanted: Sequence[Keyed]) -> Difference:
    """What has to be done so that the file has what is wanted."""
    statement = f"SELECT id, key, {table.lines} FROM {table.name} WHERE file_id = ? ORDER BY start_line, id"
    before = rows(connection, statement, (file_id,))
    parts = [row[1:] for row in before]
    # Most parts of most files stand where they stood; the others are looked for by their keys, and twins with them.
    standing, asked = set(parts), set(wanted)
    has_twins = len(standing) < len(parts) or len(asked) < len(wanted)
    stays = set[Keyed]() if has_twins else standing & asked
    left: dict[int, list[int]] = defaultdict(list)
    for (row_id, *_), part in zip(before, parts, strict=True):
        if part not in stays:
            left[part[0]].append(row_id)
    came: list[int] = []
    moved: list[tuple[int, ...]] = []
    for position, part in enumerate(wanted):
        if part not in stays:
            key, *lines = part
            if ids := left[key]:
                moved.append((*lines, ids.pop(0)))
            else:
                came.append(position)
    went = [(row_id, key) for key, ids in left.items() for row_id in ids]
    return Difference(
        before,
        tuple(came),
        tuple(wanted[position][0] for position in came),
        tuple(moved),
        tuple(row_id for row_id, _ in went),
        tuple(key for _, key in went),
    )


def texts_of(connection: apsw.Connection, table: Table, ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """What rows say, by their ids, in the order of the table's columns."""
    wanted = list(ids)
    statement = f"SELECT id, {table.texts} FROM {table.name} WHERE id IN (SELECT value FROM json_each(?))"
    found = {row: tuple(map(loaded, texts)) for row, *texts in rows(connection, statement, (json.dumps(wanted),))}
    return {row: found[row] for row in wanted}


def carry_out(connection: apsw.Connection, table: Table, change: Difference) -> None:
    """Drop the rows that went, and bring those that moved to their lines."""
    if change.moved:
        places = ", ".join(f"{column} = ?" for column in table.lines.split(", "))
        connection.executemany(f"UPDATE {table.name} SET {places} WHERE id = ?", change.moved)
    if change.went:
        connection.executemany(f"DELETE FROM {table.name} WHERE id = ?", ((row,) for row in change.went))
