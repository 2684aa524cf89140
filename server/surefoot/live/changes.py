"""The thread that empties the change queue: one batch after the other, and a look at the queue after each.

Invariant: `put` returns at once, and nothing that was put is forgotten while a folder is open.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Any

from surefoot.live.faults import report_fault
from surefoot.live.git_gate import GitGate
from surefoot.live.queue import HELD_LOOK, Batch, ChangeQueue, Circumstances

FAULT_SECONDS = 0.5  # before the next look after a fault, which would keep a core busy if it came at once again


class _Engine(Enum):
    """What becomes of what is put."""

    OPENING = auto()  # it is kept
    OPEN = auto()  # it is worked on
    NONE = auto()  # there is nothing to bring up to date


@dataclass(frozen=True, slots=True)
class Work:
    """What the thread calls, and asks."""

    index: Callable[[Batch], None]  # returns at once for a large batch, which is worked on elsewhere
    is_busy: Callable[[], bool]  # whether a large batch is being worked on
    is_open: Callable[[Path], bool]  # whether the file is open in an editor
    busy: Callable[[], None]  # something waits
    head_moved: Callable[[], object] = lambda: None  # other commits lead to a HEAD than did; returns at once


class Changes:
    """A change queue with its thread."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._queue = ChangeQueue(work.is_open)
        self._condition = threading.Condition()
        self._gate = GitGate(())
        self._engine = _Engine.OPENING
        self._has_news = False  # since the thread last looked
        self._closing = False
        self._settled = done()
        self._thread = threading.Thread(target=self._run, name="surefoot-changes", daemon=True)
        self._thread.start()

    @property
    def settled(self) -> Future[Any]:
        """Done when nothing waits, and nothing is worked on, that was put before now."""
        return self._settled

    def put(self, paths: Iterable[Path], *, after: float = 0.0) -> None:
        """These files or folders changed; `after` so many seconds they are to be looked at."""
        self._add(lambda now: self._queue.put(paths, now + after))

    def _add(self, put: Callable[[float], None]) -> None:
        """Have the queue filled, and whoever waits for it wait for that too."""
        with self._condition:
            if self._closing or self._engine is _Engine.NONE:
                return
            now = time.monotonic()
            put(now)
            self._has_news = True
            begins = self._settled.done() and not self._queue.is_settled(now)
            if begins:
                self._settled = Future()
            self._condition.notify()
        if begins:
            self._work.busy()

    def wake(self) -> None:
        """Look again: git has written, or a large batch is done."""
        with self._condition:
            self._has_news = True
            self._condition.notify()

    def opening(self) -> None:
        """An engine is being opened: keep what comes for it."""
        with self._condition:
            if self._engine is _Engine.NONE:
                self._engine = _Engine.OPENING

    def opened(self, gate: GitGate) -> None:
        """There is an engine; what git does in these repositories comes in one batch each."""
        with self._condition:
            self._engine, self._gate = _Engine.OPEN, gate
        self.wake()

    def drop(self) -> None:
        """There is no engine."""
        with self._condition:
            self._engine = _Engine.NONE
            self._queue.clear()
        self.wake()

    def close(self, seconds: float) -> None:
        """End the thread after the batch that it works on; waits so long for it."""
        with self._condition:
            self._closing = True
            self._condition.notify()
        self._thread.join(seconds)

    # --- on the thread -----------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._closing:
            batch = None
            try:
                batch = self._next()
                if batch is not None:
                    self._work.index(batch)
            except Exception as error:  # noqa: BLE001 - whatever it is, the next save is followed
                report_fault("Following changes", error)
                if batch is None:
                    time.sleep(FAULT_SECONDS)
        self._settle()

    def _next(self) -> Batch | None:
        """Wait for the next batch; None at the end."""
        while not self._closing:
            self._has_news = False  # what comes from here on is looked at before any wait
            gate = self._gate
            is_held = gate.is_shut(time.monotonic())
            if not is_held:
                self._put_moved(gate)
            step = self._step(is_held=is_held)
            if isinstance(step, Batch):
                return step
        return None

    def _step(self, *, is_held: bool) -> Batch | None:
        """A batch, or None after a wait."""
        with self._condition:
            if self._closing:
                return None
            wait = None
            if self._engine is _Engine.OPEN:
                now = time.monotonic()
                step = self._queue.take(now, Circumstances(is_held, self._work.is_busy()))
                if isinstance(step, Batch):
                    return step
                wait = step
                if self._queue.is_settled(now):
                    self._settle()
            elif self._engine is _Engine.NONE:
                self._settle()
            if not self._has_news:
                self._condition.wait(HELD_LOOK if is_held else wait)
        return None

    def _put_moved(self, gate: GitGate) -> None:
        moved = gate.moved()
        if moved.head:
            self._work.head_moved()
        if moved.anything:
            self._add(lambda _: self._queue.put_everything())
        elif moved.paths:
            self.put(moved.paths)

    def _settle(self) -> None:
        if not self._settled.done():
            self._settled.set_result(None)


def done() -> Future[Any]:
    """A future of what needs no waiting."""
    future: Future[Any] = Future()
    future.set_result(None)
    return future
