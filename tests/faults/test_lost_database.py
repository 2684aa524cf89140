"""The database deleted, cut or replaced under those who use it: they notice, make it anew, and never answer wrongly."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from faults import tally
from faults.hostile import environment, surefoot
from faults.scene import Tree, contents, found_by, fresh_contents, location_of, problems_of, settings_for
from lsp.stdio_session import Editor, editing
from surefoot.domain import Query
from surefoot.engine import Engine
from surefoot.errors import StoreDamagedError

FILES = 40
SEED = 81
Fault = Callable[[Path], None]


def beside(location: Path, suffix: str) -> Path:
    return location.with_name(location.name + suffix)


def delete_all(location: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        beside(location, suffix).unlink(missing_ok=True)


def delete_database(location: Path) -> None:
    location.unlink()


def delete_log(location: Path) -> None:
    beside(location, "-wal").unlink(missing_ok=True)


def delete_log_and_its_index(location: Path) -> None:
    beside(location, "-wal").unlink(missing_ok=True)
    beside(location, "-shm").unlink(missing_ok=True)


def delete_folder(location: Path) -> None:
    shutil.rmtree(location.parent)


def swap_for_garbage(location: Path) -> None:
    other = beside(location, ".other")
    other.write_bytes(random.Random(SEED).randbytes(50_000))
    other.replace(location)


def overwrite_with_garbage(location: Path) -> None:
    size = location.stat().st_size
    with location.open("r+b") as file:
        file.write(random.Random(SEED).randbytes(size))


def overwrite_the_middle(location: Path) -> None:
    size = location.stat().st_size
    with location.open("r+b") as file:
        file.seek(size // 4)
        file.write(random.Random(SEED).randbytes(size // 2))


def cut_in_half(location: Path) -> None:
    os.truncate(location, location.stat().st_size // 2)


def cut_to_nothing(location: Path) -> None:
    os.truncate(location, 0)


def cut_log(location: Path) -> None:
    if (log := beside(location, "-wal")).exists():
        os.truncate(log, log.stat().st_size // 2)


def swap_for_an_older_one(location: Path) -> None:
    """As a backup program does that puts everything back."""
    shutil.copyfile(location, beside(location, ".other"))
    beside(location, ".other").replace(location)
    for suffix in ("-wal", "-shm"):
        beside(location, suffix).unlink(missing_ok=True)


FAULTS: list[Fault] = [
    delete_all, delete_database, delete_log, delete_log_and_its_index, delete_folder, swap_for_garbage,
    overwrite_with_garbage, overwrite_the_middle, cut_in_half, cut_to_nothing, cut_log, swap_for_an_older_one,
]  # fmt: skip


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    (tmp_path / "tree").mkdir()
    tree = Tree(tmp_path / "tree", SEED, FILES)
    tree.write("lighthouse.py", "def lamp_of_lighthouse():\n    return 1\n")
    return tree


def assert_true(root: Path, hits: list[tuple[str, int, int, str]]) -> None:
    for path, start, end, text in hits:
        assert "\n".join((root / path).read_text().split("\n")[start - 1 : end]) == text


@pytest.mark.parametrize("has_read", [False, True], ids=["unread", "read"])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_an_open_engine_makes_it_anew(tree: Tree, tmp_path: Path, fault: Fault, has_read: bool) -> None:
    engine = Engine.open([tree.path], settings_for(tmp_path / "cache", index_workers=1, lock_timeout=5))
    try:
        engine.refresh()
        if has_read:
            assert found_by(engine, "lamp_of_lighthouse")
        fault(location_of(tmp_path / "cache", tree.path))
        tally.fault(f"database under an engine: {fault.__name__}")
        for question in ("lamp_of_lighthouse", "amber birch", "heron_of_reed", "lagoon maple"):
            hits = found_by(engine, question)
            tally.operation("search")
            assert hits
            assert_true(tree.path, hits)
        assert found_by(engine, "lamp_of_lighthouse")[0][0] == "lighthouse.py"
        path = tree.path / "lighthouse.py"
        path.write_text("def lantern_of_lighthouse():\n    return 2\n")
        tree.texts["lighthouse.py"].add(path.read_text())
        engine.refresh([path])
        assert found_by(engine, "lantern_of_lighthouse")[0][0] == "lighthouse.py"
        engine.refresh()
        fresh = fresh_contents(tree.path, tmp_path / "fresh", index_workers=1)
        assert contents(engine).difference(fresh) == ""
    finally:
        engine.close()
    assert problems_of(location_of(tmp_path / "cache", tree.path), tree.texts) == []
    again = Engine.open([tree.path], settings_for(tmp_path / "cache", index_workers=1))
    try:
        assert again.notices == (), "it is not made anew twice"
        assert again.refresh().indexed == 0
    finally:
        again.close()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_save_is_what_meets_it_first(tree: Tree, tmp_path: Path, fault: Fault) -> None:
    """The rest of the index comes back with the saved file."""
    engine = Engine.open([tree.path], settings_for(tmp_path / "cache", index_workers=1, lock_timeout=5))
    try:
        engine.refresh()
        fault(location_of(tmp_path / "cache", tree.path))
        tally.fault(f"database under an engine: {fault.__name__}")
        tree.write("lighthouse.py", "def lantern_of_lighthouse():\n    return 2\n")
        engine.refresh([tree.path / "lighthouse.py"])
        status = engine.status().roots[0]
        tally.operation("status")
        assert found_by(engine, "lantern_of_lighthouse")[0][0] == "lighthouse.py"
        hits = found_by(engine, "amber birch")
        assert hits
        assert_true(tree.path, hits)
        fresh = fresh_contents(tree.path, tmp_path / "fresh", index_workers=1)
        assert status.files == len(fresh.files)
        assert contents(engine).difference(fresh) == ""
    finally:
        engine.close()


def test_status_of_a_deleted_index_counts_what_there_is(tree: Tree, tmp_path: Path) -> None:
    engine = Engine.open([tree.path], settings_for(tmp_path / "cache", index_workers=1))
    try:
        engine.refresh()
        whole = engine.status().roots[0]
        delete_folder(location_of(tmp_path / "cache", tree.path))
        tally.fault("database under an engine: delete_folder")
        try:
            status = engine.status().roots[0]
        except StoreDamagedError as error:
            assert "has been deleted" in str(error)  # noqa: PT017 - saying so is as good
        else:
            assert (status.files, status.unindexed_files) == (0, whole.files)
        assert engine.search(Query("lamp_of_lighthouse")).hits
        assert engine.status().roots[0].files == whole.files
    finally:
        engine.close()


async def found(editor: Editor, query: str) -> list[str]:
    reply = await editor.command("surefoot.search", {"query": query})
    return [hit["path"] for hit in reply["hits"]]


@pytest.mark.parametrize("fault", FAULTS if tally.FULL else FAULTS[:1] + FAULTS[4:7], ids=lambda fault: fault.__name__)
async def test_a_running_language_server_makes_it_anew(tree: Tree, tmp_path: Path, fault: Fault) -> None:
    cache = tmp_path / "cache"
    async with editing(tree.path, env=environment(cache)) as editor:
        await editor.indexed()
        assert (await found(editor, "lamp_of_lighthouse"))[:1] == ["lighthouse.py"]
        fault(location_of(cache, tree.path))
        tally.fault(f"database under a language server: {fault.__name__}")
        assert (await found(editor, "lamp_of_lighthouse"))[:1] == ["lighthouse.py"]
        assert await found(editor, "amber birch")
        editor.save(tree.path / "lighthouse.py", "def lantern_of_lighthouse():\n    return 2\n")
        assert (await found(editor, "lantern_of_lighthouse"))[:1] == ["lighthouse.py"]
        await editor.command("surefoot.status")
        tally.operation("request of a language server", 5)
    tree.remember()
    assert problems_of(location_of(cache, tree.path), tree.texts) == []


def highest_aside(location: Path) -> int:
    """How many databases were moved aside so far: they are numbered, and only the newest are kept."""
    names = (path.name for path in location.parent.iterdir())
    numbers = (re.fullmatch(re.escape(location.name) + r"\.damaged-(\d+)", name) for name in names)
    return max((int(found[1]) for found in numbers if found), default=0)


def test_processes_open_a_damaged_database_at_once(tree: Tree, tmp_path: Path) -> None:
    """All of them get an answer; one of them moves it aside."""
    cache = tmp_path / "cache"
    surefoot(cache, "index", "--root", str(tree.path))
    location = location_of(cache, tree.path)
    code = (
        "import sys; from pathlib import Path; from surefoot.engine import Engine; from surefoot.domain import Query;"
        "from surefoot.config import Settings; print('ready', flush=True); sys.stdin.readline();"
        "e = Engine.open([Path(sys.argv[1])], Settings(cache_dir=Path(sys.argv[2]), model='none'));"
        "e.refresh(); hits = e.search(Query('lamp_of_lighthouse')).hits; print(hits[0].chunk.span.path); e.close()"
    )
    for number in range(tally.scaled(2, 12)):
        already_aside = highest_aside(location)
        swap_for_garbage(location) if number % 2 else overwrite_with_garbage(location)
        children = [
            subprocess.Popen(
                [sys.executable, "-c", code, str(tree.path), str(cache)],
                env=environment(cache),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(4)
        ]
        for child in children:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
        for child in children:
            assert child.stdin is not None
            child.stdin.write("go\n")
            child.stdin.flush()
        for child in children:
            out, err = child.communicate(timeout=120)
            assert (child.returncode, out) == (0, "lighthouse.py\n"), err
            tally.operation("opening a damaged database")
        tally.fault("damaged database, four processes")
        assert highest_aside(location) == already_aside + 1
        assert problems_of(location, tree.texts) == []
