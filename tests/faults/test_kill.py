"""kill -9 at random moments of indexing: what was committed is whole, what is resumed ends as if nothing had been."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import apsw
import psutil
import pytest

from faults import killed, tally
from faults.scene import (
    QUESTIONS,
    Contents,
    Tree,
    assert_true_hits,
    contents,
    fresh_contents,
    git,
    location_of,
    problems_of,
    settings_for,
)
from surefoot.engine import Engine

FILES = 90
FILES_FOR_PROCESSES = 220  # more than are parsed in one process
KILLS = tally.scaled(3, 32)  # of each of the four ways that need no parser processes, by the clock
COUNTED = tally.scaled(2, 12)  # and by the number of calls
KILLS_WITH_PROCESSES = tally.scaled(2, 27)  # of the main process, and of the whole group
MOST_ENDED = 10  # for each one that is killed, so many may have ended by themselves before
PATIENCE = 60.0
SEED = 8

context = multiprocessing.get_context("forkserver")


@pytest.fixture(scope="module", autouse=True)
def _imported_once() -> Iterator[None]:
    """Each process that is to be killed begins with everything imported, so that it is killed while it works."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))  # Python 3.11 does not hand it on before preloading
        context.set_forkserver_preload(["faults.killed", "numpy"])
        process = context.Process(target=killed.nothing)
        process.start()
        process.join(PATIENCE)
        yield


@dataclass
class Scene:
    """A tree, an index to begin with, and what a fresh index of the tree holds."""

    tree: Tree
    begun: Path | None
    way: str
    saves: list[tuple[str, str]]
    fresh: Contents | None = None

    def start(self, cache: Path, kill_at: int = 0) -> ForkServerProcess:
        if self.begun is not None:
            shutil.copytree(self.begun, cache)
        where = (str(self.tree.path), str(cache))
        process = (
            context.Process(target=killed.save_files, args=(*where, self.saves, kill_at))
            if self.saves
            else context.Process(target=killed.index_everything, args=(*where, kill_at))
        )
        process.start()
        return process


def scene_of(way: str, folder: Path) -> Scene:
    """`cold`: nothing is indexed. `edits`, `switch`: an older state is. `saves`: all is, and files are saved."""
    root = folder / "tree"
    root.mkdir(parents=True)
    tree = Tree(root, SEED, FILES)
    if way == "cold":
        return Scene(tree, None, way, [])
    if way == "switch":
        git(root, "init")
        git(root, "add", "-A")
        git(root, "commit", "-m", "first")
        git(root, "switch", "-c", "other")
    begun = folder / "begun"
    fresh_contents(root, begun, index_workers=1)
    if way == "saves":
        names = tree.names()
        saves = [(name, tree.write(name)) for _ in range(2) for name in tree.chance.sample(names, 15)]
        return Scene(tree, begun, way, saves)
    tree.edit_some(0.5)
    if way == "switch":
        git(root, "add", "-A")
        git(root, "commit", "-m", "second")
        git(root, "switch", "main")
        git(root, "switch", "other")
    return Scene(tree, begun, way, [])


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    return {way: scene_of(way, tmp_path_factory.mktemp(way)) for way in ("cold", "edits", "switch", "saves")}


def judge(scene: Scene, cache: Path, elsewhere: Path) -> None:
    """What the killed process left is sound, and resuming it leads to what a fresh index holds."""
    location = location_of(cache, scene.tree.path)
    committed: set[str] = set()
    if location.exists() and location.stat().st_size:
        problems = problems_of(location, scene.tree.texts) if has_tables(location) else []
        assert problems == []
    engine = Engine.open([scene.tree.path], settings_for(cache, index_workers=1))
    try:
        assert engine.notices == ()
        before = contents(engine)
        fresh = scene.fresh or fresh_contents(scene.tree.path, elsewhere, index_workers=1)
        if scene.way != "saves":  # those change the tree
            scene.fresh = fresh
        committed = {path for path, file in before.files.items() if fresh.files.get(path) == file}
        report = engine.refresh()
        tally.operation("resumed index")
        assert contents(engine).difference(fresh) == ""
        assert report.indexed == len(fresh.files) - len(committed), "what was committed is not made again"
        for question in QUESTIONS:
            assert_true_hits(engine, scene.tree.path, question)
            tally.operation("search")
    finally:
        engine.close()
    assert problems_of(location, scene.tree.texts) == []


