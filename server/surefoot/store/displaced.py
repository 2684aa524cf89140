"""What files held before they changed: a branch switch and back takes nothing apart a second time.

A record says what a file had of one content: the key and the lines of each part, and in full those parts only that
went when the file changed; the others are still in its rows, or in the record of a later content. It is kept when many
files change at once, by path and content hash; the oldest go first, and with them a part that a later one may lack.

Invariant: functions of a connection; the caller owns the transaction. Of a file that is forgotten and not kept, nothing
stays.
"""

# ruff: noqa: S608 - statements are put together from names in this file, values are bound
from __future__ import annotations

import json
import zlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import apsw

from surefoot.domain import Chunk, IndexedFile, Source, Span, Symbol, SymbolKind
from surefoot.store.difference import CHUNKS, SYMBOLS, Difference, Keyed, Table, texts_of
from surefoot.store.rows import rows, value
from surefoot.store.stored_text import stored

MOST_BYTES = 32 * 1024 * 1024  # a record of an edited file takes some four thousand, one of a file that went more
FASTEST = 1  # of zlib's levels: this is done while a question may wait
Texts = Mapping[int, Sequence[str]]  # what parts say, by their keys


@dataclass(frozen=True, slots=True)
class Kept:
    """What the file had of a content: its parts by position; of some the texts, by key, may be lacking."""

    path: str
    contents: frozenset[str]  # of which something is kept
    symbols: tuple[Keyed, ...]
    chunks: tuple[Keyed, ...]
    symbol_texts: Texts
    chunk_texts: Texts

    def has(self, symbols: Iterable[int], chunks: Iterable[int]) -> bool:
        """Whether the parts at these positions can be made."""
        return all(self.symbols[position][0] in self.symbol_texts for position in symbols) and all(
            self.chunks[position][0] in self.chunk_texts for position in chunks
        )

    def has_already(self, content: str, symbols: Difference, chunks: Difference) -> bool:
        """Whether these changes to a file that has this content leave nothing to be kept."""
        has_texts = self.symbol_texts.keys() >= {*symbols.went_keys} and self.chunk_texts.keys() >= {*chunks.went_keys}
        return has_texts and content in self.contents

    def symbol(self, position: int) -> Symbol:
        """The symbol at a position."""
        key, start, end, line = self.symbols[position]
        kind, name, container, signature, doc = self.symbol_texts[key]
        return Symbol(name, SymbolKind(kind), Span(self.path, start, end), line, container, signature, doc)

    def chunk(self, position: int) -> Chunk:
        """The chunk at a position."""
        key, start, end, file_line = self.chunks[position]
        source, language, symbol, kind, signature, doc, text = self.chunk_texts[key]
        span = Span(self.path, start, end)
        return Chunk(span, Source(source), language, text, symbol, SymbolKind(kind), signature, doc, file_line)


def hashes(connection: apsw.Connection, paths: Iterable[str]) -> dict[str, frozenset[str]]:
    """The content hashes under which something is kept, for those of the paths that have any."""
    if not value(connection, "SELECT EXISTS (SELECT 1 FROM displaced)"):
        return {}
    statement = "SELECT content_hash FROM displaced WHERE path = ?"
    found = {path: frozenset(row[0] for row in rows(connection, statement, (stored(path),))) for path in paths}
    return {path: kept for path, kept in found.items() if kept}


def find(connection: apsw.Connection, file: IndexedFile) -> Kept | None:
    """What the file had of this content; None where that is not kept any more."""
    statement = "SELECT content_hash, symbols, chunks, texts FROM displaced WHERE path = ?"
    records = rows(connection, statement, (stored(file.path),))
    parts = next(((symbols, chunks) for content, symbols, chunks, _ in records if content == file.content_hash), None)
    if parts is None:
        return None
    texts = [json.loads(zlib.decompress(record[3])) for record in records]
    symbol_texts, chunk_texts = ({key: rest for each in texts for key, *rest in each[table]} for table in (0, 1))
    contents = frozenset(record[0] for record in records)
    return Kept(file.path, contents, _unpacked(parts[0], 4), _unpacked(parts[1], 4), symbol_texts, chunk_texts)


def keep(connection: apsw.Connection, path: str, content: str, symbols: Difference, chunks: Difference) -> None:
    """Record what the file has of its content, before these changes to it are carried out."""
    texts = [_texts(connection, SYMBOLS, symbols), _texts(connection, CHUNKS, chunks)]
    record = zlib.compress(json.dumps(texts).encode(), FASTEST)
    connection.execute(
        "INSERT OR REPLACE INTO displaced (path, content_hash, symbols, chunks, texts) VALUES (?, ?, ?, ?, ?)",
        (stored(path), content, _packed(symbols), _packed(chunks), record),
    )


def renew(connection: apsw.Connection, path: str, content: str) -> None:
    """What is kept already is wanted again: it goes as late as if it had just come."""
    connection.execute(
        "UPDATE displaced SET id = (SELECT max(id) + 1 FROM displaced) WHERE path = ? AND content_hash = ?",
        (stored(path), content),
    )


def let_go(connection: apsw.Connection) -> None:
    """Forget the oldest records beyond the bound."""
    size, total = "length(symbols) + length(chunks) + length(texts)", 0
    for number, taken in rows(connection, f"SELECT id, {size} FROM displaced ORDER BY id DESC"):
        total += taken
        if total > MOST_BYTES:
            connection.execute("DELETE FROM displaced WHERE id <= ?", (number,))
            break


def forget(connection: apsw.Connection, path: str) -> None:
    """Keep nothing of the file."""
    connection.execute("DELETE FROM displaced WHERE path = ?", (stored(path),))


def forget_all(connection: apsw.Connection) -> None:
    """Files are taken apart in another way now."""
    connection.execute("DELETE FROM displaced")


def _packed(change: Difference) -> bytes:
    """Key and lines of each row, as 64-bit numbers of this machine; the index never leaves it."""
    return array("q", chain.from_iterable(row[1:] for row in change.rows)).tobytes()


def _unpacked(parts: bytes, columns: int) -> tuple[Keyed, ...]:
    numbers = iter(array("q", parts))
    return tuple(zip(*[numbers] * columns, strict=True))


def _texts(connection: apsw.Connection, table: Table, change: Difference) -> list[tuple[int | str, ...]]:
    found = texts_of(connection, table, change.went)
    return [(key, *found[row]) for row, key in zip(change.went, change.went_keys, strict=True)]
