"""One writer at a time, across threads and processes.

Invariant: the lock belongs to an open file, so the operating system frees it when its holder dies.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from surefoot.store.faults import busy, folder_explained

POLL_SECONDS = 0.02  # short beside a write of one file, and nothing beside the wait for a cold run


class WriteLock:
    """Guards creating, migrating and writing one database."""

    def __init__(self, location: Path, timeout: float) -> None:
        self._location = location
        self._timeout = timeout
        self._threads = threading.Lock()
        self._processes = filelock.FileLock(location.with_name(location.name + ".lock"), thread_local=False)

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
        if not self._threads.acquire(timeout=self._timeout):
            raise busy(self._location)
        try:
            yield
        finally:
            self._threads.release()

    def _acquire(self, timeout: float) -> None:
        with folder_explained(self._location):
            self._location.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._processes.acquire(timeout=timeout, poll_interval=POLL_SECONDS)
            except filelock.Timeout as error:
                raise busy(self._location) from error
