"""The thread on which commits are read, behind everything else: files, saves and questions do not wait for it.

Invariant: at most one reading is under way and one waits, which sees whatever came before it begins.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Any

from surefoot.index.manners import lower_thread_priority
from surefoot.trace import CancelToken
from surefoot.workspace.history import FEW

if TYPE_CHECKING:
    from surefoot.domain import Progress

Read = Callable[[Callable[["Progress"], None], CancelToken], None]


class HistoryThread:
    """Reads when it is told that there may be other commits. `read` is called on its thread, and may raise nothing."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._thread = ThreadPoolExecutor(1, "surefoot-history", initializer=lower_thread_priority)
        self._lock = threading.Lock()
        self._latest: Future[Any] | None = None
        self._cancel = CancelToken()
        self._total = 0
        self._is_closed = False

    def look(self) -> Future[Any]:
        """Look whether there are other commits; the future is done when they were read."""
        with self._lock:
            latest = self._latest
            if latest is not None and (self._is_closed or not (latest.done() or latest.running())):
                return latest
            if self._is_closed:
                nothing: Future[Any] = Future()
                nothing.set_result(None)
                return nothing
            self._latest = self._thread.submit(self._look, self._cancel)
            return self._latest

    @property
    def is_long(self) -> bool:
        """Whether more commits are being read than a question should wait for."""
        return self._total > FEW

    def stop(self) -> None:
        """End what is being read, as it will be read otherwise; later looks are not meant."""
        with self._lock:
            self._cancel.cancel()
            self._cancel = CancelToken()
            if self._latest is not None:
                self._latest.cancel()  # one that waits; else a later look would be taken for it

    def close(self, seconds: float) -> None:
        """End what is being read, for good; waits so long for it."""
        with self._lock:
            self._is_closed = True
            self._cancel.cancel()
        self._thread.shutdown(wait=False, cancel_futures=True)
        wait([self._latest] if self._latest is not None else [], timeout=seconds)

    def _look(self, cancel: CancelToken) -> None:
        try:
            self._read(self._note, cancel)
        finally:
            self._total = 0

    def _note(self, progress: Progress) -> None:
        self._total = progress.total - progress.done
