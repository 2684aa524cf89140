"""What is watched for the folders that are open, and what git does in them.

Invariant: the folders are watched before they are looked at, so that nothing falls in between. A watcher that another
one replaces is told to stop and not waited for: for a moment a change may be told twice, which the queue makes one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from surefoot.live.changes import Changes
from surefoot.live.git_gate import GitGate
from surefoot.workspace.git import GitFolder, repositories_of

if TYPE_CHECKING:
    from surefoot.live.watch import Watcher

# Watching a large folder takes a second or two; where it takes longer, questions still check what they show.
WATCH_SECONDS = 5.0


class Following:
    """Tells a queue what changes in the folders of one session."""

    def __init__(self, changes: Changes, message: Callable[[str], None], *, watches_files: bool) -> None:
        self._changes = changes
        self._message = message
        self._lock = threading.Lock()
        self._watches_files = watches_files
        self._roots: tuple[Path, ...] = ()
        self._repositories: tuple[GitFolder, ...] = ()
        self._watcher: Watcher | None = None
        self._is_closed = False

    def follow(self, roots: tuple[Path, ...]) -> None:
        """These folders are open from now on."""
        if roots == self._roots:
            return
        found = (repository for root in roots for repository in repositories_of(root.resolve().as_posix()))
        with self._lock:
            self._roots, self._repositories = roots, tuple(dict.fromkeys(found))
            self._restart()

    def watch_files(self) -> None:
        """From now on files are watched too, and not git alone."""
        with self._lock:
            if not self._watches_files:
                self._watches_files = True
                self._restart()

    def opened(self) -> None:
        """There is an engine for the folders: wait until they are watched, and have what changes worked on."""
        watcher = self._watcher
        if watcher is not None:
            watcher.wait_until_watching(WATCH_SECONDS)
        self._changes.opened(GitGate(self._repositories))

    def close(self) -> None:
        """Watch nothing any more."""
        with self._lock:
            self._is_closed = True
            if self._watcher is not None:
                self._watcher.stop()

    def _restart(self) -> None:
        from surefoot.live.watch import Heard, Watcher  # noqa: PLC0415 - not needed to answer `initialize`

        if self._watcher is not None:
            self._watcher.stop()
        if not self._is_closed:
            heard = Heard(self._changes.put, self._changes.wake, self._message)
            files = self._roots if self._watches_files else ()
            self._watcher = Watcher(files, self._repositories, heard)
