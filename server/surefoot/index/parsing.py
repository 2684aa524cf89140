"""Parse stage: files to symbols and chunks, over several processes where there are many.

Where a file is parsed in a process of its own, its words are split and its chunks embedded there too: what is left
for the one process that writes is to write.

Invariant: what is parsed comes in the order of the paths, and a process that dies costs its files one sentence.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing import connection
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import TypeVar

from surefoot.config import Settings
from surefoot.domain import FailedFile, IndexedFile, Link, ParsedFile, Root, SkippedFile, TicketPattern
from surefoot.errors import Cancelled
from surefoot.index.manners import lower_process_priority, parser_processes
from surefoot.sources import identify_file, parse_file
from surefoot.store.lexed import Words, lexed
from surefoot.trace import CancelToken
from surefoot.words import index_words

# Per task: large enough to hide the cost of handing over, small enough to cancel. Of fewer files the tasks are smaller,
# so that the first is soon there to be written, and no process is left with a long last one.
BATCH_FILES = 32
FEWEST_BATCHES = 40
FEWEST_FOR_PROCESSES = 200  # files; below, starting processes (0.5 s each) takes longer than parsing
FEWEST_FOR_RUNNING_PROCESSES = 40  # files; enough for two processes that are there already
# Batches in flight per process: bounds the memory, and keeps all of them busy while a transaction's worth is written.
AHEAD = 8
ENDED = "Indexing was stopped, as Surefoot is shutting down."
# An address of a local socket has at most 107 bytes, and multiprocessing puts 33 of its own behind the folder.
LONGEST_TEMPORARY_FOLDER = 107 - len("/pymp-12345678/listener-12345678")
IDLE_SECONDS = 60.0  # after which the processes are let go: a branch switch and back, a rebase, come closer together


@dataclass(frozen=True, slots=True)
class PreparedFile:
    """A parsed file, and what was made of its chunks where it was parsed; empty where that is still to be done."""

    parsed: ParsedFile
    words: tuple[Words, ...] = ()
    links: tuple[tuple[Link, ...], ...] = ()
    vectors: tuple[bytes, ...] = ()
    patterns: tuple[TicketPattern, ...] = ()  # that the links were made with


Parsed = PreparedFile | SkippedFile | FailedFile
Outcome = Parsed | IndexedFile  # one whose content was taken apart before, and is to be taken back
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Work:
    """Files to parse. Of those in `new` nothing is indexed that stays, so all of their chunks have to be made ready.

    `known` are the hashes of contents of a path that were taken apart before. `weights` is the folder of the static
    embedder, which every process can open for itself; None for another one.
    """

    root: Root
    settings: Settings
    paths: Sequence[str]
    new: Collection[str] = ()
    known: Mapping[str, frozenset[str]] = field(default_factory=dict)
    weights: Path | None = None
    patterns: tuple[TicketPattern, ...] = ()  # in which tickets are written


class Parsers:
    """The processes that parse: started when there is work for them, kept for a while, never more than one set."""

    def __init__(self, settings: Settings) -> None:
        self._processes = parser_processes(settings)
        self._pool: ProcessPoolExecutor | None = None
        self._users = 0
        self._is_closed = False
        self._guard = threading.Lock()
        self._idle: threading.Timer | None = None

    def parse(self, work: Work, cancel: CancelToken) -> Iterator[Sequence[Outcome]]:
        """Parse all paths, a batch at a time; those with known contents, which are only identified, come first."""
        known = _identified(work, cancel)
        unknown = [path for path in work.paths if path not in known] if known else work.paths
        fewest = FEWEST_FOR_RUNNING_PROCESSES if self._pool else FEWEST_FOR_PROCESSES
        if self._processes < 2 or len(unknown) < fewest:
            yield from _batches(list(known.values()))
            for paths in _batches(unknown):
                cancel.raise_if_cancelled()
                yield _parse_batch(replace(work, paths=paths))
        else:
            yield from self._in_processes(work, _batches(unknown), cancel, meanwhile=_batches(list(known.values())))

    def close(self) -> None:
        """End the processes, for good."""
        with self._guard:
            self._is_closed = True
        self._discard(self._pool)

    def _discard(self, pool: ProcessPoolExecutor | None) -> None:
        """End these processes; others that another thread has started meanwhile go on."""
        with self._guard:
            if self._idle is not None:
                self._idle.cancel()
            if self._pool is pool:
                self._pool = None
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)

    def _in_processes(
        self, work: Work, batches: Iterable[list[str]], cancel: CancelToken, meanwhile: Iterator[Sequence[Outcome]]
    ) -> Iterator[Sequence[Outcome]]:
        """Parse the batches; what needs no parsing is handed on while the processes begin."""
        unfinished = deque(batches)
        pool = self._taken()
        try:
            yield from self._in_one_pool(pool, work, unfinished, cancel, meanwhile)
        except BrokenProcessPool:
            self._discard(pool)
            # A grammar has ended its process. It was one of the batches under way: those are tried apart, never here.
            for _ in range(min(len(unfinished), self._processes * AHEAD)):
                cancel.raise_if_cancelled()
                yield _parse_apart(work, unfinished.popleft())
            yield from self._in_processes(work, list(unfinished), cancel, meanwhile)
        finally:
            self._given_back()

    def _in_one_pool(
        self,
        pool: ProcessPoolExecutor,
        work: Work,
        unfinished: deque[list[str]],
        cancel: CancelToken,
        meanwhile: Iterator[Sequence[Outcome]],
    ) -> Iterator[Sequence[Outcome]]:
        """Parse the batches in order; each leaves `unfinished` when its outcomes are there."""
        futures: deque[Future[list[Parsed]]] = deque()
        try:
            while unfinished:
                cancel.raise_if_cancelled()
                while len(futures) < min(self._processes * AHEAD, len(unfinished)):
                    futures.append(_submitted(pool, work, unfinished[len(futures)]))
                yield from meanwhile
                outcomes = futures.popleft().result()
                unfinished.popleft()
                yield outcomes
            yield from meanwhile  # where the processes never began, or nothing was left for them
        except CancelledError as error:  # the processes were ended under way
            raise Cancelled(ENDED) from error
        finally:
            for future in futures:
                future.cancel()

    def _taken(self) -> ProcessPoolExecutor:
        with self._guard:
            if self._is_closed:
                raise Cancelled(ENDED)
            self._users += 1
            if self._idle is not None:
                self._idle.cancel()
            if self._pool is None:
                self._pool = _pool(self._processes)
            return self._pool

    def _given_back(self) -> None:
        with self._guard:
            self._users -= 1
            if self._users == 0 and self._pool is not None:
                self._idle = threading.Timer(IDLE_SECONDS, self._let_go)
                self._idle.daemon = True
                self._idle.start()

    def _let_go(self) -> None:
        with self._guard:
            if self._users:
                return
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True)


def parse_here(root: Root, paths: Sequence[str], settings: Settings) -> list[Parsed]:
    """Parse some files in this process, whatever is known of them."""
    return _parse_batch(Work(root, settings, paths))


def _identified(work: Work, cancel: CancelToken) -> dict[str, IndexedFile]:
    """The files whose content was taken apart before: to read and hash them takes a small part of what parsing does."""
    found: dict[str, IndexedFile] = {}
    for path in work.paths:
        if contents := work.known.get(path):
            cancel.raise_if_cancelled()
            file = identify_file(work.root, path, work.settings, contents)
            found |= {path: file} if file else {}
    return found


def _batches(items: Sequence[T]) -> Iterator[list[T]]:
    size = min(BATCH_FILES, 1 + len(items) // FEWEST_BATCHES)
    for start in range(0, len(items), size):
        yield list(items[start : start + size])


def _parse_batch(work: Work) -> list[Parsed]:
    outcomes = (parse_file(work.root, path, work.settings) for path in work.paths)
    return [PreparedFile(each) if isinstance(each, ParsedFile) else each for each in outcomes]


def _submitted(pool: ProcessPoolExecutor, work: Work, paths: list[str]) -> Future[list[Parsed]]:
    new = {path for path in paths if path in work.new}
    try:
        with _out_of_reach_of_ctrl_c():
            return pool.submit(_prepare_batch, replace(work, paths=paths, new=new, known={}))
    except BrokenProcessPool:
        raise
    except RuntimeError as error:  # the processes were ended under way
        raise Cancelled(ENDED) from error


def _prepare_batch(work: Work) -> list[Parsed]:
    """What a process does: parse the files, and make the chunks of new ones ready to be written."""
    return [_prepared(each, work) if isinstance(each, PreparedFile) else each for each in _parse_batch(work)]


def _prepared(file: PreparedFile, work: Work) -> PreparedFile:
    parsed = file.parsed
    if parsed.file.path not in work.new:
        return file
    from surefoot.links import links_in  # noqa: PLC0415 - an index that is current needs it not

    words = tuple(lexed(parsed.chunks, index_words))
    links = tuple(links_in(chunk, work.patterns) for chunk in parsed.chunks)
    if work.weights is None:
        return PreparedFile(parsed, words, links, patterns=work.patterns)
    from surefoot.models.static_embedder import StaticEmbedder  # noqa: PLC0415 - numpy and the weights

    texts = [chunk.embedding_text for chunk in parsed.chunks]
    vectors = tuple(StaticEmbedder.of(work.weights).embed_documents(texts))
    return PreparedFile(parsed, words, links, vectors, work.patterns)


def _parse_apart(work: Work, paths: list[str]) -> list[Parsed]:
    """Parse files in a process of their own, which one of them may end; that one has failed, the others have not."""
    try:
        with _pool(1) as pool:
            return _submitted(pool, work, paths).result()
    except BrokenProcessPool:
        if len(paths) == 1:
            return [FailedFile(paths[0], "Its parser process ended unexpectedly.")]
        return [outcome for path in paths for outcome in _parse_apart(work, [path])]


def expect_many_files() -> None:
    """Start what starts parsers, where there is such a thing: it takes a fifth of a second."""
    if _processes_that_start_alone().get_start_method() == "forkserver":
        from multiprocessing import forkserver  # noqa: PLC0415 - Windows has none

        with _out_of_reach_of_ctrl_c():
            forkserver.ensure_running()


def _pool(processes: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(processes, mp_context=_processes_that_start_alone(), initializer=_begin)


def _processes_that_start_alone() -> BaseContext:
    """How parsers are started: never by forking this process, whose threads might leave a lock shut in the child.

    On Linux a server without threads, which has imported what they need, forks itself: each starts a fifth of a second
    sooner.
    Elsewhere what a system's libraries do in the background may not survive a fork, and where the folder for temporary
    files is far down, there is no room for the address of that server.
    """
    if sys.platform != "linux" or len(os.fsencode(tempfile.gettempdir())) > LONGEST_TEMPORARY_FOLDER:
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        ["surefoot.index.parsing", "surefoot.links", "surefoot.sources.records", "surefoot.syntax.parse"]
    )
    return context


@contextmanager
def _out_of_reach_of_ctrl_c() -> Iterator[None]:
    """Processes that are started in the block don't get the signal, not even while they import.

    A terminal sends it to all processes of a command. Who started the parsers hears it, and ends them.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker  # noqa: PLC0415 - Windows has none

    resource_tracker.ensure_running()  # what starts it lets the signal through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin() -> None:
    """Run at low priority, leave Ctrl-C to whoever started us, and do not outlive that process: it may be killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    lower_process_priority()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
