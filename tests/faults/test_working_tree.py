"""What happens to a working tree while it is read: races, clocks set back, storms of saves, branch switches."""

from __future__ import annotations

import os
import random
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from faults import tally
from faults.hostile import environment
from faults.scene import (
    QUESTIONS,
    Tree,
    contents,
    fresh_contents,
    git,
    let_settle,
    lines_now,
    location_of,
    problems_of,
    settings_for,
)
from lsp.stdio_session import editing
from surefoot.domain import Query
from surefoot.engine import Engine
from surefoot.workspace import documents

FILES = 60
SEED = 82


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    (tmp_path / "tree").mkdir()
    return Tree(tmp_path / "tree", SEED, FILES)


@pytest.fixture
def engine(tree: Tree, tmp_path: Path) -> Iterator[Engine]:
    engine = Engine.open([tree.path], settings_for(tmp_path / "cache", index_workers=1))
    engine.refresh()
    yield engine
    engine.close()


def assert_like_fresh(engine: Engine, tree: Tree, tmp_path: Path) -> None:
    """After a pass over everything the index is what a fresh one would be."""
    let_settle(tree.path)
    engine.refresh()
    fresh = fresh_contents(tree.path, tmp_path / "fresh", index_workers=1)
    assert contents(engine).difference(fresh) == ""
    assert problems_of(location_of(tmp_path / "cache", tree.path), tree.texts) == []


def assert_true(root: Path, engine: Engine, question: str) -> list[str]:
    hits = engine.search(Query(question), traced=False).hits
    tally.operation("search")
    for hit in hits:
        span = hit.chunk.span
        lines = lines_now(root, span.path)
        assert "\n".join(lines[span.start - 1 : span.end]) == hit.chunk.text
    return [hit.chunk.span.path for hit in hits]


# --- while it is read ------------------------------------------------------------------------------------------


@pytest.fixture
def at_reading(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, Callable[[], Any]], None]]:
    """Does something to the tree at the moment at which a file has been opened, once."""
    waiting: dict[str, Callable[[], Any]] = {}
    original = os.open

    def opened(path: Any, *arguments: Any, **options: Any) -> int:
        descriptor = original(path, *arguments, **options)
        name = os.fspath(path)
        for ending in [ending for ending in waiting if isinstance(name, str) and name.endswith(ending)]:
            waiting.pop(ending)()
        return descriptor

    monkeypatch.setattr(documents.os, "open", opened)
    yield waiting.__setitem__
    assert waiting == {}, "each of them happened"


def test_a_file_that_grows_while_it_is_read(tree: Tree, engine: Engine, tmp_path: Path, at_reading: Any) -> None:
    path = tree.path / "growing.py"
    tree.write("growing.py", "def first_growth():\n    return 1\n")

    def grow() -> None:
        with path.open("a") as file:
            file.write("\n\ndef second_growth():\n    return 2\n")
        tree.remember()
        tally.fault("file grows while it is read")

    at_reading("growing.py", grow)
    engine.refresh()
    assert "growing.py" in assert_true(tree.path, engine, "second_growth")
    assert_like_fresh(engine, tree, tmp_path)


def test_a_file_that_grows_without_end_while_it_is_read(tree: Tree, engine: Engine, tmp_path: Path) -> None:
    """A log, for one: what is indexed is a state that it had, and the lines that are shown stand there."""
    path, stop = tree.path / "growing.py", threading.Event()
    path.write_text("first_line_of_growing = 0\n")

    def grow() -> None:
        number = 0
        with path.open("a") as file:
            while not stop.is_set():
                number += 1
                file.write(f"growing_value_{number} = {number}\n")
                file.flush()
                tally.fault("file grows while it is read")
                time.sleep(0.002)

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        for _ in range(tally.scaled(10, 20)):
            engine.refresh([path])
            hits = engine.search(Query("growing_value_1"), traced=False).hits
            tally.operation("search")
            now = path.read_text().split("\n")  # it only grows, so what was there then is there now
            for hit in hits:
                if hit.chunk.span.path == "growing.py":
                    assert "\n".join(now[hit.chunk.span.start - 1 : hit.chunk.span.end]).startswith(hit.chunk.text)
    finally:
        stop.set()
        writer.join()
    tree.remember()
    assert_like_fresh(engine, tree, tmp_path)


