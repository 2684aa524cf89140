"""Whatever changes a file is seen: edits that hide in a clock tick, times that are put back, swapped files, moments."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from surefoot.domain import Query, Scope, Source
from surefoot.engine import Engine
from surefoot.index import indexer
from surefoot.retrieve import freshen
from surefoot.workspace import stamps
from surefoot.workspace.documents import disk_state

Open = Callable[..., Engine]

EDITS = 500
TAX = "shop/tax.py"
OLD, NEW = "pay none", "pay lots"  # of one length


def texts(engine: Engine, question: str = "rate_for value added tax of a country", path: str = TAX) -> list[str]:
    return [hit.chunk.text for hit in engine.search(Query(question)).hits if hit.chunk.span.path == path]


def shown(engine: Engine) -> str:
    return "\n".join(texts(engine))


@pytest.fixture
def all_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files count as settled as soon as they are written, as if time had passed."""
    monkeypatch.setattr(stamps, "TICK_NS", 0)


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are taken apart from now on."""
    parsed: list[str] = []
    parse = indexer._bring_up

    def noting(indexing, entries, *rest, **named):  # type: ignore[no-untyped-def]
        parsed.extend(entry.path for entry in entries)
        return parse(indexing, entries, *rest, **named)

    monkeypatch.setattr(indexer, "_bring_up", noting)
    return parsed


def hide(engine: Engine, path: str, *, settled: bool) -> None:
    """As if the file's latest change had got the very stamp under which the file was indexed before."""
    store = next(iter(engine._current().values())).store
    known, entry = store.file(path), disk_state(engine.roots[0], path)
    assert known is not None
    assert entry is not None
    stamped = replace(known, size=entry.size, mtime_ns=entry.mtime_ns, ctime_ns=entry.ctime_ns, is_settled=settled)
    with store.writing() as writer:
        writer.set_file_times(stamped)


