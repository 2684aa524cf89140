"""The thread that empties the queue lives through faults, and says when there is nothing more to wait for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from live.live_session import PATIENCE
from surefoot.live import changes as module
from surefoot.live.changes import Changes, Work
from surefoot.live.git_gate import NOTHING, GitGate, Moved
from surefoot.live.queue import Batch

A, B = Path("/w/a.py"), Path("/w/b.py")


class Worker:
    """What the thread calls: it counts, and waits and fails as it is told."""

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self.begun = threading.Semaphore(0)
        self.go_on = threading.Event()
        self.go_on.set()
        self.faults: list[Exception] = []
        self.times_busy = 0

    def index(self, batch: Batch) -> None:
        self.batches.append(batch)
        self.begun.release()
        assert self.go_on.wait(PATIENCE)

    def is_open(self, _path: Path) -> bool:
        """It has no open file, and fails only on the thread of the changes."""
        if self.faults and threading.current_thread().name == "surefoot-changes":
            raise self.faults.pop()
        return False

    def busy(self) -> None:
        self.times_busy += 1


class Gate(GitGate):
    """Git as a test wants it."""

    def __init__(self) -> None:
        super().__init__(())
        self.next = NOTHING
        self.faults: list[Exception] = []

    def moved(self) -> Moved:
        if self.faults:
            raise self.faults.pop()
        moved, self.next = self.next, NOTHING
        return moved


@contextmanager
def following(worker: Worker, gate: GitGate) -> Iterator[Changes]:
    changes = Changes(Work(worker.index, lambda: False, worker.is_open, worker.busy))
    try:
        changes.opened(gate)
        yield changes
    finally:
        worker.go_on.set()
        changes.close(PATIENCE)
    assert not changes._thread.is_alive()


@pytest.fixture(autouse=True)
def _short_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FAULT_SECONDS", 0.02)


def test_a_fault_in_a_look_at_the_queue_costs_no_save() -> None:
    worker = Worker()
    worker.faults = [RuntimeError("links in a circle"), OSError("gone")]
    with following(worker, Gate()) as changes:
        changes.put([A])
        assert worker.begun.acquire(timeout=PATIENCE)
        changes.put([B])
        assert worker.begun.acquire(timeout=PATIENCE)
        changes.settled.result(PATIENCE)
    assert [batch.paths for batch in worker.batches] == [(A,), (B,)]


def test_a_fault_in_a_look_at_git_costs_no_save() -> None:
    worker, gate = Worker(), Gate()
    gate.faults = [ValueError("what git said")]
    with following(worker, gate) as changes:
        changes.put([A])
        assert worker.begun.acquire(timeout=PATIENCE)
        changes.settled.result(PATIENCE)
    assert not gate.faults
    assert [batch.paths for batch in worker.batches] == [(A,)]


def test_a_fault_that_stays_is_looked_at_again_only_after_a_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    rests: list[float] = []
    worker, gate, enough = Worker(), Gate(), threading.Event()
    gate.faults = [ValueError("what git said")] * 5

    def rest(seconds: float) -> None:
        rests.append(seconds)
        if len(rests) == 5:
            enough.set()

    monkeypatch.setattr(module.time, "sleep", rest)
    with following(worker, gate):
        assert enough.wait(PATIENCE)
    assert rests == [module.FAULT_SECONDS] * 5


def test_a_thread_that_is_closed_during_a_fault_leaves_nobody_waiting() -> None:
    worker = Worker()
    worker.faults = [RuntimeError("again")] * 100_000
    with following(worker, Gate()) as changes:
        changes.put([A])
        settled = changes.settled
        assert not settled.done()
    settled.result(PATIENCE)


@pytest.mark.parametrize("moved", [Moved((A,)), Moved(anything=True)], ids=["these files", "more than can be said"])
def test_a_question_waits_for_what_git_has_moved(moved: Moved) -> None:
    worker, gate = Worker(), Gate()
    worker.go_on.clear()
    with following(worker, gate) as changes:
        changes.settled.result(PATIENCE)
        gate.next = moved
        changes.wake()
        assert worker.begun.acquire(timeout=PATIENCE)
        assert not changes.settled.done()
        assert worker.times_busy == 1
        worker.go_on.set()
        changes.settled.result(PATIENCE)
    assert [(batch.paths, batch.everything) for batch in worker.batches] == [(moved.paths, moved.anything)]


def test_nothing_is_kept_for_an_engine_that_is_gone() -> None:
    worker, gate = Worker(), Gate()
    with following(worker, gate) as changes:
        changes.drop()
        gate.next = Moved(anything=True)
        changes.wake()
        changes.put([A])
        changes.settled.result(PATIENCE)
    assert not worker.batches
