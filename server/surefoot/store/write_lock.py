"""One writer at a time, across threads and processes.

Invariant: the lock belongs to an open file, so the operating system frees it when its holder dies; who waits for it
comes next, however often its holder wants it again.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from surefoot.store.faults import busy, display_name, folder_explained

logger = logging.getLogger(__name__)

SILENT_SECONDS = 1.0  # most waits are for one file, and over before anybody wonders
OWNER_ONLY = 0o700  # the folder has the text of every indexed file, also of those that only their owner may read
POLL_SECONDS = 0.02  # short beside a write of one file, and nothing beside the wait for a cold run


class WriteLock:
    """Guards creating, migrating and writing one database."""

    def __init__(self, location: Path, timeout: float) -> None:
        self._location = location
        self._timeout = timeout
        self._threads = threading.Lock()
        self._gave_up = -math.inf  # when the wait last ended without the lock
        self._processes = filelock.FileLock(location.with_name(location.name + ".lock"), thread_local=False)
        # Whose turn it is to wait for the lock. A long run takes the lock again a moment after it let go of it, and
        # would win each time against who only looks now and then; through the turn it has to queue behind who waits.
        self._thread_turn = threading.Lock()
        self._process_turn = filelock.FileLock(location.with_name(location.name + ".turn"), thread_local=False)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock for the block; StoreBusyError when it is not to be had in time."""
        deadline = time.monotonic() + self._timeout
        with self.held_among_threads():
            self._acquire(max(0.0, deadline - time.monotonic()))
            try:
                yield
            finally:
                self._processes.release()

    @contextmanager
    def held_among_threads(self) -> Iterator[None]:
        """Keep the other threads of this process from writing, and let other processes go on."""
        deadline = time.monotonic() + self._timeout
        if not self._thread_turn.acquire(timeout=self._timeout):
            raise busy(self._location)
        try:
            is_ours = self._threads.acquire(timeout=max(0.0, deadline - time.monotonic()))
        finally:
            self._thread_turn.release()
        if not is_ours:
            raise busy(self._location)
        try:
            yield
        finally:
            self._threads.release()

    def _acquire(self, timeout: float) -> None:
        with folder_explained(self._location):
            self._location.parent.mkdir(OWNER_ONLY, parents=True, exist_ok=True)
            # Whoever has just waited in vain does not wait as long again: a question would take twice the time.
            in_vain = time.monotonic() - self._gave_up < self._timeout
            try:
                self._acquire_aloud(min(timeout, SILENT_SECONDS) if in_vain else timeout)
            except filelock.Timeout as error:
                self._gave_up = time.monotonic()
                raise busy(self._location) from error

    def _acquire_aloud(self, timeout: float) -> None:
        """Take the turn, wait for the lock, and let the next one wait for it."""
        begin = time.monotonic()
        with self._waited_for(self._process_turn, begin, timeout):
            self._waited_for(self._processes, begin, timeout)

    def _waited_for(
        self, lock: filelock.BaseFileLock, begin: float, timeout: float
    ) -> filelock.AcquireReturnProxy[filelock.BaseFileLock]:
        """Wait, and say so where it takes long enough for a person to wonder."""
        now = time.monotonic()
        silent = begin + SILENT_SECONDS - now
        try:
            return lock.acquire(timeout=max(0.0, min(begin + timeout - now, silent)), poll_interval=POLL_SECONDS)
        except filelock.Timeout:
            if timeout <= SILENT_SECONDS:
                raise
        if silent > 0:
            name = display_name(self._location)
            logger.warning("Another Surefoot process is indexing %s; waiting up to %.0f s for it.", name, timeout)
        return lock.acquire(timeout=max(0.0, begin + timeout - time.monotonic()), poll_interval=POLL_SECONDS)
