"""What one write transaction does.

Invariant: a Writer lives as long as its transaction and belongs to one thread; nothing is seen before the commit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import apsw

from surefoot.domain import FailedFile, ParsedFile, SkippedFile, content_hash
from surefoot.errors import StoreError
from surefoot.store import chunks, files, lexical, symbols, vectors

# Counting what could be tidied takes a few milliseconds: paid by large writes, and by one in this many small ones.
TIDY_EVERY = 50
LARGE_WRITE = 1000  # chunks


class Writer:
    """Changes the index within one transaction. Obtained from `IndexStore.writing`."""

    def __init__(self, connection: apsw.Connection, dimension: int, lexer: lexical.Lexer) -> None:
        self._connection = connection
        self._dimension = dimension
        self._lexer = lexer
        self._generation = int(files.meta(connection, "generation")) + 1
        self._next_chunk = int(files.meta(connection, "next_chunk") or 1)
        self._first_chunk = self._next_chunk
        self._lost_names: set[str] = set()
        self._new_names: set[str] = set()
        self._lost_paths: set[str] = set()

    def replace_file(self, parsed: ParsedFile, vectors_of_chunks: Sequence[bytes]) -> None:
        """Put what was learnt from a file in the place of what was known of it."""
        self._check(parsed, vectors_of_chunks)
        known_id = self._drop_contents(parsed.file.path)
        connection, first = self._connection, self._next_chunk
        file_id = files.put(connection, parsed.file, known_id)
        symbols.put(connection, file_id, parsed.symbols)
        chunks.put(connection, file_id, first, parsed.chunks)
        lexical.put(connection, first, parsed.chunks, self._lexer)
        vectors.put(connection, enumerate(vectors_of_chunks, first))
        keys = (content_hash(chunk.embedding_text) for chunk in parsed.chunks)
        vectors.remember(connection, dict(zip(keys, vectors_of_chunks, strict=True)), self._generation)
        self._next_chunk += len(parsed.chunks)
        self._new_names.update(symbol.name for symbol in parsed.symbols)
        symbols.add_names(connection, [parsed.file.path], is_path=True)
        files.remove_outcomes(connection, parsed.file.path)

    def remove_file(self, path: str) -> None:
        """Forget a file and what was recorded about it. Its vectors stay in the cache."""
        file_id = self._drop_contents(path)
        if file_id is not None:
            files.remove(self._connection, file_id)
            self._lost_paths.add(path)
        files.remove_outcomes(self._connection, path)

    def set_file_times(self, path: str, size: int, mtime_ns: int) -> None:
        """The file was touched and its content is the same."""
        files.set_times(self._connection, path, size, mtime_ns)

    def record_outcome(self, skipped: Iterable[SkippedFile], failed: Iterable[FailedFile]) -> None:
        """Replace the lists of files that were left out or could not be indexed."""
        files.remove_outcomes(self._connection)
        files.put_outcomes(self._connection, skipped)
        files.put_outcomes(self._connection, failed)

    def record_file_outcome(self, path: str, outcome: SkippedFile | FailedFile | None) -> None:
        """Replace what was recorded about one file; None where nothing is the matter with it."""
        files.remove_outcomes(self._connection, path)
        if outcome is not None:
            files.put_outcomes(self._connection, [outcome])

    def set_meta(self, name: str, value: str) -> None:
        """Record a fact about the index under a name of the caller's."""
        files.set_caller_meta(self._connection, name, value)

    def finish(self) -> None:
        """The last step before the commit; called by the store."""
        connection = self._connection
        symbols.add_names(connection, self._new_names, is_path=False)
        symbols.drop_unused_names(connection, self._lost_names, is_path=False)
        symbols.drop_unused_names(connection, self._lost_paths, is_path=True)
        if self._next_chunk - self._first_chunk >= LARGE_WRITE or self._generation % TIDY_EVERY == 0:
            vectors.prune_cache(connection)
            from surefoot.store import vector_search  # noqa: PLC0415 - numpy; see there

            vector_search.compact(connection, self._dimension)
        files.set_meta(connection, "next_chunk", self._next_chunk)
        files.set_meta(connection, "generation", self._generation)

    def _drop_contents(self, path: str) -> int | None:
        file_id = files.find_id(self._connection, path)
        if file_id is None:
            return None
        ids = chunks.remove(self._connection, file_id)
        lexical.remove(self._connection, ids)
        vectors.remove(self._connection, ids)
        self._lost_names |= symbols.remove(self._connection, file_id)
        return file_id

    def _check(self, parsed: ParsedFile, blobs: Sequence[bytes]) -> None:
        if len(blobs) != len(parsed.chunks) or any(len(blob) != self._dimension for blob in blobs):
            raise StoreError(
                f"{parsed.file.path} has {len(parsed.chunks)} chunks, and its vectors do not fit them; index it again."
            )
