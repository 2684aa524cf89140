"""What a question waits for while the workspace is looked at for the first time."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from live.live_session import repository, until
from surefoot.domain import IndexReport, Progress
from surefoot.errors import Cancelled, StoreError
from surefoot.index import manners
from surefoot.live import session as sessions
from surefoot.live import watch
from surefoot.live.session import Observer, Session
from surefoot.trace import CancelToken

PATIENCE = 20.0  # seconds; only ends a test that would hang
LONG = 60.0


class SlowEngine:
    """Its passes over everything end when the test lets them."""

    notices = ()

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.go_on = threading.Semaphore(0)
        self.whole = 0
        self.fault: Exception | None = None

    def refresh(self, paths: Any = None, *, progress: Any, cancel: CancelToken, history: bool) -> IndexReport:
        self.begun.release()
        progress(Progress(1, 2, 1.0, 1.0))
        while not self.go_on.acquire(timeout=0.01):
            cancel.raise_if_cancelled()
        if self.fault is not None:
            raise self.fault
        self.whole += paths is None
        return IndexReport(1, 1, 0, 0, {}, (), 1, 1, 0.1)

    def has_current_history(self) -> bool:
        return True

    def refresh_history(self, *, progress: Any, cancel: CancelToken) -> int:
        return 0

    def set_roots(self, roots: Any) -> None:
        pass

    def close(self) -> None:
        pass


@pytest.fixture
def engine() -> SlowEngine:
    return SlowEngine()


@pytest.fixture
def session(engine: SlowEngine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setattr(sessions, "SETTLE_SECONDS", 0.05)
    monkeypatch.setattr(sessions, "CLOSE_SECONDS", 1.0)
    observer = Observer(lambda _: None, lambda _: None, lambda: None, lambda: None)
    session = Session(lambda roots, settings, documents: engine, observer)  # type: ignore[arg-type,return-value]
    yield session
    session.close()


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


def passes_seen(session: Session, engine: SlowEngine, cancel: CancelToken, first_pass: float, settle: float) -> int:
    with session.engine(cancel, first_pass=first_pass, settle=settle):
        return engine.whole


def asked(
    threads: ThreadPoolExecutor, session: Session, engine: SlowEngine, *, first_pass: float = LONG, settle: float = 0.05
) -> tuple[Future[int], CancelToken]:
    cancel = CancelToken()
    return threads.submit(passes_seen, session, engine, cancel, first_pass, settle), cancel


def is_waiting(answer: Future[int]) -> bool:
    try:
        answer.result(timeout=0.3)
    except TimeoutError:
        return True
    return False


def test_a_question_waits_until_everything_was_looked_at_once(session, engine, threads, tmp_path: Path) -> None:
    session.configure([tmp_path], {})
    assert engine.begun.acquire(timeout=PATIENCE)
    answer, _ = asked(threads, session, engine)
    assert is_waiting(answer)
    engine.go_on.release()
    assert answer.result(timeout=PATIENCE) == 1


def test_what_does_not_ask_for_the_wait_has_the_short_one(session, engine, threads, tmp_path: Path) -> None:
    session.configure([tmp_path], {})
    assert engine.begun.acquire(timeout=PATIENCE)
    answer, _ = asked(threads, session, engine, first_pass=0.0)
    assert answer.result(timeout=PATIENCE) == 0


def test_the_wait_has_an_end(session, engine, threads, tmp_path: Path) -> None:
    session.configure([tmp_path], {})
    assert engine.begun.acquire(timeout=PATIENCE)
    answer, _ = asked(threads, session, engine, first_pass=0.1, settle=LONG)
    assert answer.result(timeout=PATIENCE) == 0


def test_a_cancelled_question_stops_waiting(session, engine, threads, tmp_path: Path) -> None:
    session.configure([tmp_path], {})
    assert engine.begun.acquire(timeout=PATIENCE)
    answer, cancel = asked(threads, session, engine)
    assert is_waiting(answer)
    cancel.cancel()
    with pytest.raises(Cancelled):
        answer.result(timeout=PATIENCE)


def test_later_passes_are_not_waited_for_that_long(session, engine, threads, tmp_path: Path) -> None:
    engine.go_on.release()
    session.configure([tmp_path], {})
    assert asked(threads, session, engine)[0].result(timeout=PATIENCE) == 1
    assert engine.begun.acquire(timeout=PATIENCE)
    session.reindex(None, CancelToken())
    assert engine.begun.acquire(timeout=PATIENCE)
    assert asked(threads, session, engine)[0].result(timeout=PATIENCE) == 1


def test_a_pass_that_another_one_replaces_is_not_the_first(session, engine, threads, tmp_path: Path) -> None:
    session.configure([tmp_path], {})
    assert engine.begun.acquire(timeout=PATIENCE)
    answer, _ = asked(threads, session, engine)
    assert is_waiting(answer)
    session.configure([tmp_path], {})  # the one that runs is cancelled
    assert engine.begun.acquire(timeout=PATIENCE)
    assert is_waiting(answer)
    engine.go_on.release()
    assert answer.result(timeout=PATIENCE) == 1


def test_a_folder_that_is_added_has_a_first_pass_too(session, engine, threads, tmp_path: Path) -> None:
    engine.go_on.release()
    session.configure([tmp_path], {})
    assert asked(threads, session, engine)[0].result(timeout=PATIENCE) == 1
    assert engine.begun.acquire(timeout=PATIENCE)
    added = tmp_path / "added"
    added.mkdir()
    session.configure([tmp_path, added], {})
    assert engine.begun.acquire(timeout=PATIENCE)
    answer, _ = asked(threads, session, engine)
    assert is_waiting(answer)
    engine.go_on.release()
    assert answer.result(timeout=PATIENCE) == 2


def test_a_pass_that_fails_or_is_stopped_is_not_waited_for_any_longer(session, engine, threads, tmp_path) -> None:
    engine.fault = StoreError("The disk is full.")
    session.configure([tmp_path], {})
    assert engine.begun.acquire(timeout=PATIENCE)
    answer, _ = asked(threads, session, engine)
    assert is_waiting(answer)
    engine.go_on.release()
    assert answer.result(timeout=PATIENCE) == 0


class Workplace:
    """A session whose engines are the test's own, with what it said."""

    def __init__(self) -> None:
        self.messages: list[str] = []
        self.engines: list[Any] = []
        self.make: Callable[[], Any] = SlowEngine
        observer = Observer(self.messages.append, lambda _: None, lambda: None, lambda: None)
        self.session = Session(self.opened, observer)

    def opened(self, *_arguments: Any) -> Any:
        self.engines.append(self.make())
        return self.engines[-1]


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Workplace]:
    monkeypatch.setattr(sessions, "CLOSE_SECONDS", 1.0)
    place = Workplace()
    yield place
    place.session.close()


