"""Commits that are new: read from git, made ready, and written while git reads the next ones.

Invariant: each transaction checks that the history is still the one that the commits were listed of.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from surefoot.domain import COMMIT, IndexedFile, ParsedFile, Source, content_hash
from surefoot.index.embedding import vectors_of
from surefoot.index.history import check_history
from surefoot.index.meter import Meter
from surefoot.readings.commits import LANGUAGE, Commit, read_commit
from surefoot.sources.records import parsed_reading
from surefoot.store.lexed import Words, lexed
from surefoot.words import index_words
from surefoot.workspace.commits import read_commits

if TYPE_CHECKING:
    from surefoot.index.indexer import Indexing
    from surefoot.workspace.history import History

BATCH = 100  # commits of one transaction, which takes some hundredths of a second: a save has to wait for it
AT_ONCE = 10  # commits that are made ready in one go, which takes some milliseconds
AHEAD = 3  # batches that git reads while others are written
DAMAGED = "Git cannot read what it changed, as an object is damaged or lacking in this clone; git fsck names it."


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A commit that only has to be written."""

    parsed: ParsedFile
    words: list[Words]
    vectors: list[bytes | None]


def add_commits(
    indexing: Indexing, history: History, new: Sequence[str], between: Callable[[], object], *, as_they_are: bool
) -> bool:
    """Read and store commits. False where git has not told all of them, as when it cannot be started just now.

    A commit that is not whole is stored as one that is to be read again, unless commits are taken `as_they_are`.
    """
    meter, is_whole = Meter(len(new), indexing.progress, "commit"), True
    for asked, batch in _read_ahead(indexing, history, new):
        kept = [replace(commit, is_whole=True) for commit in batch] if as_they_are else batch
        prepared = _prepared(indexing, kept, between)
        with indexing.store.writing() as writer:
            check_history(indexing.store, history)
            for each in prepared:
                writer.replace_file(each.parsed, each.vectors, each.words)
        meter.advance(len(asked))
        is_whole = is_whole and len(batch) == len(asked) and all(commit.is_whole for commit in batch)
    return is_whole


def _read_ahead(
    indexing: Indexing, history: History, new: Sequence[str]
) -> Iterator[tuple[Sequence[str], list[Commit]]]:
    """The commits in batches, each with what was asked for.

    Git works on the next ones in processes of its own, while these are written.
    """
    batches = (new[start : start + BATCH] for start in range(0, len(new), BATCH))
    with _helpers() as helpers:
        waiting: deque[tuple[Sequence[str], Future[list[Commit]]]] = deque()
        while True:
            for batch in islice(batches, AHEAD - len(waiting)):
                waiting.append((batch, helpers.submit(read_commits, history, batch, indexing.cancel)))
            if not waiting:
                return
            indexing.cancel.raise_if_cancelled()
            asked, batch_read = waiting.popleft()
            yield asked, batch_read.result()


@contextmanager
def _helpers() -> Iterator[ThreadPoolExecutor]:
    """Threads that wait for git. What they have not begun is not waited for."""
    helpers = ThreadPoolExecutor(2, "surefoot-git")
    try:
        yield helpers
    finally:
        helpers.shutdown(wait=True, cancel_futures=True)


def _prepared(indexing: Indexing, batch: Sequence[Commit], between: Callable[[], object]) -> list[_Prepared]:
    found = []
    for start in range(0, len(batch), AT_ONCE):
        between()
        some = [parsed_commit(commit) for commit in batch[start : start + AT_ONCE]]
        chunks = [chunk for parsed in some for chunk in parsed.chunks]
        vectors = iter(vectors_of(indexing.embedder, indexing.store.cached_vectors, chunks))
        found += [
            _Prepared(parsed, lexed(parsed.chunks, index_words), list(islice(vectors, len(parsed.chunks))))
            for parsed in some
        ]
    between()
    return found


def parsed_commit(commit: Commit) -> ParsedFile:
    """What the index keeps of a commit. Without a hash it counts as unread, as what another version has read does."""
    reading = read_commit(commit)
    size = len(reading.text.encode("utf-8", "surrogatepass"))
    path, time_ns = f"{COMMIT}{commit.digits}", commit.time * 1_000_000_000
    hashed = content_hash(reading.text) if commit.is_whole else ""
    file = IndexedFile(path, Source.COMMITS, LANGUAGE, size, time_ns, hashed)
    parsed = parsed_reading(file, reading)
    return replace(parsed, problems=(DAMAGED,)) if commit.is_damaged else parsed
