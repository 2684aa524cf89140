"""The index of one root: what the other parts of Surefoot call.

Invariant: one writer at a time over all threads and processes, one transaction per `writing` block; readers see the
last commit and never wait for a writer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import apsw

from surefoot.domain import (
    NULL_SIMILARITY,
    Chunk,
    ChunkPlace,
    EmbedderIdentity,
    FailedFile,
    IndexedFile,
    Link,
    LinkKind,
    Scope,
    SkippedFile,
    Source,
    Span,
    Symbol,
    TicketPattern,
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
    migrations,
    path_keys,
    recovery,
    sources,
    symbols,
    vectors,
)
from surefoot.store import commits as commit_rows
from surefoot.store import names as name_rows
from surefoot.store.connections import (
    CHECKPOINT_PAGES,
    LATEST_CHECKPOINT_PAGES,
    PAGE_SIZE,
    FileIdentity,
    Identities,
    ReadConnections,
    connect,
    file_identity,
    identities,
    one_state,
    transaction,
    write_back_from,
)
from surefoot.store.faults import (
    can_be_written,
    damage_mark,
    display_name,
    explained,
    folder_explained,
    unwritable,
)
from surefoot.store.files import StoreCounts
from surefoot.store.lexed import Lexer
from surefoot.store.look import Looks, Read
from surefoot.store.names import Lengths
from surefoot.store.recovery import State
from surefoot.store.write_lock import WriteLock
from surefoot.store.writer import Writer

if TYPE_CHECKING:
    from surefoot.store.code_memory import CodeMemory

EVERYTHING = Scope()


class IndexStore:
    """One database file. Safe to use from any thread; open it with `IndexStore.open`."""

    def __init__(self, location: Path, embedder: EmbedderIdentity, lock: WriteLock, lexer: Lexer, reading: int) -> None:
        self.location = location
        self.embedder = embedder
        self.reading = reading
        self.notices: tuple[str, ...] = ()
        self._lock = lock
        self._lexer = lexer
        self._codes: CodeMemory | None = None
        self._readers = ReadConnections(location)
        self._looks = Looks()
        self._writer: apsw.Connection | None = None
        self._writer_file: Identities = None, None
        self._times_made = 0

    @classmethod
    def open(
        cls, location: Path, embedder: EmbedderIdentity, *, lock_timeout: float, lexer: Lexer, reading: int = 0
    ) -> IndexStore:
        """Open the database at the location; make it, migrate it or put it aside as needed.

        `reading` numbers the way in which files are taken apart: what was read in another way is to be read again.
        """
        store = cls(location, embedder, WriteLock(location, lock_timeout), lexer, reading)
        if not store._is_ready():
            with store._lock.held():
                store._prepare()
        return store

    def close(self) -> None:
        """Let go of the file. Reads in progress end first."""
        self._readers.close()
        with self._lock.held_among_threads():
            self._close_writer()

    # --- writing ---

    @contextmanager
    def writing(self, *, writes_back: bool = True) -> Iterator[Writer]:
        """One transaction: committed at the end of the block, rolled back when the block raises.

        Without `writes_back`, a log that has become long is left for `write_back`: that takes a tenth of a second.
        """
        with self._lock.held(), explained(self.location):
            connection = self._write_connection()
            write_back_from(connection, CHECKPOINT_PAGES if writes_back else LATEST_CHECKPOINT_PAGES)
            with transaction(connection):
                self._check_embedder(connection)
                writer = Writer(connection, self.embedder.dimension, self._lexer)
                yield writer
                writer.finish()

    def write_back(self) -> None:
        """Write a long log back into the database, as far as nobody reads from it."""
        with self._lock.held_among_threads():
            if self._writer is not None and self._log_pages() >= CHECKPOINT_PAGES:
                with suppress(apsw.Error):  # it stays in the log, and the next commit tries again
                    self._writer.wal_checkpoint()

    # --- reading ---

    @contextmanager
    def one_look(self) -> Iterator[None]:
        """All that this thread reads in the block is of one commit, and what it asks for again is not read again."""
        if self._looks.now is not None:
            yield
            return
        with explained(self.location), self._readers.lend() as connection, self._looks.taken(connection):
            yield

    # --- reading: files ---

    def files(self) -> dict[str, IndexedFile]:
        """Every indexed file by its path."""
        with self._reading() as connection:
            return files.all_files(connection)

    def file(self, path: str) -> IndexedFile | None:
        """The file at the path, None if it is not indexed."""
        with self._reading() as connection:
            return files.find(connection, path)

    def files_at(self, paths: Iterable[str]) -> dict[str, IndexedFile]:
        """The indexed files among these paths and below them."""
        with self._reading() as connection:
            return files.at(connection, paths)

    def holds_any(self, scope: Scope) -> bool:
        """Whether any chunk is in scope."""
        with self._reading() as connection:
            return chunks.exist(connection, scope)

    def paths(self) -> list[str]:
        """The paths of all indexed files, sorted."""
        with self._reading() as connection:
            return files.paths(connection)

    def outcomes(self) -> tuple[tuple[SkippedFile, ...], tuple[FailedFile, ...]]:
        """The files that were left out, and those that could not be indexed."""
        with self._reading() as connection:
            return files.outcomes(connection)

    def outcome_counts(self) -> tuple[dict[str, int], tuple[FailedFile, ...]]:
        """How many files were left out for each reason, and those that could not be indexed."""
        with self._reading() as connection:
            return files.outcome_counts(connection)

    def displaced_hashes(self, paths: Iterable[str]) -> dict[str, frozenset[str]]:
        """Of which contents of these files it is still known what they had, before they changed."""
        with self._reading() as connection:
            return displaced.hashes(connection, paths)

    def read_in_part(self) -> tuple[FailedFile, ...]:
        """The indexed files of which a part could not be read; they are among those of `outcomes` too."""
        with self._reading() as connection:
            return files.read_in_part(connection)

    def outcomes_at(self, paths: Iterable[str]) -> set[str]:
        """The files among these paths and below them that were left out or could not be indexed."""
        with self._reading() as connection:
            return files.outcomes_at(connection, paths)

    # --- reading: chunks ---

    def chunks(self, ids: Sequence[int]) -> dict[int, Chunk]:
        """The chunks of these ids, in the order asked; unknown ids are left out."""
        with self._reading() as connection:
            return chunks.load(connection, ids)

    def chunk_places(self, ids: Sequence[int]) -> dict[int, ChunkPlace]:
        """Where each chunk stands; unknown ids are left out."""
        with self._reading() as connection:
            return chunks.places(connection, ids)

    def chunk_paths(self, ids: Sequence[int]) -> dict[int, str]:
        """The path of each chunk; unknown ids are left out."""
        with self._reading() as connection:
            return chunks.paths(connection, ids)

    def chunk_ids(self, path: str, scope: Scope = EVERYTHING) -> tuple[int, ...]:
        """The chunks of the file in the order of their lines."""
        with self._reading() as connection:
            return chunks.ids_in_file(connection, path, scope)

    def chunk_at(self, path: str, line: int) -> int | None:
        """The chunk that holds the line; of several, the one that starts last."""
        with self._reading() as connection:
            return chunks.at_line(connection, path, line)

    def chunk_ids_within(self, span: Span) -> tuple[int, ...]:
        """The chunks that begin within these lines, in their order."""
        with self._reading() as connection:
            return chunks.ids_within(connection, span)

    def in_scope(self, ids: Sequence[int], scope: Scope) -> set[int]:
        """Those of these chunks that are in scope."""
        with self._reading() as connection:
            return chunks.in_scope(connection, ids, scope)

    # --- reading: commits ---

    def known_commits(self) -> tuple[frozenset[str], frozenset[str]]:
        """The digits of all commits that are indexed, and of those among them that another version has read."""
        with self._reading() as connection:
            return commit_rows.all_digits(connection), commit_rows.unread(connection)

    def commits_touching(self, path: str, functions: Sequence[str], limit: int) -> list[int]:
        """The chunks of commits that name a file and one of the functions, where any are given, the latest first."""
        with self._reading() as connection:
            return commit_rows.touching(connection, path, functions, limit)

    # --- reading: links ---

    def has_records(self) -> bool:
        """Whether anything is indexed that is neither code nor a document: tickets, commits, designs."""
        with self._reading() as connection:
            return sources.has_records(connection)

    def has_source(self, source: Source) -> bool:
        """Whether anything is indexed of the source: tickets, commits or designs."""
        with self._reading() as connection:
            return sources.has_source(connection, source)

    def links_of(self, ids: Sequence[int]) -> dict[int, list[Link]]:
        """What each of the chunks names, in the order of its lines; chunks without links are left out."""
        return self._once(("links of", *ids), lambda connection: links.of_chunks(connection, ids))

    def naming(self, kind: LinkKind, targets: Sequence[str], limit: int) -> list[tuple[int, Link]]:
        """The chunks that name one of these targets, the latest first, each with its link; so many in all."""
        key = ("naming", kind, limit, *targets)
        return self._once(key, lambda connection: links.naming(connection, kind, targets, limit))

    def ticket_patterns(self) -> tuple[TicketPattern, ...]:
        """How tickets are written here, besides the usual ways."""
        with self._reading() as connection:
            return link_patterns.patterns(connection)

    def has_old_links(self) -> bool:
        """Whether some chunks are still linked by patterns that tickets were written in before."""
        with self._reading() as connection:
            return not link_patterns.are_all_made(connection)

    def commits(self, digits: str, limit: int) -> list[str]:
        """The paths of indexed commits that begin with these digits."""
        with self._reading() as connection:
            return commit_rows.beginning_with(connection, digits, limit)

    # --- reading: words ---

    def lexical(self, match: str, scope: Scope, limit: int, weights: tuple[float, ...]) -> list[tuple[int, float]]:
        """The chunks that match the FTS5 expression best, by BM25 with a weight per column; higher is better."""
        with self._reading() as connection:
            return lexical.search(connection, match, scope, limit, weights)

    def document_frequency(self, words: Sequence[str]) -> dict[str, int]:
        """In how many chunks each word occurs, in any of its grammatical forms."""
        with self._reading() as connection:
            return lexical.document_frequency(connection, words)

    def mentioning(self, word: str, limit: int) -> list[Chunk]:
        """Chunks whose text holds the word in any of its grammatical forms, in the order of their ids; no ranking."""
        with self._reading() as connection:
            return list(chunks.load(connection, lexical.with_word(connection, word, limit)).values())

    def chunk_ids_with(self, word: str, limit: int) -> list[int]:
        """The ids alone of those."""
        with self._reading() as connection:
            return list(lexical.with_word(connection, word, limit))

    # --- reading: vectors ---

    def nearest(self, vector: bytes, scope: Scope, limit: int) -> list[tuple[int, float]]:
        """The chunks whose vectors are most alike, by cosine similarity; higher is better."""
        with self._reading() as connection:
            from surefoot.store import code_memory, vector_search  # noqa: PLC0415 - numpy; see there

            if self._codes is None:
                self._codes = code_memory.CodeMemory()
            with one_state(connection):
                self._check_embedder(connection)
                return vector_search.nearest(connection, self._codes, vector, scope, limit)

    def similarities(self, vector: bytes, ids: Sequence[int]) -> dict[int, float]:
        """How alike the vectors of these chunks are, by cosine similarity; chunks without a vector are left out."""
        with self._reading() as connection:
            from surefoot.store import vector_search  # noqa: PLC0415 - numpy

            self._check_embedder(connection)
            return vector_search.similarities(connection, vector, ids)

    def cached_vectors(self, keys: Sequence[str]) -> dict[str, bytes]:
        """The vectors known for these hashes of embedding texts, from files indexed now or earlier."""
        with self._reading() as connection:
            self._check_embedder(connection)
            return vectors.cached(connection, keys)

    def vectorless_files(self) -> int:
        """How many files have not all their vectors yet."""
        with self._reading() as connection:
            return files.vectorless_files(connection)

    def without_vectors(self, limit: int, paths: Sequence[str] | None = None) -> dict[str, list[int]]:
        """Files that have not all their vectors yet, of these or of all, each with chunks that lack one; so many."""
        with self._reading() as connection:
            return files.waiting_for_vectors(connection, limit, paths)

    # --- reading: symbols ---

    def symbols(self, name: str, scope: Scope = EVERYTHING) -> list[tuple[Symbol, int]]:
        """The symbols of this name in any letter case, each with the chunk that holds its first line."""
        with self._reading() as connection:
            return symbols.named(connection, name, scope)

    def definitions(self, name: str) -> list[Symbol]:
        """The symbols of this name in any letter case."""
        with self._reading() as connection:
            return symbols.defined(connection, name)

    def symbols_named_in(self, path: str, keys: Sequence[str], limit: int) -> list[tuple[Symbol, int]]:
        """The symbols of the file with these names in any case style, each with its chunk."""
        with self._reading() as connection:
            return symbols.in_file_with_keys(connection, path, keys, limit)

    def few_symbols(self, key: str, limit: int) -> list[tuple[Symbol, int]]:
        """The symbols of this name in any case style, each with its chunk; none where there are more than so many."""
        return self._once(("few", key, limit), lambda connection: symbols.few_with_key(connection, key, limit))

    def symbols_in_file(self, path: str) -> list[Symbol]:
        """The symbols of the file in the order of their lines."""
        with self._reading() as connection:
            return symbols.in_file(connection, path)

    def symbols_within(self, span: Span) -> list[Symbol]:
        """The symbols that lie in these lines with all of theirs, in the order of their lines."""
        return self._once(("within", span), lambda connection: symbols.within(connection, span))

    def is_defined(self, name: str, scope: Scope = EVERYTHING) -> bool:
        """Whether a symbol has this name in any letter case."""
        with self._reading() as connection:
            return symbols.is_defined(connection, name, scope)

    # --- reading: names ---

    def spellings(self, names: Collection[str]) -> dict[str, tuple[str, ...]]:
        """For each of the names that a symbol has in any case style: how it is written, sorted."""
        with self._reading() as connection:
            return name_rows.spellings(connection, names)

    def gram_counts(self, grams: Collection[str]) -> dict[str, int]:
        """How many names have each of these runs of three letters."""
        with self._reading() as connection:
            return name_rows.gram_counts(connection, grams)

    def names_holding(self, choices: Sequence[Collection[str]], lengths: Lengths, limit: int) -> list[str]:
        """The keys of names that have all grams of at least one of the choices, the shortest first."""
        with self._reading() as connection:
            return name_rows.holding(connection, choices, lengths, limit)

    def names_sharing(self, grams: Collection[str], lengths: Lengths, limit: int) -> list[str]:
        """The keys of names that have the most of these grams, the most first."""
        with self._reading() as connection:
            return name_rows.sharing(connection, grams, lengths, limit)

    def names_abbreviated(self, key: str, limit: int) -> list[str]:
        """The keys of names that begin as the key does and have its other letters in order, the shortest first."""
        with self._reading() as connection:
            return name_rows.abbreviated(connection, key, limit)

    def shortest_names(self, lengths: Lengths, limit: int) -> list[str]:
        """The keys of the first names from a length on."""
        with self._reading() as connection:
            return name_rows.shortest(connection, lengths, limit)

    # --- reading: paths by what people call them ---

    def paths_named(self, name: str, limit: int = path_keys.NO_LIMIT) -> list[str]:
        """The files with this name or stem, in any letter case, sorted."""
        with self._reading() as connection:
            return path_keys.named(connection, name, limit)

    def has_ending(self, ending: str) -> bool:
        """Whether a file has this ending, `.py` or the like, in any letter case."""
        with self._reading() as connection:
            return path_keys.any_ending(connection, ending)

    def has_folder(self, folder: str) -> bool:
        """Whether a file is in this folder or in one below it."""
        with self._reading() as connection:
            return path_keys.any_below(connection, folder)

    # --- reading: what was said of definitions ---

    def explanation(self, key: str) -> str | None:
        """What is kept under the key; None where nothing is."""
        with self._reading() as connection:
            return explanations.find(connection, key)

    # --- reading: the database itself ---

    def counts(self) -> StoreCounts:
        """How much the database holds."""
        with self._reading() as connection:
            return files.counts(connection, self._bytes_on_disk())

    def sources(self) -> dict[Source, int]:
        """How much there is of each source: tickets and commits, and of the others files."""
        with self._reading() as connection:
            return sources.counted(connection)

    def generation(self) -> int:
        """A number that rises with every commit of any process, and across a rebuild of the file."""
        with self._reading() as connection:
            return int(files.meta(connection, "generation"))

    def meta(self, name: str) -> str | None:
        """What a writer recorded with `set_meta`."""
        with self._reading() as connection:
            return files.caller_meta(connection, name)

    def identity(self) -> tuple[int, FileIdentity | None]:
        """Which file holds the index now. Another one than before has to be filled by whoever filled that."""
        return self._times_made, file_identity(self.location)  # numbers of deleted files are given out again

    def renew(self) -> None:
        """Make the database anew where it has been deleted, or found damaged; one that is sound stays as it is."""
        if self.is_lost():
            with self._lock.held():
                if not _has_content(self.location):
                    name = display_name(self.location)
                    self.notices += (f"The index of {name} had been deleted; it is made again.",)
                self._prepare()

    def is_lost(self) -> bool:
        """Whether the file has been deleted or was found damaged."""
        return not _has_content(self.location) or damage_mark(self.location).exists()

    # --- inside ---

    @contextmanager
    def _reading(self) -> Iterator[apsw.Connection]:
        look = self._looks.now
        with explained(self.location), self._readers.lend() if look is None else nullcontext(look.connection) as reader:
            yield reader

    def _once(self, key: object, read: Callable[[apsw.Connection], Read]) -> Read:
        """Read, or during one look what it has read before."""
        with self._reading() as connection:
            return self._looks.now.once(key, read) if self._looks.now is not None else read(connection)

    def _is_ready(self) -> bool:
        """Whether the database can be used as it is: the common case, which takes no lock."""
        if not can_be_written(self.location):
            raise unwritable(self.location)
        try:
            with folder_explained(self.location), explained(self.location):
                return recovery.examine(self.location) is State.CURRENT and self._was_made_alike()
        except StoreError:
            return False  # somebody may be putting it right: looked at again, and told, by whoever holds the lock

    def _was_made_alike(self) -> bool:
        with self._readers.lend() as connection:
            found = files.meta(connection, "embedder"), files.meta(connection, "reading")
        return found == (str(self.embedder), self.reading)

    def _prepare(self) -> None:
        """Make the file at the location a current one of this embedder. The lock is held."""
        with folder_explained(self.location), explained(self.location):
            if not _has_content(self.location):
                damage_mark(self.location).touch()  # of what the connections may write there in closing
            self._close_writer()  # with the readers at rest: the last one to go writes its log into the file
            self._readers.close_idle()
            state = recovery.examine(self.location)
            if state in (State.DAMAGED, State.NEWER):
                self.notices += (recovery.move_aside(self.location, state),)
            if state is State.OUTGROWN:
                self.notices += (recovery.start_anew(self.location),)
            damage_mark(self.location).unlink(missing_ok=True)  # of a file that is gone
            self._times_made += state in (State.ABSENT, State.DAMAGED, State.NEWER)
            connection = self._open_writer()
            migrations.migrate(connection)
            found = files.meta(connection, "embedder")
            if found != str(self.embedder):
                self._adopt_embedder(connection, is_first=found is None)
            read = files.meta(connection, "reading")  # none where the disk was full when it had got so far
            if read != self.reading:
                self._adopt_reading(connection, is_first=read is None)
            self._writer_file = identities(self.location)  # now that there is a log

    def _adopt_embedder(self, connection: apsw.Connection, *, is_first: bool) -> None:
        with transaction(connection):
            vectors.clear(connection)
            vectors.forget_all(connection)
            files.mark_without_vectors(connection)
            files.remove_meta(connection, files.CALLER + NULL_SIMILARITY)  # measured with the vectors that go
            files.set_meta(connection, "embedder", str(self.embedder))
        if not is_first:
            name = display_name(self.location)
            self.notices += (f"The index of {name} was made with another embedder; its vectors will be rebuilt.",)

    def _adopt_reading(self, connection: apsw.Connection, *, is_first: bool) -> None:
        with transaction(connection):
            files.mark_unread(connection)
            displaced.forget_all(connection)
            files.set_meta(connection, "reading", self.reading)
        if not is_first:
            name = display_name(self.location)
            self.notices += (f"The index of {name} was made by another version of Surefoot; its files are read again.",)

    def _check_embedder(self, connection: apsw.Connection) -> None:
        if files.meta(connection, "embedder") != str(self.embedder):
            raise StoreError(
                f"The index of {display_name(self.location)} now has vectors of another embedder, "
                "which another process put there; restart this one to use it."
            )

    def _write_connection(self) -> apsw.Connection:
        if self._writer is None or identities(self.location) != self._writer_file or self.is_lost():
            self._prepare()  # first write, or the file was moved aside or deleted by someone else
        assert self._writer is not None  # noqa: S101 - _prepare opens it
        return self._writer

    def _open_writer(self) -> apsw.Connection:
        self._close_writer()
        self._writer = connect(self.location, create=True)
        return self._writer

    def _close_writer(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _log_pages(self) -> int:
        log = self.location.with_name(self.location.name + "-wal")
        try:
            return log.stat().st_size // PAGE_SIZE
        except OSError:  # who closes last takes the log along
            return 0

    def _bytes_on_disk(self) -> int:
        found = (self.location.with_name(self.location.name + suffix) for suffix in ("", "-wal"))
        return sum(path.stat().st_size for path in found if path.exists())


def _has_content(location: Path) -> bool:
    """Whether there is a file, and not one that was cut to nothing: even an empty database has a page."""
    try:
        return location.stat().st_size > 0
    except OSError:
        return False