def test_the_same_fault_is_told_once_and_not_at_every_try(place: Workplace, monkeypatch, tmp_path: Path) -> None:
    """What the user asks for himself is told again."""
    monkeypatch.setattr(sessions, "RETRY_SECONDS", 0.01)
    engine = SlowEngine()
    engine.fault = StoreError("The disk is full.")
    place.make = lambda: engine
    for told in (1, 2):
        place.session.configure([tmp_path], {})
        for _ in range(4):
            engine.go_on.release()
            assert engine.begun.acquire(timeout=PATIENCE)
        assert place.messages == ["The disk is full."] * told


def test_so_is_a_fault_of_our_own(place: Workplace, tmp_path: Path) -> None:
    engine = SlowEngine()
    engine.fault = ZeroDivisionError("by zero")
    place.make = lambda: engine
    place.session.configure([tmp_path], {})
    for _ in range(4):
        engine.go_on.release()
        assert engine.begun.acquire(timeout=PATIENCE)
        place.session.changed([tmp_path])
    assert [message.count("ZeroDivisionError") for message in place.messages] == [1]


def test_settings_that_change_during_a_save_do_not_close_the_engine_under_it(place: Workplace, tmp_path) -> None:
    class Closable(SlowEngine):
        def __init__(self) -> None:
            super().__init__()
            self.saving, self.go_on_saving, self.saved, self.closed_at = threading.Event(), threading.Event(), False, []

        def refresh(self, paths: Any = None, *, progress: Any, cancel: CancelToken, history: bool) -> IndexReport:
            if paths is not None:
                self.saving.set()
                assert self.go_on_saving.wait(PATIENCE)
                assert not self.closed_at
                self.saved = True
            return IndexReport(1, 1, 0, 0, {}, (), 1, 1, 0.1)

        def close(self) -> None:
            self.closed_at.append(self.saved)

    place.make = Closable
    place.session.configure([tmp_path], {})
    until(lambda: place.session.ready and not place.session.indexing)
    before = place.engines[0]
    place.session.changed([tmp_path / "a.py"])
    assert before.saving.wait(PATIENCE)
    place.session.configure([tmp_path], {"index_workers": 1})
    until(lambda: len(place.engines) == 2 and place.session._latest.done())
    assert not before.closed_at
    before.go_on_saving.set()
    until(lambda: before.closed_at)
    assert before.closed_at == [True]
    assert not place.messages


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a thread has no priority of its own")
def test_only_passes_and_large_batches_have_a_low_priority_and_it_does_not_spread(place: Workplace, tmp_path) -> None:
    """Linux gives threads and processes that are started the priority of the thread that starts them."""
    root = repository(tmp_path / "root", {"a.py": "a = 1\n"})
    seen: dict[str, int] = {}

    class Seeing(SlowEngine):
        def __init__(self) -> None:
            super().__init__()
            code = "import os; print(os.getpriority(os.PRIO_PROCESS, 0))"
            done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
            seen["a process that opening starts"] = int(done.stdout)

        def refresh(self, paths: Any = None, *, progress: Any, cancel: CancelToken, history: bool) -> IndexReport:
            seen["pass" if paths is None else "save" if len(paths) < 100 else "large batch"] = niceness()
            return IndexReport(1, 1, 0, 0, {}, (), 1, 1, 0.1)

    place.make = Seeing
    place.session.watch_files()
    place.session.configure([root], {})
    until(lambda: "pass" in seen and not place.session.indexing)
    place.session.changed([root / "a.py"])
    until(lambda: "save" in seen)
    place.session.changed([root / f"m{number}.py" for number in range(100)])
    until(lambda: "large batch" in seen)
    watching = {each.name: niceness(each.native_id) for each in watching_threads()}
    assert watching.keys() == {watch.FILES_THREAD, watch.GIT_THREAD}
    ordinary = niceness()
    low = max(ordinary, manners.NICENESS)
    assert seen == {"a process that opening starts": ordinary, "pass": low, "save": ordinary, "large batch": low}
    assert set(watching.values()) == {ordinary}


def niceness(thread: int | None = None) -> int:
    return os.getpriority(os.PRIO_PROCESS, thread or threading.get_native_id())


def watching_threads() -> list[threading.Thread]:
    return [each for each in threading.enumerate() if each.name in (watch.FILES_THREAD, watch.GIT_THREAD)]
