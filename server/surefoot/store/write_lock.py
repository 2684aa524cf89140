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
        if not self._threads.acquire(timeout=self._timeout):
            raise busy(self._location)
        try:
            self._acquire(max(0.0, deadline - time.monotonic()))
            try:
                yield
            finally:
                self._processes.release()
        finally:
            self._threads.release()

    def _acquire(self, timeout: float) -> None:
        try:
            with folder_explained(self._location):
                self._location.parent.mkdir(parents=True, exist_ok=True)
                self._processes.acquire(timeout=timeout, poll_interval=0.02)
        except filelock.Timeout as error:
            raise busy(self._location) from error
