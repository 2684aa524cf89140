"""One pass over everything at a time: who finds another process at it waits, and shows how far that one is.

Invariant: a pass is never stopped by this for good. The lock belongs to an open file, so that the operating system
frees it when its holder dies, and a holder that stands still is not waited for.
"""

from __future__ import annotations

import json
import logging
import math
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import filelock

from surefoot.domain import Progress
from surefoot.store.faults import busy, display_name
from surefoot.trace import CancelToken

logger = logging.getLogger(__name__)

OnProgress = Callable[[Progress], None]

LOOK_SECONDS = 0.1  # between two looks of who waits
TELL_SECONDS = 0.25  # between two words of the holder: a bar that moves, and next to nothing to write
# A holder that said nothing for so long is stopped or hangs on a dead drive. Finding the files of a large project takes
# seconds, and one transaction a few.
SILENT_SECONDS = 60.0
OWNER_ONLY = 0o700


@dataclass(frozen=True, slots=True)
class Waiting:
    """How a pass waits for the one of another process: whom it tells, what stops it, and after how long it gives up."""

    tell: OnProgress
    cancel: CancelToken
    patience: float = math.inf


@contextmanager
def one_pass_at_a_time(location: Path, waiting: Waiting) -> Iterator[OnProgress]:
    """Hold the pass lock of the database for the block; yields what the pass is to tell its progress.

    Raises `Cancelled`, or StoreBusyError when the patience has an end and another process is still at it.
    """
    lock = filelock.FileLock(location.with_name(location.name + ".pass"), thread_local=False)
    board = Board(location.with_name(location.name + ".progress"))
    if not _acquired(lock, board, location, waiting):
        yield waiting.tell
        return
    try:
        board.write(Progress(0, 0, 0.0, None))

        def tell(progress: Progress) -> None:
            board.note(progress)
            waiting.tell(progress)

        yield tell
    finally:
        board.clear()
        lock.release()


def _acquired(lock: filelock.BaseFileLock, board: Board, location: Path, waiting: Waiting) -> bool:
    """Whether the lock is ours; without it we go on where its holder stands still, or where there can be none."""
    begin = moved = time.monotonic()
    seen: Progress | None = None
    while not waiting.cancel.cancelled:
        try:
            if _tried(lock, location):
                return True
        except OSError as error:  # a folder that cannot be written; the first write will say so
            logger.debug("No pass lock for %s: %s", location, error)
            return False
        now = time.monotonic()
        if now - begin >= waiting.patience:
            raise busy(location)
        latest = board.read()
        if latest != seen:
            seen, moved = latest, now
            if latest is not None:
                waiting.tell(latest)
        elif now - moved >= SILENT_SECONDS:
            logger.warning("Another Surefoot process indexes %s and stands still; going on.", display_name(location))
            return False
        time.sleep(LOOK_SECONDS)
    waiting.cancel.raise_if_cancelled()
    return False


def _tried(lock: filelock.BaseFileLock, location: Path) -> bool:
    location.parent.mkdir(OWNER_ONLY, parents=True, exist_ok=True)
    try:
        lock.acquire(blocking=False)
    except filelock.Timeout:
        return False
    return True


class Board:
    """The file in which the holder says how far it is. Nothing depends on it but what others show."""

    def __init__(self, location: Path) -> None:
        self._location = location
        self._told = -math.inf

    def note(self, progress: Progress) -> None:
        """Say it, if it is not too soon after the last time."""
        if time.monotonic() - self._told >= TELL_SECONDS:
            self.write(progress)

    def write(self, progress: Progress) -> None:
        """Say it now."""
        self._told = time.monotonic()
        beside = self._location.with_name(self._location.name + ".new")
        with suppress(OSError):  # a full disk, or on Windows somebody who reads
            beside.write_text(json.dumps(asdict(progress)), encoding="utf-8")
            os.replace(beside, self._location)  # noqa: PTH105 - one call, and so nobody reads half of it

    def read(self) -> Progress | None:
        """What was said last; None where nobody says anything, or nothing that can be understood."""
        try:
            return Progress(**json.loads(self._location.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def clear(self) -> None:
        """There is nothing more to say."""
        with suppress(OSError):
            self._location.unlink(missing_ok=True)
