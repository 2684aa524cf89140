"""Commits in a workspace that stays open: read behind everything else, and followed when HEAD moves."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from live.live_session import commit, git, live_session, repository, until, write
from surefoot.domain import Progress, Query, Scope, Source
from surefoot.engine import Engine
from surefoot.live.history import HistoryThread
from surefoot.live.session import Session
from surefoot.trace import CancelToken

COMMITS = Scope(sources=(Source.COMMITS,))
PATIENCE = 30.0


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return repository(tmp_path / "root", {"a.py": "def a():\n    return 1\n"})


def known(session: Session) -> set[str]:
    """The digits in the index; nothing is waited for and nothing looked at."""
    with session.engine(CancelToken(), settle=0.0) as engine:
        return {digits for index in engine._current().values() for digits in index.store.known_commits()[0]}


def all_digits(root: Path) -> set[str]:
    return set(git(root, "rev-list", "HEAD").split())


def test_commits_are_there_after_the_first_pass(root: Path, tmp_path: Path) -> None:
    with live_session(root, tmp_path / "cache", watches_files=False) as (session, _):
        until(lambda: known(session) == all_digits(root))


@pytest.mark.parametrize("watches_files", [True, False])
def test_head_is_followed_wherever_it_goes(root: Path, tmp_path: Path, *, watches_files: bool) -> None:
    """A commit without any file, an amended one and a reset change nothing in the work tree that could be heard of."""
    with live_session(root, tmp_path / "cache", watches_files=watches_files) as (session, _):
        for move in (
            "commit -q --allow-empty -m empty",
            "commit -q --allow-empty --amend -m amended",
            "switch -qc side",
            "commit -q --allow-empty -m side",
            "switch -q main",
            "reset -q --soft HEAD~1",
        ):
            git(root, *move.split(" "))
            until(lambda: known(session) == all_digits(root))


def test_a_question_right_after_a_commit_finds_it(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anybody has told that HEAD moved."""
    monkeypatch.setattr("surefoot.live.session.HISTORY_SECONDS", PATIENCE)  # on a machine that is as slow as it may be
    with live_session(root, tmp_path / "cache", watches_files=False) as (session, _):
        until(lambda: known(session) == all_digits(root))
        for number, season in enumerate(("spring", "summer", "autumn", "winter")):
            write(root, {"a.py": f"def a():\n    return {number + 2}\n"})
            commit(root, f"Recalibrate the telescope for {season}")
            with session.engine(CancelToken(), settle=PATIENCE) as engine:
                hits = engine.search(Query(f"recalibrate telescope {season}", COMMITS), traced=False).hits
            assert f"for {season}" in hits[0].chunk.text


def test_no_question_waits_for_a_long_history(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are asked for while thousands of commits are still to be read."""
    go_on, begun = threading.Event(), threading.Event()

    def slow(engine: Engine, *, progress: Any, cancel: CancelToken) -> int:
        progress(Progress(0, 5000, 0.0, None))
        begun.set()
        while not go_on.wait(0.01):
            cancel.raise_if_cancelled()
        return 0

    monkeypatch.setattr(Engine, "refresh_history", slow)
    monkeypatch.setattr("surefoot.live.session.HISTORY_SECONDS", PATIENCE)
    with live_session(root, tmp_path / "cache", watches_files=False) as (session, _):
        assert begun.wait(PATIENCE)
        assert not session.indexing
        with session.engine(CancelToken(), settle=PATIENCE) as engine:
            assert engine.search(Query("a"), traced=False).hits[0].chunk.span.path == "a.py"
        assert not go_on.is_set()


def test_an_answer_says_that_commits_are_still_read(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(_indexing: Any, *, most: Any = None, between: Any = None) -> Any:
        _indexing.progress(Progress(1200, 5000, 0.0, None))
        begun.set()
        assert go_on.wait(PATIENCE)
        raise AssertionError

    monkeypatch.setattr("surefoot.engine.bring_history_up", slow)
    with live_session(root, tmp_path / "cache", watches_files=False) as (session, _):
        assert begun.wait(PATIENCE)
        with session.engine(CancelToken()) as engine:
            answer = engine.ask(Query("What does a return?"))
        go_on.set()
    assert any("1,200 of 5,000 commits" in notice for notice in answer.notices)


def test_a_fault_while_reading_is_told_once_and_the_next_look_tries_again(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, faults = Engine.refresh_history, iter([ZeroDivisionError("by zero")] * 2)

    def failing(engine: Engine, **rest: Any) -> int:
        if (fault := next(faults, None)) is not None:
            raise fault
        return before(engine, **rest)

    monkeypatch.setattr(Engine, "refresh_history", failing)
    with live_session(root, tmp_path / "cache", watches_files=False) as (session, seen):
        for _ in range(3):
            session.changed([root / "a.py"])
            session._history.look().result(PATIENCE)
        until(lambda: known(session) == all_digits(root))
        assert [message.count("ZeroDivisionError") for message in seen.messages] == [1]


# --- the thread alone ---


def test_looks_while_one_waits_are_one_look() -> None:
    go_on, begun, count = threading.Event(), threading.Event(), []

    def read(_note: Any, _cancel: CancelToken) -> None:
        count.append(1)
        begun.set()
        assert go_on.wait(PATIENCE)

    thread = HistoryThread(read)
    first = thread.look()
    assert begun.wait(PATIENCE)
    later = [thread.look() for _ in range(5)]
    go_on.set()
    for future in (first, *later):
        future.result(PATIENCE)
    assert len(count) == 2
    thread.close(PATIENCE)


def test_a_look_after_a_stop_is_not_taken_for_the_one_that_waited_before_it() -> None:
    tokens: list[CancelToken] = []
    go_on, begun = threading.Event(), threading.Event()

    def read(_note: Any, cancel: CancelToken) -> None:
        tokens.append(cancel)
        begun.set()
        assert go_on.wait(PATIENCE)

    thread = HistoryThread(read)
    thread.look()
    assert begun.wait(PATIENCE)
    waiting = thread.look()
    thread.stop()
    later = thread.look()
    go_on.set()
    later.result(PATIENCE)
    assert waiting.cancelled()
    assert [token.cancelled for token in tokens] == [True, False]
    thread.close(PATIENCE)


def test_what_is_stopped_ends_and_a_later_look_is_not_stopped() -> None:
    tokens: list[CancelToken] = []
    begun = threading.Semaphore(0)

    def read(_note: Any, cancel: CancelToken) -> None:
        tokens.append(cancel)
        begun.release()
        until(lambda: cancel.cancelled or len(tokens) > 1)

    thread = HistoryThread(read)
    first = thread.look()
    assert begun.acquire(timeout=PATIENCE)
    thread.stop()
    first.result(PATIENCE)
    thread.look().result(PATIENCE)
    assert [token.cancelled for token in tokens] == [True, False]
    thread.close(PATIENCE)
    assert thread.look().done()
