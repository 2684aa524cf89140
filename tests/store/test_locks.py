"""One pass at a time, and who waits for the write lock comes next; over processes, and when they die."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from conftest import child_environment
from surefoot.domain import Progress
from surefoot.errors import Cancelled, StoreBusyError
from surefoot.store import pass_lock
from surefoot.store.pass_lock import Board, Waiting, one_pass_at_a_time
from surefoot.store.write_lock import WriteLock
from surefoot.trace import CancelToken

LOCK_PROCESS = Path(__file__).with_name("lock_process.py")
PATIENCE = 60.0


@contextmanager
def other_process(what: str, location: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock by now."""
    process = subprocess.Popen(
        [sys.executable, str(LOCK_PROCESS), what, str(location)],
        stdout=subprocess.PIPE,
        text=True,
        env=child_environment(),
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.communicate()


class Told:
    """What a waiting pass is told, and when to stop or to kill."""

    def __init__(self) -> None:
        self.seen: list[Progress] = []
        self.cancel = CancelToken()
        self.enough = lambda: None

    def tell(self, progress: Progress) -> None:
        self.seen.append(progress)
        if len({each.done for each in self.seen}) >= 3:
            self.enough()

    @property
    def waiting(self) -> Waiting:
        return Waiting(self.tell, self.cancel)


def test_a_pass_waits_for_another_process_shows_its_progress_and_goes_on_when_it_is_killed(tmp_path: Path) -> None:
    location, told = tmp_path / "index" / "x.db", Told()
    with other_process("pass", location) as process:
        told.enough = lambda: os.kill(process.pid, signal.SIGKILL) if process.poll() is None else None  # type: ignore[assignment,return-value]
        with one_pass_at_a_time(location, told.waiting) as tell:
            assert process.wait(PATIENCE) == -signal.SIGKILL
            dones = [each.done for each in told.seen]
            assert dones == sorted(dones)
            tell(Progress(5, 10, 1.0, 1.0))
            assert told.seen[-1].done == 5


def test_the_wait_can_be_cancelled(tmp_path: Path) -> None:
    location, told = tmp_path / "x.db", Told()
    told.enough = told.cancel.cancel  # type: ignore[assignment]
    with other_process("pass", location), pytest.raises(Cancelled), one_pass_at_a_time(location, told.waiting):
        pytest.fail("another process is at it")


def test_a_pass_with_little_patience_says_who_is_at_it(tmp_path: Path) -> None:
    location, waiting = tmp_path / "x.db", Waiting(lambda _: None, CancelToken(), patience=0.2)
    with other_process("pass", location), pytest.raises(StoreBusyError), one_pass_at_a_time(location, waiting):
        pytest.fail("another process is at it")


def test_a_holder_that_stands_still_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pass_lock, "SILENT_SECONDS", 0.5)
    location, told = tmp_path / "x.db", Told()
    with other_process("pass", location) as process:
        os.kill(process.pid, signal.SIGSTOP)
        with one_pass_at_a_time(location, told.waiting) as tell:
            assert process.poll() is None
            tell(Progress(1, 2, 1.0, 1.0))
    assert told.seen[-1] == Progress(1, 2, 1.0, 1.0)


def test_two_threads_of_one_process_pass_one_after_the_other(tmp_path: Path) -> None:
    inside, most = 0, 0
    guard = threading.Lock()

    def run() -> None:
        nonlocal inside, most
        for _ in range(3):
            with one_pass_at_a_time(tmp_path / "x.db", Told().waiting):
                with guard:
                    inside += 1
                    most = max(most, inside)
                time.sleep(0.02)
                with guard:
                    inside -= 1

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert (inside, most) == (0, 1)


