"""Whether git is writing the work tree just now, so that a switch, a rebase or a pull is taken as one batch.

Invariant: nothing is held back for ever. A lock that a crashed git left counts for some seconds and then no more.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from surefoot.workspace.git import GitFolder, GitState, git_state, head_commit, paths_between

# Git writes files, then the index, then HEAD, and some commands are several in a row; what was written is heard of
# within this time too.
QUIET_SECONDS = 0.05
# Between two picks of a rebase git lets go of its lock. A rebase that stands still for longer waits for its user.
QUIET_BETWEEN_STEPS = 0.6
LONGEST_HOLD = 15.0  # a switch that takes longer is taken in parts, and a lock older than this was left behind


@dataclass(frozen=True, slots=True)
class Moved:
    """What the move of a HEAD has changed: these files, or more than can be said; with `head`, it leads elsewhere."""

    paths: tuple[Path, ...] = ()
    anything: bool = False
    head: bool = False


NOTHING = Moved()


class _Watched:
    """One repository, and how it was at the last look."""

    def __init__(self, repository: GitFolder) -> None:
        self.repository = repository
        self.state = git_state(repository)
        self.left_behind = self.state.lock if _is_old(self.state) else ()
        self.commit = head_commit(repository)
        self.head_seen = self.state.head

    def look(self) -> bool:
        """Whether git is at it, or has been since the last look."""
        before, self.state = self.state, git_state(self.repository)
        if self.state.lock and self.state.lock != self.left_behind and not _is_old(self.state):
            return True
        return (before.head, before.index) != (self.state.head, self.state.index)

    def moved(self) -> Moved:
        """What is different in the commit that is checked out now."""
        if self.state.head == self.head_seen:
            return NOTHING
        self.head_seen, before, self.commit = self.state.head, self.commit, head_commit(self.repository)
        if before == self.commit or self.commit is None:
            return NOTHING if before == self.commit else Moved(head=True)
        paths = None if before is None else paths_between(self.repository, before, self.commit)
        return Moved(anything=True, head=True) if paths is None else Moved(paths, head=True)


class GitGate:
    """The repositories of a workspace. Used by one thread."""

    def __init__(self, repositories: Sequence[GitFolder]) -> None:
        self._watched = [_Watched(repository) for repository in repositories]
        self._began: float | None = None
        self._active = 0.0
        self._moves: list[Moved] = []

    def is_shut(self, now: float) -> bool:
        """Whether what has changed is to be gathered and not yet looked at."""
        looks = [watched.look() for watched in self._watched]  # all of them, as each look remembers
        if any(looks):
            self._active = now
            self._began = now if self._began is None else self._began
        if self._began is None:
            return False
        is_between = any(watched.state.is_between_steps for watched in self._watched)
        is_quiet = now - self._active >= (QUIET_BETWEEN_STEPS if is_between else QUIET_SECONDS)
        if not is_quiet and now - self._began < LONGEST_HOLD:
            if not any(looks) and not is_between:
                self._look_for_moves()  # rather than when it is over, and whoever waits for it has to wait for this too
            return True
        if not is_quiet:
            self._leave_locks_behind()
        self._began = None
        return False

    def moved(self) -> Moved:
        """What the HEADs have changed that `is_shut` saw moving, since the last call. May run git."""
        self._look_for_moves()
        moves, self._moves = self._moves, []
        paths = tuple(path for move in moves for path in move.paths)
        return Moved(paths, any(move.anything for move in moves), any(move.head for move in moves))

    def _look_for_moves(self) -> None:
        self._moves += [move for watched in self._watched if (move := watched.moved()) is not NOTHING]

    def _leave_locks_behind(self) -> None:
        for watched in self._watched:
            watched.left_behind = watched.state.lock


def _is_old(state: GitState) -> bool:
    return bool(state.lock) and abs(time.time() - state.locked_at) > LONGEST_HOLD
