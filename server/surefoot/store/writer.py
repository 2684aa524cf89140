"""What one write transaction does.

Invariant: a Writer lives as long as its transaction and belongs to one thread; nothing is seen before the commit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import apsw

from surefoot.domain import (
    Chunk,
    FailedFile,
    IndexedFile,
    Link,
    ParsedFile,
    SkippedFile,
    Symbol,
    TicketPattern,
    content_hash,
)
from surefoot.errors import StoreError
from surefoot.store import (
    chunks,
    displaced,
    explanations,
    files,
    lexical,
    link_patterns,
    links,
    path_keys,
    sources,
    space,
    symbols,
    tallies,
    vectors,
)
from surefoot.store.difference import (
    CHUNKS,
    SYMBOLS,
    TABLES,
    Difference,
    Keyed,
    carry_out,
    difference,
    keyed_chunks,
    keyed_symbols,
    texts_of,
)
from surefoot.store.lexed import Lexer, Words, lexed
from surefoot.store.names import NameWriter

# Counting what could be tidied takes a few milliseconds: paid by large writes, and by one in this many small ones.
TIDY_EVERY = 50
LARGE_WRITE = 1000  # chunks
IN_PART = "Read in part. {}"
PRUNED_PER_CHUNK = 3  # cached vectors: a removed one lowers the bound of the cache by two

Cached = Callable[[Sequence[str]], dict[str, bytes]]  # the vectors known for these hashes of embedding texts
# The vectors of some chunks; None for those that are made later.
Embed = Callable[[Cached, Sequence[Chunk]], Sequence[bytes | None]]


@dataclass(frozen=True, slots=True)
class _Change:
    """What is to be done so that a file has the symbols and chunks that it is to have."""

    file: IndexedFile
    known: files.Row | None  # its row until now
    symbols: Difference
    chunks: Difference


@dataclass(frozen=True, slots=True)
class _Parts:
    """What came: of chunks also their vectors, and their words where they were made already."""

    symbols: Sequence[Symbol]
    chunks: Sequence[Chunk]
    vectors: Sequence[bytes | None]
    words: Sequence[Words] | None = None
    links: Sequence[Sequence[Link]] | None = None


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
        self._words = lexical.WordChanges(connection)
        self._tally: Counter[str] = Counter()  # what came, less what went
        self._has_displaced = False
        self._ticket_patterns: tuple[TicketPattern, ...] | None = None  # not looked up yet

    def replace_file(
        self,
        parsed: ParsedFile,
        vectors_of_chunks: Sequence[bytes | None] | Embed,
        words_of_chunks: Sequence[Words] | None = None,
        links_of_chunks: Sequence[Sequence[Link]] | None = None,
        *,
        keeps: bool = False,
    ) -> None:
        """Put what was learnt from a file in the place of what was known of it; what stays the same is not touched.

        `vectors_of_chunks` are those of all chunks, or what makes those of the chunks that are new; one that is None
        is added later, with `add_vectors`. `words_of_chunks` are those of `lexed` and `links_of_chunks` those of
        `links_in` with the `ticket_patterns`, where they were made already.
        With `keeps`, what goes can be taken back.
        """
        known = files.row(self._connection, parsed.file.path)
        if known is not None and not known.is_as_read_now:
            self._drop_contents(known.id)
            keeps = False
        change = self._change(parsed.file, known, keyed_symbols(parsed.symbols), keyed_chunks(parsed.chunks))
        came = change.chunks.came
        parts = _Parts(
            [parsed.symbols[position] for position in change.symbols.came],
            [parsed.chunks[position] for position in came],
            self._vectors_of(parsed, vectors_of_chunks, came),
            [words_of_chunks[position] for position in came] if words_of_chunks else None,
            [links_of_chunks[position] for position in came] if links_of_chunks else None,
        )
        self._carry_out(change, parts, keeps=keeps)
        if parsed.problems:
            in_part = FailedFile(parsed.file.path, IN_PART.format(" ".join(parsed.problems)))
            files.put_outcomes(self._connection, [in_part])

    def take_back(self, file: IndexedFile, embed: Embed) -> bool:
        """Give a file what it had of this content before; False, and nothing done, where not all of that is kept.

        What goes can be taken back in turn.
        """
        known, kept = files.row(self._connection, file.path), displaced.find(self._connection, file)
        if kept is None or (known is not None and not known.is_as_read_now):
            return False
        change = self._change(file, known, kept.symbols, kept.chunks)
        if not kept.has(change.symbols.came, change.chunks.came):
            return False
        chunks_now = [kept.chunk(position) for position in change.chunks.came]
        symbols_now = [kept.symbol(position) for position in change.symbols.came]
        is_kept = known is not None and kept.has_already(known.content_hash, change.symbols, change.chunks)
        if is_kept and known is not None:
            displaced.renew(self._connection, file.path, known.content_hash)
        self._carry_out(change, _Parts(symbols_now, chunks_now, embed(self._cached, chunks_now)), keeps=not is_kept)
        return True

    def _change(
        self, file: IndexedFile, known: files.Row | None, symbols_now: Sequence[Keyed], chunks_now: Sequence[Keyed]
    ) -> _Change:
        file_id = files.NO_ROW if known is None else known.id
        wanted = zip(TABLES, (symbols_now, chunks_now), strict=True)
        return _Change(file, known, *(difference(self._connection, table, file_id, parts) for table, parts in wanted))

    def _carry_out(self, change: _Change, parts: _Parts, *, keeps: bool) -> None:
        connection, file, known = self._connection, change.file, change.known
        if keeps and known is not None:
            self._keep(file.path, known, change.symbols, change.chunks)
        self._count_file(known, file)
        file_id = files.put(connection, file, None if known is None else known.id)
        self._change_symbols(file_id, change.symbols, parts.symbols)
        carry_out(connection, CHUNKS, change.chunks)
        self._forget(change.chunks.went)
        self._add_chunks(file_id, change.chunks.came_keys, parts)
        if None in parts.vectors:
            files.mark_waiting(connection, file.path)
        if known is None:
            path_keys.put(connection, file.path)
        files.remove_outcomes(connection, file.path)

    def _keep(self, path: str, known: files.Row, symbols_gone: Difference, chunks_gone: Difference) -> None:
        if files.outcomes_at(self._connection, [path]):  # what could not be read of it is not kept with the rest
            return
        displaced.keep(self._connection, path, known.content_hash, symbols_gone, chunks_gone)
        self._has_displaced = True

    def _vectors_of(
        self, parsed: ParsedFile, given: Sequence[bytes | None] | Embed, came: Sequence[int]
    ) -> Sequence[bytes | None]:
        if callable(given):
            found = given(self._cached, [parsed.chunks[position] for position in came])
            self._check(parsed, found, len(came))
            return found
        self._check(parsed, given, len(parsed.chunks))
        return [given[position] for position in came]

    def _cached(self, keys: Sequence[str]) -> dict[str, bytes]:
        return vectors.cached(self._connection, keys)

    def _add_chunks(self, file_id: int, keys: Sequence[int], parts: _Parts) -> None:
        connection, first = self._connection, self._next_chunk
        chunks.put(connection, file_id, zip(range(first, first + len(keys)), keys, parts.chunks, strict=True))
        links.put(connection, enumerate(parts.links or self._links_in(parts.chunks), first))
        words = lexed(parts.chunks, self._lexer) if parts.words is None else parts.words
        self._words.put(enumerate(words, first))
        known = [
            (number, content_hash(chunk.embedding_text), vector)
            for number, (chunk, vector) in enumerate(zip(parts.chunks, parts.vectors, strict=True), first)
            if vector is not None
        ]
        self._put_vectors(known)
        self._next_chunk += len(keys)
        self._tally[tallies.CHUNKS] += len(keys)

    def _links_in(self, of: Sequence[Chunk]) -> Iterator[tuple[Link, ...]]:
        from surefoot.links import links_in  # noqa: PLC0415 - an index that is current needs it not

        return (links_in(chunk, self.ticket_patterns) for chunk in of)

    @property
    def ticket_patterns(self) -> tuple[TicketPattern, ...]:
        """How tickets are written, besides the usual ways, in whatever is linked here."""
        if self._ticket_patterns is None:
            self._ticket_patterns = link_patterns.patterns(self._connection)
        return self._ticket_patterns

    def set_ticket_patterns(self, patterns: Sequence[TicketPattern]) -> None:
        """Tickets are written otherwise; `make_links_again` is to follow until nothing is left."""
        link_patterns.adopt(self._connection, patterns)
        self._ticket_patterns = tuple(patterns)

    def make_links_again(self, limit: int) -> int:
        """Link so many more of the chunks that were there before the patterns changed; 0 where none is left."""
        return link_patterns.make_again(self._connection, limit)

    def mark_unread(self, folder: str) -> None:
        """The files in a folder are read in another way now: they look changed, and nothing can be taken back."""
        for path in files.mark_unread_below(self._connection, folder):
            displaced.forget(self._connection, path)

    def add_vectors(self, path: str, found: Mapping[int, tuple[str, bytes]]) -> bool:
        """Give chunks of a file the vectors that they lack: by id, the hash of the embedding text and the vector.

        Returns whether the file has all of them now.
        """
        waiting = set(files.without_vectors(self._connection, path))
        self._put_vectors([(number, key, vector) for number, (key, vector) in found.items() if number in waiting])
        has_all = waiting <= found.keys()
        if has_all:
            files.mark_embedded(self._connection, path)
        return has_all

    def _put_vectors(self, found: Sequence[tuple[int, str, bytes]]) -> None:
        self._vectors.put([(number, vector) for number, _, vector in found])
        vectors.remember(self._connection, {key: vector for _, key, vector in found})

    def _change_symbols(self, file_id: int, change: Difference, came: Sequence[Symbol]) -> None:
        names = SYMBOLS.texts.split(", ").index("name")
        lost = [texts[names] for texts in texts_of(self._connection, SYMBOLS, change.went).values()]
        carry_out(self._connection, SYMBOLS, change)
        ids = self._names.ids(symbol.name for symbol in came)
        symbols.put(self._connection, file_id, zip(change.came_keys, came, strict=True), ids)
        self._names.lose(lost)
        self._tally[tallies.SYMBOLS] += len(came) - len(lost)

    def _forget(self, ids: Sequence[int]) -> None:
        """Take chunks that are gone out of what is searched."""
        if not ids:
            return
        self._words.remove(ids)
        links.remove(self._connection, ids)
        self._vectors.remove(ids)
        self._tally[tallies.CHUNKS] -= len(ids)

    def remove_file(self, path: str, *, keeps: bool = False) -> None:
        """Forget a file and what was recorded about it. Its vectors stay in the cache.

        With `keeps`, what goes can be taken back; without, nothing that it ever had can.
        """
        if not keeps:
            displaced.forget(self._connection, path)
            explanations.forget(self._connection, path)
        known = files.row(self._connection, path)
        if known is not None:
            if keeps and known.is_as_read_now:
                self._keep(path, known, *(difference(self._connection, table, known.id, ()) for table in TABLES))
            self._drop_contents(known.id)
            self._count_file(known, None)
            files.remove(self._connection, known.id)
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

    def keep_explanation(self, key: str, path: str, content: str) -> None:
        """Keep what was said of a definition in a file."""
        explanations.keep(self._connection, key, path, content)

    def set_meta(self, name: str, value: str) -> None:
        """Record a fact about the index under a name of the caller's."""
        files.set_caller_meta(self._connection, name, value)

    def finish(self) -> None:
        """The last step before the commit; called by the store."""
        connection = self._connection
        self._names.finish()
        self._words.finish()
        tallies.add(connection, self._tally)
        sources.settle(connection)
        if self._has_displaced:
            displaced.let_go(connection)
        changed = self._vectors.number
        # What only went may come back in the next transaction, under another path.
        if self._vectors.brings_any and (changed >= LARGE_WRITE or self._generation % TIDY_EVERY == 0):
            vectors.prune_cache(connection, LARGE_WRITE + PRUNED_PER_CHUNK * changed)
        self._vectors.finish(self._generation)
        space.give_back(connection, changed)
        files.set_meta(connection, "next_chunk", self._next_chunk)
        files.set_meta(connection, "generation", self._generation)

    def _drop_contents(self, file_id: int) -> None:
        self._forget(chunks.remove(self._connection, file_id))
        lost = symbols.remove(self._connection, file_id)
        self._names.lose(lost)
        self._tally[tallies.SYMBOLS] -= len(lost)

    def _count_file(self, known: files.Row | None, file: IndexedFile | None) -> None:
        """The file, indexed or not until now, is to be of this language and source; None where it goes."""
        if known is not None:
            self._tally[tallies.LANGUAGE + known.language] -= 1
            self._tally[tallies.SOURCE + known.source] -= 1
        if file is not None:
            self._tally[tallies.LANGUAGE + file.language] += 1
            self._tally[tallies.SOURCE + file.source] += 1

    def _check(self, parsed: ParsedFile, blobs: Sequence[bytes | None], wanted: int) -> None:
        if len(blobs) != wanted or any(blob is not None and len(blob) != self._dimension for blob in blobs):
            raise StoreError(
                f"{parsed.file.path} has {len(parsed.chunks)} chunks, and its vectors do not fit them; index it again."
            )
