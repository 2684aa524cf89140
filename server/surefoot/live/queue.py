"""The change queue: which paths wait to be looked at, and which of them come next.

A lone save goes at once. What follows in a burst is gathered, and given out as few as possible batches: open files
first, then what somebody edited lately, then the rest. Too many paths become one look at everything.

Invariant: no threads and no clock of its own; the same calls with the same times give the same batches. Nothing that
was put is lost: it is given out, or swallowed by a look at everything that is given out later.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

# A batch of so many files takes a fraction of a second, so that a save which comes meanwhile does not wait long for it.
FEW = 50
# Beyond, the queue is no list of paths any more: walking the root costs less than looking at each of them.
MOST = 2000
# Who puts so few paths at once is a person who saves, and no branch switch or install.
EDITED_AT_ONCE = 5
EDITED_REMEMBERED = 200  # paths; what somebody works on this morning
# While batches follow each other without a rest, each waits longer for company: a batch has its fixed costs.
GATHER_SECONDS = 0.02
LONGEST_GATHER = 0.5
# How often a path is given out without a pause: more than a person saves, less than a log grows.
FREE_TURNS = 20.0
TURNS_A_SECOND = 2.0
FIRST_PAUSE = 0.25  # doubled each time
LONGEST_PAUSE = 30.0
REST_SECONDS = 1.0  # a path that was quiet for so long has its last state looked at, whatever its pause
PACES_REMEMBERED = 2000
HELD_LOOK = 0.02  # how soon it is noticed that git has ended


class Rank(IntEnum):
    """What comes first."""

    OPEN = 0
    EDITED = 1
    REST = 2


@dataclass(frozen=True, slots=True)
class Batch:
    """What to look at next: these paths, or everything. A large one is not for the thread on which saves wait."""

    paths: tuple[Path, ...] = ()
    everything: bool = False

    @property
    def is_large(self) -> bool:
        """Whether it may take longer than a save should wait."""
        return self.everything or len(self.paths) > FEW


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a look at the queue depends on besides the time."""

    is_held: bool = False  # git is writing: only open files are given out
    is_busy: bool = False  # a large batch is being worked on: no other is given out


ORDINARY = Circumstances()


@dataclass(slots=True)
class _Wait:
    first: float
    last: float


@dataclass(slots=True)
class _Pace:
    turns: float
    at: float  # when it was given out last
    pause: float = 0.0


