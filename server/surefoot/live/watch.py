"""Watches the folders of a workspace on disk: all files, or only what git says about itself.

Invariant: only says which paths changed; what is indexed and what is ignored is decided where indexing is. Where the
system has no watches left, it says so once, and everything is looked at every so often instead.
"""

from __future__ import annotations

import logging
import os.path
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from watchfiles import BaseFilter, Change, watch

from surefoot.live.faults import report_fault
from surefoot.workspace.git import GitFolder, state_files

logger = logging.getLogger(__name__)

DEBOUNCE_MS = 200  # while more comes, so much is gathered: a checkout comes in few batches
# A change is told after two steps without another. Each step wakes the processor, so they are not as short as can be.
STEP_MS = 30
LOOK_MS = 500  # how soon a watcher that is told to stop does
WALK_SECONDS = 60.0  # between two looks at everything, where nothing can be watched; a look at 20,000 files takes one
# So many paths at once may not be all: Linux keeps 16,384 events for us (fs.inotify.max_queued_events) and loses what
# comes beyond, and a new file is four of them (made, opened, written, closed).
MAY_HAVE_LOST = 4000

FILES_THREAD, GIT_THREAD = "surefoot-watch", "surefoot-watch-git"

# Folders where programs write all the time and nothing is ever indexed.
_NOISY = (".git", ".hg", ".svn", "__pycache__", ".venv", "node_modules", ".mypy_cache", ".pytest_cache", ".ruff_cache")


@dataclass(frozen=True, slots=True)
class Heard:
    """Whom a watcher tells what."""

    changed: Callable[[Iterable[Path]], None]  # these were written, created, renamed or deleted
    git_moved: Callable[[], None] = lambda: None  # git has written HEAD, its log or the index
    message: Callable[[str], None] = logger.warning  # a sentence for the user


class _WithoutNoise(BaseFilter):
    ignore_dirs = _NOISY

    def __call__(self, change: Change, path: str) -> bool:
        # Some systems say of a folder that it was modified whenever a file in it was; of the file they say it too.
        return super().__call__(change, path) and not (change is Change.modified and os.path.isdir(path))  # noqa: PTH112


_is_heard = _WithoutNoise()


def _without_noise(changes: set[tuple[Change, str]]) -> set[Path]:
    return {Path(path) for change, path in changes if _is_heard(change, path)}


class Watcher:
    """Watches until stopped: every path below `roots`, and the state of git in `repositories`."""

    def __init__(self, roots: Sequence[Path], repositories: Sequence[GitFolder], heard: Heard) -> None:
        self._heard = heard
        self._stop = _Stop()
        threads = [
            threading.Thread(target=target, args=(tuple(watched),), name=name, daemon=True)
            for name, target, watched in (
                (FILES_THREAD, self._watch_files, roots),
                (GIT_THREAD, self._watch_git, repositories),
            )
            if watched
        ]
        self._is_watching = threading.Event()
        if not roots:
            self._is_watching.set()
        for thread in threads:
            thread.start()

    def wait_until_watching(self, seconds: float) -> bool:
        """Whether what changes from now on will be heard of; a large folder takes a second to get there."""
        return self._is_watching.wait(seconds)

    def stop(self) -> None:
        """Stop watching within LOOK_MS; what is heard until then is told."""
        self._stop.set()

    def _watch_files(self, roots: Sequence[Path]) -> None:
        self._stop.looked_at = self._is_watching.set
        try:
            for changes in watch(
                *roots,
                watch_filter=None,  # what is lost may be a save, whatever else was written meanwhile
                debounce=DEBOUNCE_MS,
                step=STEP_MS,
                rust_timeout=LOOK_MS,
                stop_event=self._stop,
                raise_interrupt=False,
                ignore_permission_denied=True,
            ):
                if paths := roots if len(changes) >= MAY_HAVE_LOST else _without_noise(changes):
                    self._heard.changed(paths)
        except OSError as error:
            self._walk_instead(roots, error)
        except Exception as error:  # noqa: BLE001 - watchfiles has errors of its own; questions check what they show
            report_fault("Watching for changes", error)
            self._walk_instead(roots, error)

    def _walk_instead(self, roots: Sequence[Path], error: Exception) -> None:
        why = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
        self._heard.message(
            f"Changes on disk cannot be watched ({why}), so everything is looked at once a minute instead; "
            "on Linux, a higher fs.inotify.max_user_watches helps."
        )
        self._is_watching.set()
        while not self._stop.wait(WALK_SECONDS):
            self._heard.changed(roots)

    def _watch_git(self, repositories: Sequence[GitFolder]) -> None:
        wanted = {file for repository in repositories for file in state_files(repository)}
        folders = {folder for file in wanted if (folder := Path(file).parent).is_dir()}
        try:
            for _ in watch(
                *folders,
                watch_filter=lambda _, path: Path(path).as_posix() in wanted,
                debounce=DEBOUNCE_MS,
                step=2 * STEP_MS,
                rust_timeout=LOOK_MS,
                stop_event=self._stop,
                raise_interrupt=False,
                recursive=False,
            ):
                self._heard.git_moved()
        except Exception as error:  # noqa: BLE001 - then git is looked at when files change, and only then
            logger.warning("What git does in its own folder cannot be watched: %s", error)


class _Stop(threading.Event):
    """The event that ends a watch; the first look at it means that everything is watched by now."""

    def __init__(self) -> None:
        super().__init__()
        self.looked_at: Callable[[], None] = lambda: None

    def is_set(self) -> bool:
        """Called by the watching thread several times a second."""
        if threading.current_thread().name == FILES_THREAD:
            self.looked_at()
        return super().is_set()