def test_after_a_pass_that_fails_the_lock_is_free_and_nobody_reads_of_it(tmp_path: Path) -> None:
    location = tmp_path / "x.db"
    with pytest.raises(ZeroDivisionError), one_pass_at_a_time(location, Told().waiting) as tell:
        tell(Progress(1, 2, 1.0, 1 / 0))
    assert Board(location.with_name("x.db.progress")).read() is None
    with one_pass_at_a_time(location, Waiting(lambda _: None, CancelToken(), patience=0.0)):
        pass


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_stops_no_pass(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with one_pass_at_a_time(tmp_path / "x.db", Told().waiting):
        pass


def test_where_no_lock_can_be_made_the_pass_goes_on(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file where the folder should be")
    with one_pass_at_a_time(tmp_path / "index" / "x.db", Told().waiting):
        pass


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"done": 1}', "\x00\xff"])
def test_what_cannot_be_understood_on_the_board_is_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "x").write_text(text, encoding="utf-8")
    assert Board(tmp_path / "x").read() is None


class Turn:
    """In the place of a turn: notes how many batches others had begun when this thread got it.

    Counted in batches and not in seconds, and from the moment at which the order is settled: whoever has the lock then
    may be about to begin its batch, and must queue for the next one.
    """

    def __init__(self, turn: Any, batches: Callable[[], int]) -> None:
        self._turn, self._batches, self._thread = turn, batches, threading.current_thread()
        self._before = 0

    def acquire(self, *arguments: Any, **options: Any) -> Any:
        got = self._turn.acquire(*arguments, **options)
        if threading.current_thread() is self._thread:
            self._before = self._batches()
        return got

    def release(self) -> None:
        self._turn.release()

    def batches_before(self, lock: WriteLock) -> int:
        """How many others get to begin while this thread waits for the lock."""
        self._before = self._batches()
        with lock.held():
            return self._batches() - self._before


@contextmanager
def writing_again_and_again(lock: WriteLock) -> Iterator[Callable[[], int]]:
    """A thread that lets go of the lock only to take it again; tells how many batches it has begun."""
    batches, stop = list[None](), threading.Event()

    def write() -> None:
        while not stop.is_set():
            with lock.held():
                batches.append(None)
                time.sleep(0.03)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield lambda: len(batches)
    finally:
        stop.set()
        thread.join(PATIENCE)


def waits(turn: Turn, lock: WriteLock, number: int = 20) -> list[int]:
    counts = []
    for _ in range(number):
        time.sleep(0.05)
        counts.append(turn.batches_before(lock))
    return counts


def test_who_waits_for_the_write_lock_comes_after_one_batch_of_another_process(tmp_path: Path) -> None:
    location = tmp_path / "x.db"
    lock, batches = WriteLock(location, 10.0), location.with_name("x.db.batches")
    with other_process("write", location):
        lock._process_turn = turn = Turn(lock._process_turn, lambda: batches.stat().st_size)  # type: ignore[assignment]
        counts = waits(turn, lock)
        assert batches.stat().st_size >= len(counts) // 2, "the other one went on"
    assert max(counts) <= 1, counts


def test_who_waits_comes_after_one_batch_of_another_thread(tmp_path: Path) -> None:
    bulk, lock = WriteLock(tmp_path / "x.db", 60.0), WriteLock(tmp_path / "x.db", 10.0)
    with writing_again_and_again(bulk) as batches:
        lock._process_turn = turn = Turn(lock._process_turn, batches)  # type: ignore[assignment]
        counts = waits(turn, lock)
        assert batches() > len(counts), "the other one went on"
    assert max(counts) <= 1, counts


def test_threads_that_share_a_lock_take_turns(tmp_path: Path) -> None:
    lock = WriteLock(tmp_path / "x.db", 10.0)
    with writing_again_and_again(lock) as batches:
        lock._thread_turn = turn = Turn(lock._thread_turn, batches)  # type: ignore[assignment]
        counts = waits(turn, lock)
        assert batches() > len(counts), "the other one went on"
    assert max(counts) <= 1, counts


def test_a_lock_that_is_not_to_be_had_says_so_in_time_and_leaves_the_turn_to_others(tmp_path: Path) -> None:
    location = tmp_path / "x.db"
    holder, hasty, patient = WriteLock(location, 60.0), WriteLock(location, 0.1), WriteLock(location, 60.0)
    with holder.held(), pytest.raises(StoreBusyError), hasty.held():
        pytest.fail("it is held")
    with patient.held():
        pass