def has_tables(location: Path) -> bool:
    with contextlib.closing(apsw.Connection(str(location))) as connection:
        return bool(connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'vectors'").get)


def was_killed(exit_status: int | None, kind: str) -> bool:
    """Whether it was, which is counted; else it had ended by itself, and well."""
    assert exit_status in (0, -signal.SIGKILL)
    if exit_status == 0:
        return False
    tally.fault(f"{tally.KILL}, {kind}")
    return True


@pytest.mark.parametrize("way", ["cold", "edits", "switch", "saves"])
def test_killed_at_random_moments(scenes: dict[str, Scene], tmp_path: Path, way: str) -> None:
    """The moments are spread over the time that an undisturbed run takes."""
    scene, chance = scenes[way], random.Random(f"{SEED} {way}")
    begin = time.monotonic()
    process = scene.start(tmp_path / "undisturbed")
    process.join(PATIENCE)
    assert process.exitcode == 0
    seconds = time.monotonic() - begin
    kills = number = 0
    while kills < KILLS:
        cache = tmp_path / f"{number}"
        process = scene.start(cache)
        process.join(chance.uniform(0.0, seconds))
        process.kill()
        process.join(PATIENCE)
        kills += was_killed(process.exitcode, f"by the clock, {way}")
        judge(scene, cache, tmp_path / f"fresh-{number}")
        shutil.rmtree(cache, ignore_errors=True)
        number += 1
        assert number - kills <= MOST_ENDED * KILLS, "nearly all have ended before they were killed"


@pytest.mark.parametrize("way", ["cold", "edits", "switch", "saves"])
def test_killed_at_the_same_places_on_every_machine(scenes: dict[str, Scene], tmp_path: Path, way: str) -> None:
    """The n-th call of a function: also between two statements that no clock would hit."""
    scene, chance = scenes[way], random.Random(f"{SEED} counted {way}")
    process = scene.start(tmp_path / "undisturbed", kill_at=killed.NEVER)
    process.join(PATIENCE)
    assert process.exitcode == 0
    most = int((tmp_path / "undisturbed" / killed.CALLS).read_text())
    kills = number = 0
    while kills < COUNTED:
        cache = tmp_path / f"{number}"
        process = scene.start(cache, kill_at=chance.randint(1, most))
        process.join(PATIENCE)
        kills += was_killed(process.exitcode, f"at a call, {way}")
        judge(scene, cache, tmp_path / f"fresh-{number}")
        shutil.rmtree(cache, ignore_errors=True)
        number += 1
        assert number - kills <= MOST_ENDED * COUNTED, "nearly all have ended before they were killed"


# --- with parser processes, through the command line ---


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    root = tmp_path_factory.mktemp("large") / "tree"
    root.mkdir()
    return Scene(Tree(root, SEED, FILES_FOR_PROCESSES), None, "processes", [])


def family(mark: str) -> list[psutil.Process]:
    """Every process that was started by the marked one, at any remove."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get("FAULT_ROUND") == mark and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


@contextlib.contextmanager
def command_line(root: Path, cache: Path, mark: str) -> Iterator[subprocess.Popen[bytes]]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("SUREFOOT_")}
    env |= {"SUREFOOT_CACHE_DIR": str(cache), "SUREFOOT_MODEL": "none", "SUREFOOT_INDEX_WORKERS": "2",
            "FAULT_ROUND": mark, "XDG_CONFIG_HOME": str(cache / "config")}  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "surefoot", "index", "--root", str(root)],
        env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)


@pytest.mark.parametrize("whole_group", [False, True], ids=["main process", "whole group"])
def test_killed_with_parser_processes(large: Scene, tmp_path: Path, whole_group: bool) -> None:
    """However the main process ends, its parser processes end too."""
    chance, kind = random.Random(f"{SEED} {whole_group}"), "whole group" if whole_group else "main process"
    seconds = undisturbed(large, tmp_path / "undisturbed")
    kills = number = seen = 0
    while kills < KILLS_WITH_PROCESSES:
        cache, mark = tmp_path / f"{number}", uuid.uuid4().hex
        with command_line(large.tree.path, cache, mark) as process:
            seen = max(seen, running_parsers(process, mark))
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(chance.uniform(0, seconds))
            if process.poll() is None:
                (os.killpg if whole_group else os.kill)(process.pid, signal.SIGKILL)
            kills += was_killed(process.wait(PATIENCE), f"parser processes, {kind}")
            left = gone_in_time(mark)
            assert left == [], f"left behind: {left}"
        judge(large, cache, tmp_path / f"fresh-{number}")
        shutil.rmtree(cache, ignore_errors=True)
        number += 1
        assert number - kills <= MOST_ENDED * KILLS_WITH_PROCESSES, "nearly all have ended before they were killed"
    assert seen >= 3, "parser processes were running"


def undisturbed(scene: Scene, cache: Path) -> float:
    """The seconds that a run goes on after its parser processes were seen."""
    with command_line(scene.tree.path, cache, mark := uuid.uuid4().hex) as process:
        running_parsers(process, mark)
        begin = time.monotonic()
        assert process.wait(PATIENCE) == 0
        seconds = time.monotonic() - begin
        assert gone_in_time(mark) == []
        return seconds


def running_parsers(process: subprocess.Popen[bytes], mark: str) -> int:
    """Wait until parser processes run; how many processes there are then."""
    while process.poll() is None and len(family(mark)) < 3:
        time.sleep(0.01)
    return len(family(mark))


def gone_in_time(mark: str, seconds: float = 15.0) -> list[Any]:
    end = time.monotonic() + seconds
    while (left := family(mark)) and time.monotonic() < end:
        time.sleep(0.05)
    return [process.cmdline() for process in left]
