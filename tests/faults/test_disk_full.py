"""A disk that fills up at any point: one sentence says so, what was committed stays, and space makes it right again."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import apsw
import pytest

from faults import tally
from faults.hostile import ballast, environment, small_disk, surefoot
from faults.scene import Tree, contents, fresh_contents, location_of, problems_of, settings_for
from surefoot.config import Settings
from surefoot.domain import Query
from surefoot.engine import Engine
from surefoot.errors import StoreError, StoreFullError

FILES = 70
ROUNDS = tally.scaled(6, 40)
SEED = 80


def index(tree: Tree, settings: Settings) -> None:
    engine = Engine.open([tree.path], settings)
    try:
        engine.refresh()
    finally:
        engine.close()


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    (tmp_path / "tree").mkdir()
    return Tree(tmp_path / "tree", SEED, FILES)


def test_full_at_random_points_of_indexing(tree: Tree, tmp_path: Path) -> None:
    """So many KiB are left, from none to enough; then the space comes back."""
    chance = random.Random(SEED)
    fresh = fresh_contents(tree.path, tmp_path / "fresh", index_workers=1)
    size = location_of(tmp_path / "fresh", tree.path).stat().st_size // 1024
    full, told = 0, list[str]()
    for number in range(ROUNDS):
        with small_disk(tmp_path / f"disk-{number}", 64) as disk:
            settings = settings_for(disk / "cache", index_workers=1)
            left = 0 if number == 0 else int(chance.uniform(0, 1.6 * size))
            with ballast(disk, left):
                try:
                    index(tree, settings)
                except StoreError as error:
                    if not isinstance(error, StoreFullError):
                        raise
                    told.append(str(error))
                    full += 1
                    tally.fault("disk full while indexing")
            location = location_of(disk / "cache", tree.path)
            if location.exists() and location.stat().st_size > 100_000:
                assert problems_of(location, tree.texts) == []
            engine = Engine.open([tree.path], settings)
            try:
                assert engine.notices == ()
                engine.refresh()
                tally.operation("resumed index")
                assert contents(engine).difference(fresh) == ""
                tally.operation("search")
                assert engine.search(Query("amber birch")).hits
            finally:
                engine.close()
            assert problems_of(location, tree.texts) == []
    assert full >= ROUNDS // 3
    assert all("No space is left in" in sentence for sentence in told)


def test_full_and_free_again_under_an_open_engine(tree: Tree, tmp_path: Path) -> None:
    """The same process goes on: it reads while there is no space, and writes when there is."""
    tree.write("lighthouse.js", "function lamp_of_lighthouse() {\n  return 1;\n}\n")  # the edits are of other files
    with small_disk(tmp_path / "disk", 32) as disk:
        engine = Engine.open([tree.path], settings_for(disk / "cache", index_workers=1))
        engine.refresh()
        for _ in range(tally.scaled(3, 12)):
            with ballast(disk):
                tree.edit_some(0.6)
                with pytest.raises(StoreFullError, match="No space is left"):  # noqa: PT012 - one of many
                    for _ in range(200):  # what it has may hold a few writes more
                        tree.edit_some(0.9)
                        engine.refresh()
                tally.fault("disk full under an open engine")
                for question in ("amber birch", "lagoon", "lamp_of_lighthouse"):
                    hits = engine.search(Query(question)).hits
                    assert hits or question != "lamp_of_lighthouse"
                    for hit in hits:
                        lines = (tree.path / hit.chunk.span.path).read_text().split("\n")
                        assert "\n".join(lines[hit.chunk.span.start - 1 : hit.chunk.span.end]) == hit.chunk.text
                    tally.operation("search without space")
            engine.refresh()
            tally.operation("resumed index")
            fresh = fresh_contents(tree.path, tmp_path / "fresh", index_workers=1)
            assert contents(engine).difference(fresh) == ""
        engine.close()
        assert problems_of(location_of(disk / "cache", tree.path), tree.texts) == []


def test_full_while_writing_traces(tree: Tree, tmp_path: Path) -> None:
    """The answer is given; that it was not traced is said; later ones are traced again."""
    with small_disk(tmp_path / "disk", 32) as disk:
        engine = Engine.open([tree.path], settings_for(disk / "cache", index_workers=1))
        engine.refresh()
        assert engine.search(Query("amber birch")).hits
        assert len(engine.traces()) == 1
        with ballast(disk):
            for number in range(60):
                assert engine.search(Query(f"amber birch {'heron ' * (number % 40)}")).hits
                tally.operation("search without space")
            engine._recorder.drain()
            tally.fault("disk full while writing traces")
            kept = len(engine.traces(1000))
            assert kept < 61
        assert any("not traced" in notice and "No space is left" in notice for notice in engine.notices)
        trace_id = engine.search(Query("amber birch")).trace_id
        assert engine.trace(trace_id).question == "amber birch"
        assert len(engine.traces(1000)) == kept + 1
        engine.close()
        with apsw.Connection(str(disk / "cache/index/traces.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_full_while_migrating(tree: Tree, tmp_path: Path) -> None:
    """An index that waits for a step, or for another reading, and a disk without space for it."""
    fresh = fresh_contents(tree.path, tmp_path / "fresh", index_workers=1)
    full = 0
    for left in (0, 8, 16, 40, 100, 200):
        with small_disk(tmp_path / f"disk-{left}", 16) as disk:
            shutil.copytree(tmp_path / "fresh", disk / "cache")
            location = location_of(disk / "cache", tree.path)
            with apsw.Connection(str(location)) as connection:
                connection.execute("UPDATE meta SET value = -1 WHERE name = 'reading'")
            connection.close()
            settings = settings_for(disk / "cache", index_workers=1)
            with ballast(disk, left):
                try:
                    index(tree, settings)
                except StoreFullError:
                    full += 1
                    tally.fault("disk full while migrating")
            engine = Engine.open([tree.path], settings)
            engine.refresh()
            tally.operation("resumed index")
            assert contents(engine).difference(fresh) == ""
            engine.close()
    assert full, "a disk was full in the middle of it"


def test_full_from_the_start_is_one_sentence_of_every_command(tree: Tree, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 1) as disk, ballast(disk):
        for command in (["search", "amber"], ["ask", "amber birch?"], ["index"], ["status"]):
            done = surefoot(disk / "cache", *command, "--root", str(tree.path))
            tally.fault("disk full from the start")
            assert done.returncode == 1
            assert "No space is left in" in done.stderr
            assert "Traceback" not in done.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="limits of a process are those of Unix")
def test_a_limit_on_the_size_of_files_is_told(tree: Tree, tmp_path: Path) -> None:
    """No disk is full, but the files may not grow: a quota of some systems looks like this."""
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2);"
        "from surefoot.cli import main; sys.argv[1:] = sys.argv[2:]; main()"
    )
    for limit in (0, 5_000, 50_000, 150_000):
        done = surefoot_with(code, str(limit), tmp_path / f"cache-{limit}", tree.path)
        tally.fault("limit on the size of files")
        assert done.returncode == 1, done.stderr
        assert "Traceback" not in done.stderr
        assert "SUREFOOT_CACHE_DIR" in done.stderr or "cannot be used" in done.stderr
        again = surefoot(tmp_path / f"cache-{limit}", "index", "--root", str(tree.path))
        assert again.returncode == 0, again.stderr
        assert problems_of(location_of(tmp_path / f"cache-{limit}", tree.path), tree.texts) == []


def surefoot_with(code: str, limit: str, cache: Path, root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, limit, "index", "--root", str(root)],
        env=environment(cache), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
