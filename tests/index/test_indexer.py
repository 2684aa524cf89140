"""Indexing beyond what the engine's tests see: processes, interruptions, ignore files."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from surefoot.config import Settings
from surefoot.domain import Progress, Query
from surefoot.engine import Engine
from surefoot.errors import Cancelled
from surefoot.index import indexer
from surefoot.trace import CancelToken

Open = Callable[..., Engine]


def many_files(root: Path, count: int) -> Path:
    root.mkdir()
    for number in range(count):
        (root / f"m{number}.py").write_text(f"def step_{number}(value):\n    return value + {number}\n" * 20)
    return root


def test_several_processes_and_one_come_to_the_same_index(tmp_path: Path, open_engine: Open) -> None:
    root = many_files(tmp_path / "many", 300)
    counts = []
    for workers in (1, 2):
        engine = open_engine(root, index_workers=workers, cache_dir=tmp_path / f"cache{workers}")
        report = engine.refresh()
        counts.append((report.files, report.symbols, report.chunks, report.failed))
    assert counts[0] == counts[1]


def test_progress_goes_up_to_the_total(tmp_path: Path, open_engine: Open) -> None:
    seen = []
    open_engine(many_files(tmp_path / "many", 100)).refresh(progress=seen.append)
    assert (seen[0].done, seen[-1].done, seen[-1].total) == (0, 100, 100)
    assert [each.done for each in seen] == sorted(each.done for each in seen)


def test_a_cancelled_run_is_taken_up_again(tmp_path: Path, open_engine: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexer, "WRITE_CHUNKS", 100)
    engine = open_engine(many_files(tmp_path / "many", 1000), index_workers=1)
    token = CancelToken()
    with pytest.raises(Cancelled):
        engine.refresh(progress=lambda progress: token.cancel() if progress.done > 500 else None, cancel=token)
    report = engine.refresh()
    assert report.files == 1000
    assert 0 < report.indexed < 1000


def test_killed_indexing_leaves_no_process_and_a_usable_index(
    tmp_path: Path, settings: Settings, open_engine: Open
) -> None:
    root = many_files(tmp_path / "many", 3000)
    environment = os.environ | {"SUREFOOT_CACHE_DIR": str(settings.cache_dir), "SUREFOOT_INDEX_WORKERS": "2"}
    command = [sys.executable, "-m", "surefoot", "index", "--root", str(root)]
    running = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    children = wait_for_children(running.pid)
    running.send_signal(signal.SIGKILL)
    running.wait(30)
    _, alive = psutil.wait_procs(children, timeout=30)
    assert not alive
    assert open_engine(root).refresh().files == 3000


def wait_for_children(pid: int) -> list[psutil.Process]:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        children = psutil.Process(pid).children(recursive=True)
        if len(children) >= 2:
            return children
        time.sleep(0.05)
    pytest.fail("No parser process was started.")


def test_a_new_ignore_rule_takes_effect_when_its_file_is_saved(engine: Engine, shop: Path) -> None:
    ignore = shop / "shop/.gitignore"
    ignore.write_text("tax.py\n")
    engine.refresh([ignore])
    assert "shop/tax.py" not in {hit.chunk.span.path for hit in engine.search(Query("rate_for tax")).hits}


def test_parser_processes_that_are_killed_lose_no_file(tmp_path: Path, open_engine: Open) -> None:
    engine = open_engine(many_files(tmp_path / "many", 400), index_workers=2)
    killed: list[int] = []

    def kill_one(progress: Progress) -> None:
        if progress.done and not killed:
            below = psutil.Process().children(recursive=True)
            child = next(process for process in below if process.nice() > psutil.Process().nice())
            killed.append(child.pid)
            child.kill()

    report = engine.refresh(progress=kill_one)
    assert killed
    assert (report.files, report.failed) == (400, ())


def test_closing_in_the_middle_stops_the_pass(tmp_path: Path, open_engine: Open) -> None:
    """Whatever the moment, it is a stop and no fault, and no process is left."""
    for number in range(4):
        engine = open_engine(many_files(tmp_path / f"many{number}", 600), index_workers=2)

        def close_in_the_middle(progress: Progress, engine: Engine = engine, moment: int = 60 * number) -> None:
            if progress.done > moment:
                engine._parsers.close()

        with pytest.raises(Cancelled):
            engine.refresh(progress=close_in_the_middle)
        assert engine._parsers._pool is None


def test_after_closing_no_process_is_started(tmp_path: Path, open_engine: Open) -> None:
    engine = open_engine(many_files(tmp_path / "many", 300), index_workers=2)
    engine._parsers.close()
    with pytest.raises(Cancelled):
        engine.refresh()
    assert engine._parsers._pool is None


def test_what_was_left_out_and_is_deleted_is_not_counted_any_more(tmp_path: Path, open_engine: Open) -> None:
    root = many_files(tmp_path / "many", 2)
    (root / "folder").mkdir()
    binaries = [root / "b.py", root / "folder" / "c.py"]
    for path in binaries:
        path.write_bytes(b"\x00\x01\x02" * 100)
    engine = open_engine(root)
    assert engine.refresh().skipped == {"binary": 2}
    binaries[0].unlink()
    assert engine.refresh([binaries[0]]).skipped == {"binary": 1}
    binaries[1].unlink()
    (root / "folder").rmdir()
    assert engine.refresh([root / "folder"]).skipped == {}


def test_a_file_that_is_saved_during_a_pass_is_no_drift(
    tmp_path: Path, open_engine: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = many_files(tmp_path / "many", 5)
    engine = open_engine(root)
    walk_the_root = indexer.walk

    def save_after(*arguments: object, **named: object) -> object:
        walked = walk_the_root(*arguments, **named)  # type: ignore[arg-type]
        monkeypatch.setattr(indexer, "walk", walk_the_root)
        (root / "saved.py").write_text("def saved(): pass\n")
        engine.refresh([root / "saved.py"])
        return walked

    monkeypatch.setattr(indexer, "walk", save_after)
    engine.refresh()
    assert engine.drift is not None
    assert (engine.drift.drifted_files, engine.drift.drifted_chunks) == (0, 0)
    assert engine.search(Query("saved")).hits[0].chunk.span.path == "saved.py"