class ChangeQueue:
    """Paths go in, batches come out; `now` is any clock that does not go back."""

    def __init__(self, is_open: Callable[[Path], bool] = lambda _: False) -> None:
        self._is_open = is_open
        self._waiting: dict[Path, _Wait] = {}
        self._everything = False
        self._edited: OrderedDict[Path, None] = OrderedDict()
        self._paces: OrderedDict[Path, _Pace] = OrderedDict()
        self._streak = 0  # batches since the queue was empty
        self._gather_until = 0.0
        self._was_held = False

    def put(self, paths: Iterable[Path], now: float) -> None:
        """These files or folders changed; a time to come is when they are to be looked at."""
        paths = list(dict.fromkeys(paths))
        if len(paths) <= EDITED_AT_ONCE:
            self._note_edited(paths)
        for path in paths:
            wait = self._waiting.get(path)
            if wait is not None:
                wait.first, wait.last = min(wait.first, now), now  # a save is not kept waiting by a later try
            elif not self._everything or self._rank(path) is not Rank.REST:
                self._waiting[path] = _Wait(now, now)
        if len(self._waiting) > MOST:
            self.put_everything()

    def put_everything(self) -> None:
        """Anything may have changed."""
        self._everything = True
        kept = {path: wait for path, wait in self._waiting.items() if self._rank(path) is not Rank.REST}
        self._waiting = kept if len(kept) <= MOST else {}

    def clear(self) -> None:
        """Forget what waits."""
        self._waiting.clear()
        self._everything = False

    def take(self, now: float, circumstances: Circumstances = ORDINARY) -> Batch | float | None:
        """The next batch; or in how many seconds to look again; or None where only a new event changes anything."""
        if not self._waiting and not self._everything:
            self._streak, self._was_held = 0, circumstances.is_held
            return None
        by_rank: dict[Rank, list[Path]] = {rank: [] for rank in Rank}
        for path in self._due(now):
            by_rank[self._rank(path)].append(path)
        if by_rank[Rank.OPEN]:
            return self._given(by_rank[Rank.OPEN][:FEW], now)
        if circumstances.is_held:
            self._was_held = True
            return HELD_LOOK
        return self._take_others(by_rank, now, circumstances)

    def is_settled(self, now: float) -> bool:
        """Whether nothing waits but what has to pause, such as a log that grows all the time."""
        return not self._everything and all(self._due_at(path, wait) > now for path, wait in self._waiting.items())

    def _take_others(
        self, by_rank: dict[Rank, list[Path]], now: float, circumstances: Circumstances
    ) -> Batch | float | None:
        edited, rest = by_rank[Rank.EDITED], by_rank[Rank.REST]
        if self._everything or len(edited) + len(rest) > FEW:
            if edited and (circumstances.is_busy or self._everything):  # a look at everything may have to wait
                return self._given(edited[:FEW], now)
            if circumstances.is_busy:
                return self._next_due(now)
            if self._everything:
                return self._given_everything(now)
        elif not edited and rest and now < self._gather_until and not self._was_held:
            return self._gather_until - now
        paths = edited + rest
        return self._given(paths, now) if paths else self._next_due(now)

    def _due(self, now: float) -> list[Path]:
        return sorted(path for path, wait in self._waiting.items() if self._due_at(path, wait) <= now)

    def _due_at(self, path: Path, wait: _Wait) -> float:
        pace = self._paces.get(path)
        if pace is None or not pace.pause:
            return wait.first
        return max(wait.first, min(pace.at + pace.pause, wait.last + REST_SECONDS))

    def _next_due(self, now: float) -> float | None:
        later = [at - now for path, wait in self._waiting.items() if (at := self._due_at(path, wait)) > now]
        return min(later, default=None)

    def _given(self, paths: Sequence[Path], now: float) -> Batch:
        for path in paths:
            self._note_turn(path, self._waiting.pop(path), now)
        self._note_batch(now)
        return Batch(_without_swallowed(paths))

    def _given_everything(self, now: float) -> Batch:
        self.put_everything()  # what is open or edited stays: the look may be put off, for want of power
        self._everything = False
        self._note_batch(now)
        return Batch(everything=True)

    def _note_batch(self, now: float) -> None:
        self._was_held = False
        self._gather_until = now + min(GATHER_SECONDS * 2**self._streak, LONGEST_GATHER) if self._streak else now
        self._streak = min(self._streak + 1, 10)

    def _note_turn(self, path: Path, wait: _Wait, now: float) -> None:
        """Whoever comes again and again has longer and longer pauses, until it has rested."""
        pace = self._paces.pop(path, None) or _Pace(FREE_TURNS, now)
        turns = min(FREE_TURNS, pace.turns + TURNS_A_SECOND * (now - pace.at))
        has_rested = not pace.pause or wait.first - pace.at > REST_SECONDS
        is_free = turns >= 1.0 and has_rested
        pause = 0.0 if is_free else min(max(2 * pace.pause, FIRST_PAUSE), LONGEST_PAUSE)
        self._paces[path] = _Pace(turns - 1.0 if is_free else 0.0, now, pause)
        if len(self._paces) > PACES_REMEMBERED:
            self._paces.popitem(last=False)

    def _note_edited(self, paths: Iterable[Path]) -> None:
        for path in paths:
            self._edited[path] = None
            self._edited.move_to_end(path)
        while len(self._edited) > EDITED_REMEMBERED:
            self._edited.popitem(last=False)

    def _rank(self, path: Path) -> Rank:
        if self._is_open(path):
            return Rank.OPEN
        return Rank.EDITED if path in self._edited else Rank.REST


def _without_swallowed(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The paths without those below a folder that is among them."""
    given = set(paths)
    return tuple(path for path in paths if given.isdisjoint(path.parents))