@pytest.mark.parametrize("what", ["gone", "folder", "link", "other", "pipe"])
def test_a_file_that_is_swapped_between_listing_and_reading(
    tree: Tree, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    tree.write("swapped.py", "def before_the_swap():\n    return 1\n")
    path, original, done = tree.path / "swapped.py", os.open, []

    def swap() -> None:
        path.unlink()
        if what == "folder":
            path.mkdir()
            tree.write("swapped.py/inner.py", "def inside_of_the_folder():\n    return 1\n")
        elif what == "link":
            path.symlink_to("/etc/passwd")
        elif what == "other":
            tree.write("swapped.py", "def after_the_swap():\n    return 1\n")
        elif what == "pipe":
            os.mkfifo(path)

    def opened(name: Any, *arguments: Any, **options: Any) -> int:
        if str(name).endswith("/swapped.py") and not done:
            done.append(1)
            swap()
            tally.fault(f"file swapped between listing and reading: {what}")
        return original(name, *arguments, **options)

    monkeypatch.setattr(documents.os, "open", opened)
    engine.refresh()
    assert done
    hits = engine.search(Query("before_the_swap"), traced=False).hits
    assert not [hit for hit in hits if "before_the_swap" in hit.chunk.text]
    assert_like_fresh(engine, tree, tmp_path)


def test_a_folder_replaced_by_a_file_and_back(tree: Tree, engine: Engine, tmp_path: Path) -> None:
    for number in range(tally.scaled(3, 15)):
        shutil.rmtree(tree.path / "part1")
        tree.write("part1", f"def instead_of_a_folder_{number}():\n    return 1\n")
        tally.fault("folder replaced by a file")
        if number % 2:
            engine.refresh([tree.path / "part1"])
        for question in QUESTIONS:
            assert_true(tree.path, engine, question)
        assert not [path for path in assert_true(tree.path, engine, "amber") if path.startswith("part1/")]
        (tree.path / "part1").unlink()
        tree.write("part1/back.py", f"def back_again_{number}():\n    return 1\n")
        tally.fault("file replaced by a folder")
        if number % 2:
            engine.refresh([tree.path / "part1/back.py"])
        assert "part1" not in assert_true(tree.path, engine, "instead_of_a_folder")
        assert_true(tree.path, engine, "amber birch")
    assert_like_fresh(engine, tree, tmp_path)
    assert assert_true(tree.path, engine, "back_again")[:1] == ["part1/back.py"]


# --- clocks ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("clock", [0.0, 1.0, 4_000_000_000.0, -1.0])
def test_a_clock_that_is_set_back_or_ahead(
    tree: Tree, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: float
) -> None:
    """Times of files and of the program in 1970, in 2096 and before the epoch; the text decides all the same."""
    monkeypatch.setattr(time, "time", lambda: clock)
    monkeypatch.setattr(time, "time_ns", lambda: int(clock * 1e9))
    names = [name for name in tree.names() if name.startswith("part") and name.endswith(".py")][:12]
    for number, name in enumerate(names):
        tree.write(name, f"def set_clock_{number}():\n    return {number}\n")
        os.utime(tree.path / name, (clock + number, clock + number))
        tally.fault("clock set back or ahead")
        engine.refresh([tree.path / name])
        assert assert_true(tree.path, engine, f"set_clock_{number}")[:1] == [name]
    for name in names:  # back to times that the index has seen, with another text of the same length
        status = (tree.path / name).stat()
        tree.write(name, (tree.path / name).read_text().replace("set_clock", "cet_slock"))
        os.utime(tree.path / name, ns=(status.st_atime_ns, status.st_mtime_ns))
        tally.fault("same size, same time, other text")
    engine.search(Query("set_clock_1"), traced=False)  # nobody told the index: whoever comes upon the file sees it
    assert "cet_slock" in engine.search(Query("cet_slock_1"), traced=False).hits[0].chunk.text
    for hit in engine.search(Query("set_clock_3"), traced=False).hits:
        assert "set_clock" not in hit.chunk.text
    assert_like_fresh(engine, tree, tmp_path)


# --- many at once ----------------------------------------------------------------------------------------------


async def test_very_many_files_touched_at_once(tmp_path: Path) -> None:
    """By a language server that is told of each, and by an engine that is."""
    root, number = tmp_path / "many", tally.scaled(1_500, 20_000)
    for folder in range(number // 100):
        (root / f"folder{folder}").mkdir(parents=True)
        for n in range(100):
            (root / f"folder{folder}/file{n}.py").write_text(f"def touched_{folder}_{n}():\n    return {n}\n")
    files = list(root.rglob("*.py"))
    cache = tmp_path / "cache"
    engine = Engine.open([root], settings_for(cache))
    engine.refresh()
    later = time.time() + 100
    for path in files:
        os.utime(path, (later, later))
    tally.fault("file touched at once", len(files))
    report = engine.refresh(files)
    assert (report.indexed, report.files) == (0, len(files))
    chosen = random.Random(SEED).sample(files, 30)
    for path in chosen:
        path.write_text(path.read_text().replace("touched", "changed"))
    report = engine.refresh(files)
    assert report.indexed == len(chosen)
    engine.close()
    async with editing(root, env=environment(cache)) as editor:
        await editor.indexed()
        for path in chosen:
            path.write_text(path.read_text().replace("changed", "twice"))
        for path in files:
            os.utime(path, (later + 9, later + 9))
        tally.fault("file touched at once", len(files))
        changes = [types.FileEvent(path.as_uri(), types.FileChangeType.Changed) for path in files]
        editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(changes))
        await editor.indexed()
        for path in chosen[:5]:
            name = path.read_text().partition("(")[0].removeprefix("def ")
            found = await editor.command("surefoot.search", {"query": name})
            assert found["hits"][0]["path"] == path.relative_to(root).as_posix()
            tally.operation("request of a language server")
        status = (await editor.command("surefoot.status"))["roots"][0]
        assert status["drifted_chunks"] == 0


def test_branch_switches_during_indexing(tree: Tree, engine: Engine, tmp_path: Path) -> None:
    """Real git, at random moments of passes over everything, with questions in between."""
    git(tree.path, "init")
    git(tree.path, "add", "-A")
    git(tree.path, "commit", "-m", "main")
    for branch in ("one", "two"):
        git(tree.path, "switch", "-c", branch, "main")
        tree.edit_some(0.6)
        git(tree.path, "add", "-A")
        git(tree.path, "commit", "-m", branch)
    chance, errors = random.Random(SEED), list[BaseException]()
    stop = threading.Event()

    def index() -> None:
        while not stop.is_set():
            try:
                engine.refresh()
            except BaseException as error:  # noqa: BLE001 - told by the test
                errors.append(error)
            tally.operation("index during switches")

    indexing = threading.Thread(target=index)
    indexing.start()
    try:
        for _ in range(tally.scaled(15, 120)):
            time.sleep(chance.uniform(0, 0.1))
            git(tree.path, "switch", chance.choice(["main", "one", "two"]))
            tally.fault("branch switch during indexing")
            tree.remember()
            assert_true(tree.path, engine, chance.choice(QUESTIONS))  # nobody else writes just now
    finally:
        stop.set()
        indexing.join()
    assert errors == []
    assert_like_fresh(engine, tree, tmp_path)


def test_a_storm_of_saves_on_one_file(tree: Tree, engine: Engine, tmp_path: Path) -> None:
    """Each search sees a state that was on disk while it ran: none older, none half."""
    path = tree.path / "stormy.py"
    saves = tally.scaled(150, 1_000)
    written: list[tuple[int, float]] = []  # number, and when it was surely there
    texts = {n: f"def storm_number():\n    return {n}\n\n\ndef storm_again():\n    return {n}\n" for n in range(saves)}

    def save(number: int) -> None:
        if number % 3:
            beside = tmp_path / "beside"
            beside.write_text(texts[number])
            beside.replace(path)
        else:
            with path.open("r+" if path.exists() else "w") as file:  # all at once and in place, never shorter before
                file.write(texts[number])
                file.truncate()
        written.append((number, time.monotonic()))
        tally.fault("save of a storm")

    texts = {n: text.replace(f" {n}\n", f" {n:06}\n") for n, text in texts.items()}
    save(0)
    tree.texts["stormy.py"].update(texts.values())
    stop, errors = threading.Event(), list[BaseException]()

    def storm() -> None:
        for number in range(1, saves):
            save(number)
            if number % 2:
                try:
                    engine.refresh([path])
                except BaseException as error:  # noqa: BLE001 - told by the test
                    errors.append(error)
        stop.set()

    saving = threading.Thread(target=storm)
    saving.start()
    searches = 0
    while not stop.is_set() or searches < 20:
        begin = written[-1][0]  # on disk already
        hits = engine.search(Query("storm_number"), traced=False).hits
        end = written[-1][0] + 1  # may be on disk already
        searches += 1
        for hit in hits:
            if hit.chunk.span.path != "stormy.py":
                continue
            numbers = {int(line.split()[1]) for line in hit.chunk.text.split("\n") if "return" in line}
            assert len(numbers) == 1, f"half of two saves: {hit.chunk.text}"
            assert begin <= numbers.pop() <= end, "a state that was there during the search"
    saving.join()
    tally.operation("search during a storm", searches)
    assert errors == []
    assert "stormy.py" in assert_true(tree.path, engine, "storm_number")
    assert_like_fresh(engine, tree, tmp_path)