# --- edits of equal size -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("told", ["nobody", "of the file", "of everything"])
def test_edits_of_equal_size_as_fast_as_they_come_are_each_found_at_once(engine: Engine, shop: Path, told: str) -> None:
    path = shop / TAX
    text = path.read_text()
    for number in range(EDITS if told == "nobody" else EDITS // 5):
        path.write_text(text.replace("pay none", f"pay {number:04}"))
        if told != "nobody":
            engine.refresh([path] if told == "of the file" else None)
        found = shown(engine)
        assert f"pay {number:04}" in found
        assert f"pay {number - 1:04}" not in found
    store = next(iter(engine._current().values())).store
    assert [text for text in stored_texts(store) if "pay 0" in text and f"pay {number:04}" not in text] == []


def stored_texts(store) -> list[str]:  # type: ignore[no-untyped-def]
    return [chunk.text for chunk in store.chunks(store.chunk_ids(TAX)).values()]


def test_an_edit_in_the_tick_of_the_reading_is_found(engine: Engine, shop: Path) -> None:
    """Same size, same times, other text: only the hash tells."""
    path = shop / TAX
    path.write_text(path.read_text().replace(OLD, NEW))
    hide(engine, TAX, settled=False)
    assert NEW in shown(engine)
    assert OLD not in shown(engine)


@pytest.mark.parametrize("whole", [True, False])
def test_a_pass_finds_an_edit_in_the_tick_of_the_reading(engine: Engine, shop: Path, whole: bool) -> None:
    path = shop / TAX
    path.write_text(path.read_text().replace(OLD, NEW))
    hide(engine, TAX, settled=False)
    assert engine.refresh(None if whole else [path]).indexed == 1
    assert NEW in "\n".join(stored_texts(next(iter(engine._current().values())).store))


@pytest.mark.usefixtures("all_settled")
def test_a_settled_file_is_not_read(engine: Engine, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is sure costs no more than a look at the stamp."""
    path = shop / TAX
    engine.refresh([path])
    engine.refresh()
    monkeypatch.setattr(freshen, "read_if_same", lambda *_: pytest.fail("a file was read"))
    assert OLD in shown(engine)


def test_a_pass_settles_what_was_read_too_soon(engine: Engine, shop: Path, parsed: list[str]) -> None:
    path, store = shop / TAX, next(iter(engine._current().values())).store
    path.write_text(path.read_text() + "# more\n")
    engine.refresh([path])
    hide(engine, TAX, settled=False)
    parsed.clear()
    time.sleep(2 * stamps.TICK_NS / stamps.SECOND_NS)
    generation = store.generation()
    assert OLD in shown(engine)  # hashed, found to be the same, and nothing written
    assert store.generation() == generation
    report = engine.refresh()
    assert (report.indexed, parsed) == (0, [])
    file = store.file(TAX)
    assert file is not None
    assert file.is_settled


def test_what_is_read_again_too_soon_is_not_written_again(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamps, "TICK_NS", 3600 * stamps.SECOND_NS)
    store = next(iter(engine._current().values())).store
    hide(engine, TAX, settled=False)
    generation = store.generation()
    engine.refresh()
    assert (store.generation(), engine.refresh().indexed) == (generation, 0)


# --- times that say nothing --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("all_settled")
@pytest.mark.parametrize("how", ["utime", "touch -r", "cp -p", "tar -x", "rename"])
def test_an_edit_whose_time_is_put_back_is_found(engine: Engine, shop: Path, tmp_path: Path, how: str) -> None:
    path, before, other = shop / TAX, (shop / TAX).stat(), tmp_path / "tax.py"
    other.write_text(path.read_text().replace(OLD, NEW))
    os.utime(other, ns=(before.st_mtime_ns, before.st_mtime_ns))
    if how == "utime":
        path.write_text(other.read_text())
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    elif how == "touch -r":
        (tmp_path / "reference").touch()
        os.utime(tmp_path / "reference", ns=(before.st_mtime_ns, before.st_mtime_ns))
        path.write_text(other.read_text())
        subprocess.run(["touch", "-r", tmp_path / "reference", path], check=True)
    elif how == "cp -p":
        subprocess.run(["cp", "-p", other, path], check=True)
    elif how == "tar -x":
        subprocess.run(["tar", "-cf", tmp_path / "a.tar", "--format=posix", "-C", tmp_path, "tax.py"], check=True)
        subprocess.run(["tar", "-xf", tmp_path / "a.tar", "-C", path.parent], check=True)
    else:
        other.replace(path)
    after = path.stat()
    assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    found = shown(engine)
    assert NEW in found
    assert OLD not in found


@pytest.mark.parametrize("whole_seconds", [0, 1])
def test_times_of_whole_seconds_hide_nothing(
    shop: Path, open_engine: Open, monkeypatch: pytest.MonkeyPatch, whole_seconds: int
) -> None:
    """Neither in a file system that has no others, nor in one that counts by twos."""
    grain = (1 + whole_seconds) * stamps.SECOND_NS

    def coarse(of: Callable[..., os.stat_result]) -> Callable[..., os.stat_result]:
        def status(*arguments: object, **more: object) -> os.stat_result:
            return coarsened(of(*arguments, **more), grain)

        return status

    monkeypatch.setattr(os, "lstat", coarse(os.lstat))
    monkeypatch.setattr(os, "fstat", coarse(os.fstat))
    monkeypatch.setattr(Path, "lstat", coarse(Path.lstat))
    engine = open_engine(shop)
    engine.refresh([shop / TAX])
    text = (shop / TAX).read_text()
    for number in range(60):
        (shop / TAX).write_text(text.replace("pay none", f"pay {number:04}"))
        engine.refresh([shop / TAX])
        assert f"pay {number:04}" in shown(engine)


def coarsened(status: os.stat_result, grain: int) -> os.stat_result:
    times = {name: getattr(status, name) // grain * grain for name in ("st_mtime_ns", "st_ctime_ns")}
    return type("Coarse", (), {name: getattr(status, name) for name in dir(status) if name[:3] == "st_"} | times)()


@pytest.mark.usefixtures("all_settled")
def test_a_file_that_was_only_touched_is_neither_parsed_nor_stale(
    engine: Engine, shop: Path, parsed: list[str]
) -> None:
    for path in shop.rglob("*.py"):
        path.touch()
    trace = engine.trace(engine.search(Query("rate_for tax")).trace_id)
    assert next(stage for stage in trace.stages if stage.name == "freshen").counts["stale"] == 0
    assert engine.refresh([shop / TAX]).indexed == 0
    report = engine.refresh()
    assert (report.indexed, report.unchanged, report.removed) == (0, report.files, 0)
    assert parsed == []


def test_a_question_reads_at_most_the_files_of_its_hits(
    engine: Engine, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(60):
        (shop / f"other{number}.py").write_text(f"def other_{number}():\n    return {number}\n")
    engine.refresh()
    for path in shop.rglob("*.py"):
        path.touch()
    read: list[str] = []
    read_if_same = freshen.read_if_same
    monkeypatch.setattr(freshen, "read_if_same", lambda root, file: read.append(file.path) or read_if_same(root, file))
    hits = engine.search(Query("rate_for", k=3)).hits
    assert hits
    assert 0 < len(read) == len(set(read)) < 20


# --- files that come and go --------------------------------------------------------------------------------------


def test_an_atomic_save_is_found(engine: Engine, shop: Path) -> None:
    path, temporary = shop / TAX, shop / "shop/.tax.py.swp"
    text = path.read_text()
    for number in range(50):
        temporary.write_text(text.replace("pay none", f"pay {number:04}"))
        temporary.replace(path)
        assert f"pay {number:04}" in shown(engine)
    engine.refresh()
    assert engine.drift is not None
    assert (engine.drift.drifted_files, engine.drift.unindexed_files) == (0, 0)


def test_an_editor_that_writes_twice_is_found_as_it_wrote_last(engine: Engine, shop: Path) -> None:
    path = shop / TAX
    text = path.read_text()
    for number in range(50):
        path.write_text(text.replace("pay none", f"pay x{number:03}"))
        engine.refresh([path])
        path.write_text(text.replace("pay none", f"pay {number:04}"))
        assert f"pay {number:04}" in shown(engine)


@pytest.mark.parametrize("told", [True, False])
def test_a_file_that_becomes_a_folder_and_the_other_way_round(engine: Engine, shop: Path, told: bool) -> None:
    path = shop / TAX
    text = path.read_text()
    path.unlink()
    path.mkdir()
    (path / "inner.py").write_text(text)
    if told:
        engine.refresh([path])
    assert texts(engine) == []
    if told:
        assert texts(engine, path=f"{TAX}/inner.py")
    engine.refresh()
    assert texts(engine, path=f"{TAX}/inner.py")
    (path / "inner.py").unlink()
    path.rmdir()
    path.write_text(text)
    if told:
        engine.refresh([path])
    assert texts(engine, path=f"{TAX}/inner.py") == []
    engine.refresh()
    assert shown(engine)
    store = next(iter(engine._current().values())).store
    assert [name for name in store.paths() if name.startswith(TAX)] == [TAX]


def test_a_file_that_is_emptied_for_a_moment_is_not_forgotten(engine: Engine, shop: Path) -> None:
    """And while it is empty nothing is shown of it."""
    path, text = shop / TAX, (shop / TAX).read_text()
    for whole in (False, True):
        path.write_text("")
        assert texts(engine) == []
        engine.refresh(None if whole else [path])
        path.write_text(text)
        assert OLD in shown(engine)  # nobody told of the second write


def test_a_file_that_stays_empty_is_forgotten(engine: Engine, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (shop / TAX).write_text("")
    engine.refresh()
    assert engine.drift is not None
    assert engine.drift.drifted_files == 1
    monkeypatch.setattr(stamps, "EMPTY_NS", 0)
    engine.refresh()
    assert TAX not in next(iter(engine._current().values())).store.paths()
    assert engine.drift.drifted_files == 0


def test_a_file_that_is_written_all_the_time_is_never_shown_in_halves(engine: Engine, shop: Path) -> None:
    """Each version is one that was there as a whole, or the search leaves the file out."""
    path, stop = shop / TAX, threading.Event()
    text = path.read_text()

    def save() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            path.write_text(text.replace("pay none", f"pay {number % 10000:04}") + f"# end {number % 10000:04}\n")

    saving = threading.Thread(target=save)
    saving.start()
    try:
        for _ in range(40):
            engine.search(Query("rate_for"))
            engine.refresh([path])
    finally:
        stop.set()
        saving.join()
    last = path.read_text()
    assert all(found in last for found in texts(engine))
    assert texts(engine)
    engine.refresh()
    store = next(iter(engine._current().values())).store
    assert all(chunk in last for chunk in stored_texts(store))


# --- what was left out -------------------------------------------------------------------------------------------


def test_a_binary_file_that_becomes_text_of_equal_size_in_the_same_tick_is_indexed(engine: Engine, shop: Path) -> None:
    path, text = shop / "blob.py", b"def unpacked(blob):\n    return blob\n"
    path.write_bytes(b"\0" * len(text))
    assert engine.refresh().skipped == {"binary": 1}
    path.write_bytes(text)
    entry, store = disk_state(engine.roots[0], "blob.py"), next(iter(engine._current().values())).store
    assert entry is not None
    skipped = store.outcomes()[0][0]
    hidden = replace(skipped, size=entry.size, mtime_ns=entry.mtime_ns, ctime_ns=entry.ctime_ns)
    assert not hidden.is_settled
    with store.writing() as writer:
        writer.record_file_outcome("blob.py", hidden)
    engine.refresh()
    assert texts(engine, "unpacked", "blob.py")


# --- renames and copies ------------------------------------------------------------------------------------------


def test_a_renamed_folder_embeds_nothing(engine: Engine, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    embedded: list[str] = []
    kind = type(engine._embedder)
    embed = kind.embed_documents

    def noting(self, texts):  # type: ignore[no-untyped-def]
        embedded.extend(texts)
        return embed(self, texts)

    monkeypatch.setattr(kind, "embed_documents", noting)
    (shop / "shop").rename(shop / "store")
    report = engine.refresh([shop / "shop", shop / "store"])
    assert (report.indexed, report.removed, embedded) == (3, 3, [])
    (shop / "store").rename(shop / "market")
    assert (engine.refresh().indexed, embedded) == (3, [])
    (shop / "market/tax.py").write_text("def tariff_for(country):\n    return 0\n")
    engine.refresh()
    assert len(embedded) == 1  # the meter works


def test_a_question_amid_the_indexing_of_a_rename_finds_the_file(
    engine: Engine, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved, seen, store = "shop/duties.py", [], indexer._store

    def asked_before(*arguments: Any, **rest: Any) -> None:
        monkeypatch.setattr(indexer, "_store", store)  # the question itself may index the file
        seen.append(texts(engine, path=moved))
        store(*arguments, **rest)

    monkeypatch.setattr(indexer, "_store", asked_before)
    (shop / TAX).rename(shop / moved)
    engine.refresh([shop / TAX, shop / moved])
    assert len(seen) == 1
    assert seen[0]


@pytest.mark.skipif(sys.platform == "win32", reason="git in a shell")
def test_worktrees_and_submodules_have_indexes_of_their_own(
    tmp_path: Path, open_engine: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Switching branches in one leaves the index of the other as it was."""
    for name, value in {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}.items():
        monkeypatch.setenv(name, value)

    def git(folder: Path, *arguments: str) -> None:
        who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "protocol.file.allow=always"]
        subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)

    def commit(folder: Path, name: str, text: str) -> None:
        (folder / name).write_text(text)
        git(folder, "add", "--all")
        git(folder, "commit", "-m", name)

    library, main, linked = tmp_path / "library", tmp_path / "main", tmp_path / "linked"
    for folder in (library, main):
        folder.mkdir()
        git(folder, "init", "-b", "main")
    commit(library, "library.py", "def library_call():\n    return 'of the library'\n")
    commit(main, "where.py", "def where_am_i():\n    return 'on main'\n")
    git(main, "submodule", "add", str(library), "vendored_library")
    git(main, "commit", "-m", "submodule")
    git(main, "checkout", "-b", "side")
    commit(main, "where.py", "def where_am_i():\n    return 'on side'\n")
    git(main, "checkout", "main")
    git(main, "worktree", "add", str(linked), "side")
    first, second, inner = open_engine(main), open_engine(linked), open_engine(main / "vendored_library")
    for engine in (first, second, inner):
        engine.refresh()

    def said(engine: Engine) -> str:
        return "\n".join(hit.chunk.text for hit in engine.search(Query("where_am_i")).hits)

    assert ("on main" in said(first), "on side" in said(second)) == (True, True)
    found = inner.search(Query("library_call", Scope(sources=(Source.CODE,)))).hits
    assert [hit.chunk.span.path for hit in found] == ["library.py"]
    git(linked, "checkout", "-b", "third")
    commit(linked, "where.py", "def where_am_i():\n    return 'on third'\n")
    second.refresh()
    assert "on third" in said(second)
    assert ("on main" in said(first), "on third" in said(first)) == (True, False)
    report = first.refresh()
    assert (report.indexed, report.removed) == (0, 0)
    git(main, "checkout", "-b", "fourth")
    commit(main, "where.py", "def where_am_i():\n    return 'on four.'\n")  # of equal size
    assert "on four." in said(first)
    assert "on third" in said(second)
    paths = next(iter(first._current().values())).store.paths()
    assert not any(path.startswith((".git/", "linked")) for path in paths)
