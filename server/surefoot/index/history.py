"""The commits of a root, brought up to date: those that lead to HEAD are in the index, and no others.

    look at HEAD -> list the commits -> forget those that are gone -> read, embed and store those that are new

Two facts are kept with the commits. `HISTORY_VALID` is the state of the history at which every indexed commit led to
HEAD: as long as it is the present one, commits can be shown. `COMPLETE` is the state at which none was missing either:
as long as it is the present one, there is nothing to do, which is found out by looking at a few files.
A commit of which git failed to tell something is read again at every look, until it is whole or was looked at in vain
often enough. Where git says that an object is damaged, it is kept as it is, and listed as read in part.

Invariant: whoever stores commits does so only while `HISTORY_VALID` is the state that they were listed at. So two
threads or processes that are at it at once, or a rebase meanwhile, never leave a commit behind that is gone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from surefoot.domain import COMMIT, HISTORY_VALID
from surefoot.index.embedding import fill_vectors
from surefoot.workspace.history import History, history_of, reachable

if TYPE_CHECKING:
    from surefoot.index.indexer import Indexing
    from surefoot.store.database import IndexStore

COMPLETE = "history.complete"
DOUBTS = "history.doubts"  # how often git failed to tell all, and when that was counted last, in seconds
MOST_DOUBTS = 3  # looks in vain, at least so many seconds apart: a moment without memory or processes is over by then
DOUBT_SECONDS = 60.0
ENDS = "history.ends"  # of the shallow clone that the commits were read in
NOWHERE = "none"  # the state of what has no history
REMOVED_AT_ONCE = 100  # commits, in some hundredths of a second: a save has to wait for it
ATTEMPTS = 3  # to come to an end while HEAD moves; the next look goes on
ALL = None


@dataclass(frozen=True, slots=True)
class HistoryReport:
    """What was done. With `is_complete`, the index has every commit that leads to HEAD, up to the limit."""

    read: int = 0
    removed: int = 0
    is_complete: bool = True


NOTHING = HistoryReport()


class _OvertakenError(Exception):
    """Somebody else has brought the commits to another state meanwhile."""


def is_current(indexing: Indexing) -> bool:
    """Whether there is nothing to do. Looks at a few small files."""
    history = _history(indexing)
    return _known_complete(indexing, history) or (history is None and not indexing.store.known_commits()[0])


def bring_history_up(
    indexing: Indexing, *, most: int | None = ALL, between: Callable[[], object] = lambda: None
) -> HistoryReport:
    """Make the indexed commits those that lead to HEAD. Of new ones at most `most`, the latest first.

    `between` is called every few commits, where nothing is locked: it may wait for something that is more urgent.
    """
    for _ in range(ATTEMPTS):
        history = _history(indexing)
        if _known_complete(indexing, history):
            break
        try:
            return _brought_up(indexing, history, most, between)
        except _OvertakenError:
            continue
    return NOTHING


def _history(indexing: Indexing) -> History | None:
    return history_of(indexing.root) if indexing.settings.history_commits else None


def _state(history: History | None) -> str:
    return NOWHERE if history is None else history.state


def _complete_state(indexing: Indexing, history: History | None) -> str:
    """Commits are read again by another version of Surefoot, and when more or fewer are wanted."""
    return f"{_state(history)} {indexing.settings.history_commits} {indexing.store.reading}"


def _known_complete(indexing: Indexing, history: History | None) -> bool:
    return indexing.store.meta(COMPLETE) == _complete_state(indexing, history)


def _brought_up(
    indexing: Indexing, history: History | None, most: int | None, between: Callable[[], object]
) -> HistoryReport:
    store = indexing.store
    known, unread = store.known_commits()
    wanted = () if history is None else reachable(history, indexing.settings.history_commits, indexing.cancel)
    if wanted is None or (history is None and not known):
        return HistoryReport(is_complete=wanted is not None)
    gone = known.difference(wanted)
    _remove(indexing, sorted(gone), _state(history), frozenset(wanted))
    # Where a shallow clone ends, a commit has no files; when the clone is deepened, it has.
    again = unread | (known & _ends_moved(store, history))
    new = [digits for digits in wanted if digits not in known or digits in again]
    doubts = _doubts(store)
    is_whole = history is None or not new or _added(indexing, history, new[:most], between, doubts)
    is_complete = (is_whole or doubts.are_enough) and (most is None or len(new) <= most)
    _finish(indexing, history, None if is_whole or is_complete else doubts, is_complete=is_complete)
    if most is None:
        fill_vectors(store, indexing.embedder, lambda _: None, indexing.cancel)
    return HistoryReport(len(new[:most]), len(gone), is_complete)


@dataclass(frozen=True, slots=True)
class _Doubts:
    """How often git failed to tell all of the commits, and the second at which that was counted last."""

    number: int
    at: float

    @property
    def are_enough(self) -> bool:
        """Whether what git does not tell now is taken for lost."""
        return self.number >= MOST_DOUBTS


def _doubts(store: IndexStore) -> _Doubts:
    """With the present look as one in vain, unless the last one was counted just now."""
    number, _, at = (store.meta(DOUBTS) or "0 0").partition(" ")
    now, before = time.time(), _Doubts(int(number), float(at))
    return _Doubts(before.number + 1, now) if abs(now - before.at) >= DOUBT_SECONDS else before


def _ends_moved(store: IndexStore, history: History | None) -> frozenset[str]:
    before = frozenset((store.meta(ENDS) or "").split())
    return before ^ (frozenset() if history is None else history.ends)


def _remove(indexing: Indexing, gone: Sequence[str], state: str, wanted: frozenset[str]) -> None:
    """Forget commits; from the last transaction on, all others are known to lead to HEAD.

    Somebody else may have stored some since the known ones were looked up, for another HEAD.
    """
    batches = [gone[start : start + REMOVED_AT_ONCE] for start in range(0, len(gone), REMOVED_AT_ONCE)] or [()]
    for number, batch in enumerate(batches, start=1):
        indexing.cancel.raise_if_cancelled()
        with indexing.store.writing() as writer:
            is_last = number == len(batches)
            if is_last and not indexing.store.known_commits()[0] <= wanted.union(batch):
                raise _OvertakenError
            for digits in batch:
                writer.remove_file(f"{COMMIT}{digits}")
            writer.set_meta(HISTORY_VALID, state if is_last else "")
            writer.set_meta(COMPLETE, "")


def _added(
    indexing: Indexing, history: History, new: Sequence[str], between: Callable[[], object], doubts: _Doubts
) -> bool:
    from surefoot.index.commits import add_commits  # noqa: PLC0415 - an index that is current needs it not

    return add_commits(indexing, history, new, between, as_they_are=doubts.are_enough)


def check_history(store: IndexStore, history: History) -> None:
    """The write lock is held, so that nobody changes this fact meanwhile."""
    if store.meta(HISTORY_VALID) != history.state:
        raise _OvertakenError


def _finish(indexing: Indexing, history: History | None, doubts: _Doubts | None, *, is_complete: bool) -> None:
    with indexing.store.writing() as writer:
        if history is not None:
            check_history(indexing.store, history)
        writer.set_meta(DOUBTS, "" if doubts is None else f"{doubts.number} {doubts.at:.0f}")
        if is_complete:
            writer.set_meta(ENDS, " ".join(sorted(history.ends)) if history is not None else "")
            writer.set_meta(COMPLETE, _complete_state(indexing, history))
