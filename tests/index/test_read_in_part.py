"""Files of which a part could not be read: the rest is indexed, and what is lacking is told as long as it lacks."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from surefoot.domain import FailedFile, Query, Source
from surefoot.engine import Engine

Open = Callable[..., Engine]
EXPORT = ".surefoot/tickets/gh.json"
GOOD = {"number": 1, "title": "Retry limit", "body": "The retry limit is too low.", "state": "OPEN"}
BAD = {"title": "no number", "body": "x"}
TOLD = FailedFile(EXPORT, "Read in part. Line 1: the record has no 'number' and was left out.")


def write(root: Path, *records: object, name: str = EXPORT) -> Path:
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(list(records)))
    return file


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "project"


def failed(engine: Engine) -> tuple[FailedFile, ...]:
    """What status says; it has to be what the last report said."""
    return engine.status().roots[0].failed


def test_the_rest_is_indexed_and_the_problem_stays_told(root: Path, open_engine: Open) -> None:
    """In every later report and status, though the file is not read again."""
    write(root, GOOD, BAD)
    engine = open_engine(root)
    for _ in range(2):
        report = engine.refresh()
        assert (report.files, report.failed) == (1, (TOLD,))
        assert failed(engine) == (TOLD,)
    assert engine.search(Query("#1")).hits[0].chunk.source is Source.TICKETS
    status = engine.status().roots[0]
    assert (status.drifted_files, status.unindexed_files) == ((), 0)


def test_other_changes_and_a_touch_leave_it_told(root: Path, open_engine: Open) -> None:
    """A save of another file, a new time, and a pass after them."""
    file = write(root, GOOD, BAD)
    engine = open_engine(root)
    engine.refresh()
    (root / "a.py").write_text("x = 1\n")
    engine.refresh([root / "a.py"])
    assert failed(engine) == (TOLD,)
    os.utime(file, ns=(1, 1))
    engine.refresh([file])
    assert failed(engine) == (TOLD,)
    engine.refresh()
    assert failed(engine) == (TOLD,)


def test_it_goes_when_the_file_is_mended_or_gone(root: Path, open_engine: Open) -> None:
    """By a save and by a pass."""
    file = write(root, GOOD, BAD)
    engine = open_engine(root)
    engine.refresh()
    write(root, GOOD)
    assert engine.refresh([file]).failed == ()
    assert failed(engine) == ()
    write(root, BAD, GOOD)
    assert engine.refresh([file]).failed == (TOLD,)
    file.unlink()
    assert engine.refresh().failed == ()
    assert failed(engine) == ()


def test_a_file_of_which_nothing_can_be_read_is_not_indexed_any_more(root: Path, open_engine: Open) -> None:
    """It must not answer from its past."""
    file = write(root, GOOD, BAD)
    engine = open_engine(root)
    engine.refresh()
    write(root, BAD)
    assert [each.path for each in engine.refresh([file]).failed] == [EXPORT]
    assert "Read in part" not in failed(engine)[0].error
    assert engine.status().roots[0].files == 0


def test_only_what_changed_in_an_export_is_made_anew(root: Path, open_engine: Open) -> None:
    """A ticket that stays as it is keeps its row, wherever it moves in the file."""
    write(root, GOOD, *({"number": n, "title": f"T{n}", "body": f"Text {n}", "state": "OPEN"} for n in range(2, 9)))
    engine = open_engine(root)
    engine.refresh()
    (index,) = engine._current().values()
    before = {chunk.symbol: number for number, chunk in index.store.chunks(index.store.chunk_ids(EXPORT)).items()}
    more = ({"number": n, "title": f"T{n}", "body": f"Text {n}!{n == 5}", "state": "OPEN"} for n in range(8, 1, -1))
    write(root, *more, GOOD)
    engine.refresh()
    after = {chunk.symbol: number for number, chunk in index.store.chunks(index.store.chunk_ids(EXPORT)).items()}
    assert after["#1"] == before["#1"]
    assert after["#5"] != before["#5"]


def test_an_ignored_export_is_followed_when_it_is_saved_or_synced(root: Path, open_engine: Open) -> None:
    """A new file, a changed one and one that went, by their paths."""
    root.mkdir()
    (root / ".gitignore").write_text(".surefoot/\n")
    engine = open_engine(root)
    engine.refresh()
    file = root / ".surefoot/tickets/github/acme/1.md"
    file.parent.mkdir(parents=True)
    for state in ("open", "closed"):
        file.write_text(f"---\nkey: '#1'\ntitle: Retry\nstate: {state}\n---\n\nText.\n")
        engine.refresh([file])
        assert engine.search(Query("#1")).hits[0].chunk.signature == f"#1: Retry ({state})"
    file.unlink()
    engine.refresh([file])
    assert engine.status().roots[0].files == 1
