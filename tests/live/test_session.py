"""What a question waits for while the workspace is looked at for the first time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from surefoot.domain import IndexReport, Progress
from surefoot.errors import Cancelled, StoreError
from surefoot.live import session as sessions
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

    def refresh(self, paths: Any = None, *, progress: Any, cancel: CancelToken) -> IndexReport:
        self.begun.release()
        progress(Progress(1, 2, 1.0, 1.0))
        while not self.go_on.acquire(timeout=0.01):
            cancel.raise_if_cancelled()
        if self.fault is not None:
            raise self.fault
        self.whole += paths is None
        return IndexReport(1, 1, 0, 0, {}, (), 1, 1, 0.1)

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
