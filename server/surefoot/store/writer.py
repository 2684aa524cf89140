"""What one write transaction does.

Invariant: a Writer lives as long as its transaction and belongs to one thread; nothing is seen before the commit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import apsw

from surefoot.domain import Chunk, FailedFile, IndexedFile, ParsedFile, SkippedFile, Symbol, content_hash
from surefoot.errors import StoreError
from surefoot.store import chunks, displaced, files, lexical, path_keys, space, symbols, tallies, vectors
from surefoot.store.difference import keep_chunks, keep_symbols
from surefoot.store.lexed import Lexer, Words, lexed
from surefoot.store.names import NameWriter

# Counting what could be tidied takes a few milliseconds: paid by large writes, and by one in this many small ones.
TIDY_EVERY = 50
LARGE_WRITE = 1000  # chunks
PRUNED_PER_CHUNK = 3  # cached vectors: a removed one lowers the bound of the cache by two


# The vectors of some chunks; None for those that are made later.
Embed = Callable[[Sequence[Chunk]], Sequence[bytes | None]]


class Writer:
    """Changes the index within one transaction. Obtained from `IndexStore.writing`."""

    def __init__(self, connection: apsw.Connection, dimension: int, lexer: Lexer) -> None:
        self._connection = connection
        self._dimension = dimension
        self._lexer = lexer
        self._vectors = vectors.VectorChanges(connection, dimension)
        self._generation = int(files.meta(connection, "generation")) + 1
        self._next_chunk = int(files.meta(connection, "next_chunk") or 1)
        self._names = NameWriter(connection)
        self._tally: Counter[str] = Counter()  # what came, less what went

    def replace_file(
        self,
        parsed: ParsedFile,
        vectors_of_chunks: Sequence[bytes | None] | Embed,
        words_of_chunks: Sequence[Words] | None = None,
    ) -> None:
        """Put what was learnt from a file in the place of what was known of it; what stays the same is not touched.

        `vectors_of_chunks` are those of all chunks, or what makes those of the chunks that are new; one that is None
        is added later, with `add_vectors`. `words_of_chunks` are those of `lexed`, where they were made already.
        """
        connection, path = self._connection, parsed.file.path
        if not files.is_as_read_now(connection, path):
            self._drop_contents(path)
        self._count_file(path, parsed.file.language)
        file_id = files.put(connection, parsed.file, files.find_id(connection, path))
        self._replace_symbols(file_id, parsed.symbols)
        difference = keep_chunks(connection, file_id, parsed.chunks)
        self._forget(difference.went)
        came = [parsed.chunks[position] for position in difference.came]
        words = [words_of_chunks[p] for p in difference.came] if words_of_chunks else lexed(came, self._lexer)
        self._add_chunks(file_id, came, self._vectors_of(parsed, vectors_of_chunks, difference.came), words)
        path_keys.put(connection, path)
        files.remove_outcomes(connection, path)

    def _vectors_of(
        self, parsed: ParsedFile, given: Sequence[bytes | None] | Embed, came: Sequence[int]
    ) -> Sequence[bytes | None]:
        if callable(given):
            found = given([parsed.chunks[position] for position in came])
            self._check(parsed, found, len(came))
        else:
            self._check(parsed, given, len(parsed.chunks))
            found = [given[position] for position in came]
        if None in found:
            files.mark_waiting(self._connection, parsed.file.path)
        return found

    def _add_chunks(
        self, file_id: int, came: Sequence[Chunk], their_vectors: Sequence[bytes | None], words: Sequence[Words]
    ) -> None:
        connection, first = self._connection, self._next_chunk
        chunks.put(connection, file_id, enumerate(came, first))
        lexical.put(connection, enumerate(words, first))
        known = [
            (number, content_hash(chunk.embedding_text), vector)
            for number, (chunk, vector) in enumerate(zip(came, their_vectors, strict=True), first)
            if vector is not None
        ]
        self._put_vectors(known)
        self._next_chunk += len(came)
        self._tally[tallies.CHUNKS] += len(came)

    def keep_displaced(self, records: Mapping[tuple[str, str], bytes]) -> None:
        """Keep what was made of files before they changed, by path and content hash."""
        if records:
            displaced.keep(self._connection, records)

    def add_vectors(self, path: str, found: Mapping[int, tuple[str, bytes]]) -> None:
        """Give chunks of a file the vectors that they lack: by id, the hash of the embedding text and the vector."""
        waiting = set(files.without_vectors(self._connection, path))
        self._put_vectors([(number, key, vector) for number, (key, vector) in found.items() if number in waiting])
        if waiting <= found.keys():
            files.mark_embedded(self._connection, path)

    def _put_vectors(self, found: Sequence[tuple[int, str, bytes]]) -> None:
        self._vectors.put([(number, vector) for number, _, vector in found])
        vectors.remember(self._connection, {key: vector for _, key, vector in found}, self._generation)

    def _replace_symbols(self, file_id: int, symbols_now: Sequence[Symbol]) -> None:
        difference = keep_symbols(self._connection, file_id, symbols_now)
        ids = self._names.ids(symbol.name for symbol in difference.came)
        symbols.put(self._connection, file_id, difference.came, ids)
        self._names.lose(difference.lost_names)
        self._tally[tallies.SYMBOLS] += len(difference.came) - len(difference.lost_names)

    def _forget(self, ids: Sequence[int]) -> None:
        """Take chunks that are gone out of what is searched."""
        lexical.remove(self._connection, ids)
        self._vectors.remove(ids)
        self._tally[tallies.CHUNKS] -= len(ids)

    def remove_file(self, path: str) -> None:
        """Forget a file and what was recorded about it. Its vectors stay in the cache."""
        file_id = self._drop_contents(path)
        if file_id is not None:
            self._count_file(path, None)
            files.remove(self._connection, file_id)
            path_keys.remove(self._connection, path)
        files.remove_outcomes(self._connection, path)

    def set_file_times(self, file: IndexedFile) -> None:
        """The file was touched and its content is the same; nothing happens where it is indexed with another one."""
        files.set_times(self._connection, file)

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
        self._names.finish()
        tallies.add(connection, self._tally)
        changed = self._vectors.number
        if changed >= LARGE_WRITE or self._generation % TIDY_EVERY == 0:
            vectors.prune_cache(connection, LARGE_WRITE + PRUNED_PER_CHUNK * changed)
        self._vectors.finish(self._generation)
        space.give_back(connection, changed)
        files.set_meta(connection, "next_chunk", self._next_chunk)
        files.set_meta(connection, "generation", self._generation)

    def _drop_contents(self, path: str) -> int | None:
        file_id = files.find_id(self._connection, path)
        if file_id is None:
            return None
        self._forget(chunks.remove(self._connection, file_id))
        lost = symbols.remove(self._connection, file_id)
        self._names.lose(lost)
        self._tally[tallies.SYMBOLS] -= len(lost)
        return file_id

    def _count_file(self, path: str, language: str | None) -> None:
        """The file at the path, indexed or not until now, is to have this language; None where it goes."""
        known = files.find(self._connection, path)
        if known is not None:
            self._tally[tallies.LANGUAGE + known.language] -= 1
        if language is not None:
            self._tally[tallies.LANGUAGE + language] += 1

    def _check(self, parsed: ParsedFile, blobs: Sequence[bytes | None], wanted: int) -> None:
        if len(blobs) != wanted or any(blob is not None and len(blob) != self._dimension for blob in blobs):
            raise StoreError(
                f"{parsed.file.path} has {len(parsed.chunks)} chunks, and its vectors do not fit them; index it again."
            )
