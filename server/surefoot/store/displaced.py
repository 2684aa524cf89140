"""What was made of files before they changed: a branch switch and back takes nothing apart a second time.

A record is what a parser made of one content, as compressed JSON. It is kept when many files change at once, by path
and content hash, up to a bound; the oldest go first.

Invariant: functions of a connection; the caller owns the transaction. `unpacked(file, packed(parsed)) == parsed`.
"""

# ruff: noqa: S608 - statements are put together from names in this file, values are bound
from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping

import apsw

from surefoot.domain import Chunk, IndexedFile, ParsedFile, Span, Symbol, SymbolKind
from surefoot.store.rows import rows, value
from surefoot.store.stored_text import loaded, stored

MOST_BYTES = 64 * 1024 * 1024  # some five thousand files of either side; a tenth of the index of so large a project
KINDS = {str(kind): kind for kind in SymbolKind}  # a switch looks up a hundred thousand of them
# The columns in the order of a record.
SYMBOL = "name, kind, start_line, end_line, name_line, container, signature, doc"
CHUNK = "start_line, end_line, text, symbol, kind, signature, doc"
FASTEST = 1  # of zlib's levels: a third of the size for a third of a millisecond


def packed(parsed: ParsedFile) -> bytes:
    """A record of the file's symbols and chunks."""
    symbols = [
        [s.name, s.kind, s.span.start, s.span.end, s.name_line, s.container, s.signature, s.doc] for s in parsed.symbols
    ]
    chunks = [[c.span.start, c.span.end, c.text, c.symbol, c.kind, c.signature, c.doc] for c in parsed.chunks]
    return zlib.compress(json.dumps([symbols, chunks]).encode(), FASTEST)


def record_of(connection: apsw.Connection, path: str) -> bytes:
    """The record of a file as it is indexed, straight from its rows."""
    which = "WHERE file_id = (SELECT id FROM files WHERE path = ?) ORDER BY start_line, id"
    symbols = rows(connection, f"SELECT {SYMBOL} FROM symbols {which}", (stored(path),))
    chunks = rows(connection, f"SELECT {CHUNK} FROM chunks {which}", (stored(path),))
    return zlib.compress(json.dumps([symbols, chunks], default=loaded).encode(), FASTEST)


def unpacked(file: IndexedFile, record: bytes) -> ParsedFile:
    """The symbols and chunks of the record, in this file."""
    symbols, chunks = json.loads(zlib.decompress(record))
    path = file.path
    return ParsedFile(
        file,
        tuple(
            Symbol(name, KINDS[kind], Span(path, start, end), line, container, signature, doc)
            for name, kind, start, end, line, container, signature, doc in symbols
        ),
        tuple(
            Chunk(Span(path, start, end), file.source, file.language, text, symbol, KINDS[kind], signature, doc)
            for start, end, text, symbol, kind, signature, doc in chunks
        ),
    )


def hashes(connection: apsw.Connection, paths: Iterable[str]) -> dict[str, frozenset[str]]:
    """The content hashes under which something is kept, for those of the paths that have any."""
    statement = "SELECT content_hash FROM displaced WHERE path = ?"
    found = {path: frozenset(row[0] for row in rows(connection, statement, (stored(path),))) for path in paths}
    return {path: kept for path, kept in found.items() if kept}


def find(connection: apsw.Connection, file: IndexedFile) -> ParsedFile | None:
    """What was made of this content of the file; None where it is not kept any more."""
    statement = "SELECT record FROM displaced WHERE path = ? AND content_hash = ?"
    record = value(connection, statement, (stored(file.path), file.content_hash))
    return None if record is None else unpacked(file, record)


def keep(connection: apsw.Connection, records: Mapping[tuple[str, str], bytes]) -> None:
    """Keep records by path and content hash, and let the oldest go beyond the bound."""
    connection.executemany(
        "INSERT OR REPLACE INTO displaced (path, content_hash, record) VALUES (?, ?, ?)",
        ((stored(path), content, record) for (path, content), record in records.items()),
    )
    total = 0
    for number, size in rows(connection, "SELECT id, length(record) FROM displaced ORDER BY id DESC"):
        total += size
        if total > MOST_BYTES:
            connection.execute("DELETE FROM displaced WHERE id <= ?", (number,))
            break


def forget_all(connection: apsw.Connection) -> None:
    """Files are taken apart in another way now."""
    connection.execute("DELETE FROM displaced")


def paths_kept(connection: apsw.Connection) -> list[str]:
    """The paths of which something is kept, oldest first."""
    return [loaded(row[0]) for row in rows(connection, "SELECT path FROM displaced ORDER BY id")]
