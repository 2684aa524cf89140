"""Several processes on one root: one pass over everything at a time, and nobody depends on the other staying alive."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from conftest import child_environment
from live.live_session import until, write
from surefoot.config import Settings
from surefoot.domain import Progress
from surefoot.engine import Engine
from surefoot.errors import StoreBusyError
from surefoot.store.pass_lock import Board

FILES = 400


def tree(root: Path) -> Path:
    body = "\n".join(f"def function_{line}(): return {line}" for line in range(150))
    write(root, {f"pkg/m{number}.py": f"{body}\nNUMBER = {number}\n" for number in range(FILES)})
    return root


def other_process(root: Path, cache: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "surefoot", "index", "--root", str(root), "--json"],
        env=child_environment(SUREFOOT_CACHE_DIR=str(cache), SUREFOOT_INDEX_WORKERS="1"),
        stdout=subprocess.DEVNULL,
    )


def engine_of(root: Path, cache: Path) -> Engine:
    return Engine.open([root], Settings(cache_dir=cache, model="none", index_workers=1))


def board_of(cache: Path) -> Board | None:
    found = list((cache / "index").glob("*.progress"))
    return Board(found[0]) if found else None


def has_begun(cache: Path) -> bool:
    board = board_of(cache)
    progress = board.read() if board else None
    return progress is not None and progress.done > 0


def test_who_comes_second_shows_the_first_ones_progress_and_finds_everything_done(tmp_path: Path) -> None:
    root, cache = tree(tmp_path / "root"), tmp_path / "cache"
    first = other_process(root, cache)
    try:
        until(lambda: has_begun(cache))
        engine, seen = engine_of(root, cache), []
        try:
            report = engine.refresh(progress=seen.append)
        finally:
            engine.close()
        assert first.wait(60) == 0
    finally:
        first.kill()
        first.wait()
    assert (report.files, report.indexed, report.unchanged) == (FILES, 0, FILES)
    assert any(0 < progress.done <= progress.total == FILES for progress in seen)


def test_who_comes_second_goes_on_when_the_first_is_killed_in_the_middle(tmp_path: Path) -> None:
    root, cache = tree(tmp_path / "root"), tmp_path / "cache"
    first = other_process(root, cache)
    is_killed = threading.Event()

    def kill_in_the_middle(progress: Progress) -> None:
        if not is_killed.is_set() and progress.done:
            is_killed.set()
            os.kill(first.pid, signal.SIGKILL)

    try:
        until(lambda: has_begun(cache))
        engine = engine_of(root, cache)
        try:
            report = engine.refresh(progress=kill_in_the_middle)
            assert first.wait(60) == -signal.SIGKILL
            assert (report.files, report.indexed + report.unchanged) == (FILES, FILES)
            assert report.indexed > 0, "the first one was done before it was killed"
            status = engine.status().roots[0]
            assert (status.files, status.unindexed_files, status.drifted_chunks) == (FILES, 0, 0)
        finally:
            engine.close()
    finally:
        first.kill()
        first.wait()


def test_a_save_does_not_wait_for_the_pass_of_another_process(tmp_path: Path) -> None:
    root, cache = tree(tmp_path / "root"), tmp_path / "cache"
    first = other_process(root, cache)
    try:
        until(lambda: has_begun(cache))
        os.kill(first.pid, signal.SIGSTOP)  # in the middle of its pass, and it stays there
        engine = engine_of(root, cache)
        try:
            write(root, {"saved.py": "def saved(): return 1\n"})
            until(lambda: _is_saved(engine, root, first))
        finally:
            engine.close()
    finally:
        first.kill()
        first.wait()


def _is_saved(engine: Engine, root: Path, first: subprocess.Popen[bytes]) -> bool:
    """Where the other was stopped in a transaction, it goes on a little."""
    index = next(iter(engine._current().values()))
    index.store._lock._timeout = 0.5
    try:
        engine.refresh([root / "saved.py"])
    except StoreBusyError:
        os.kill(first.pid, signal.SIGCONT)
        threading.Event().wait(0.05)
        os.kill(first.pid, signal.SIGSTOP)
        return False
    return index.store.file("saved.py") is not None
