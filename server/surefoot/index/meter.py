"""Counting what is done, for whoever shows how far it is.

Invariant: tells at the beginning and at every step, and never more than that.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from surefoot.domain import Progress


class Meter:
    """Turns a count of what is finished into `Progress` with rate and remaining time."""

    def __init__(self, total: int, report: Callable[[Progress], None], what: str = "file") -> None:
        self._total, self._report, self._done, self._what = total, report, 0, what
        self._start = time.perf_counter()
        self._send()

    def advance(self, done: int) -> None:
        """So many more are finished."""
        self._done += done
        self._send()

    def _send(self) -> None:
        seconds = time.perf_counter() - self._start
        rate = self._done / seconds if seconds > 0 else 0.0
        left = (self._total - self._done) / rate if rate > 0 else None
        self._report(Progress(self._done, self._total, rate, left, self._what))
