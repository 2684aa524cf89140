"""What happens to a working tree reaches the index: real git, real watchers, and few, whole batches."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import pytest

from live.live_session import (
    branches,
    commit,
    git,
    indexed_paths,
    live_session,
    repository,
    text_hashes,
    until,
    write,
)
from surefoot import engine as engines
from surefoot.domain import content_hash
from surefoot.errors import StoreBusyError
from surefoot.live import git_gate, watch
from surefoot.live import session as sessions
from surefoot.live.queue import FREE_TURNS, TURNS_A_SECOND
from surefoot.trace import CancelToken


def is_at(session, root: Path) -> bool:
    """Whether the index has exactly the files of the disk, each as it is there."""
    on_disk = {
        file.relative_to(root).as_posix(): content_hash(file.read_text())
        for file in root.rglob("*.py")
        if ".git" not in file.parts
    }
    return {path: each for path, each in text_hashes(session).items() if path.endswith(".py")} == on_disk


@pytest.mark.parametrize("watches_files", [True, False], ids=["watched", "told by the editor"])
def test_a_switch_of_500_files_is_one_batch(tmp_path: Path, watches_files: bool) -> None:
    root = branches(tmp_path / "root", 500)
    with live_session(root, tmp_path / "cache", watches_files=watches_files) as (session, seen):
        git(root, "switch", "-q", "other")
        if not watches_files:
            session.changed(root.glob("pkg/*.py"))
        until(lambda: is_at(session, root) and not session.indexing)
        assert [report.indexed for report in seen.changes()] == [500]


def test_a_switch_is_followed_where_nobody_tells_of_files(tmp_path: Path) -> None:
    """The editor says nothing and files are not watched: that HEAD moved is enough to know what is different."""
    root = branches(tmp_path / "root", 60)
    with live_session(root, tmp_path / "cache", watches_files=False) as (session, seen):
        git(root, "switch", "-q", "other")
        until(lambda: is_at(session, root) and not session.indexing)
        assert [report.indexed for report in seen.changes()] == [60]


def test_a_commit_changes_nothing_in_the_index(tmp_path: Path) -> None:
    root = repository(tmp_path / "root", {"a.py": "a = 1\n"})
    with live_session(root, tmp_path / "cache") as (session, seen):
        write(root, {"a.py": "a = 2\n"})
        until(lambda: is_at(session, root))
        commit(root, "more")
        write(root, {"b.py": "b = 1\n"})
        until(lambda: "b.py" in indexed_paths(session) and not session.indexing)
        assert sum(report.indexed for report in seen.changes()) == 2


@pytest.mark.parametrize("what", ["stash", "reset", "rebase", "merge", "checkout"])
def test_whatever_git_does_is_followed(tmp_path: Path, what: str) -> None:
    root = branches(tmp_path / "root", 20)
    write(root, {"own.py": "own = 1\n"})
    commit(root, "own")
    write(root, {"own.py": "own = 2\n", "pkg/extra.py": "extra = 1\n"})
    commands = {
        "stash": [["stash", "-u", "-q"], ["stash", "pop", "-q"], ["stash", "-u", "-q"]],
        "reset": [["reset", "--hard", "-q", "HEAD~1"]],
        "rebase": [["add", "-A"], ["commit", "-qm", "x"], ["rebase", "-q", "other"]],
        "merge": [["add", "-A"], ["commit", "-qm", "x"], ["merge", "-q", "--no-edit", "other"]],
        "checkout": [["checkout", "-q", "other", "--", "pkg"]],
    }
    with live_session(root, tmp_path / "cache") as (session, _seen):
        until(lambda: is_at(session, root))
        for command in commands[what]:
            git(root, *command)
        until(lambda: is_at(session, root))


def test_a_work_tree_of_its_own_and_a_submodule_are_followed(tmp_path: Path) -> None:
    """There `.git` is a file, and the git folder is elsewhere."""
    main = branches(tmp_path / "main", 20)
    inner = branches(tmp_path / "inner", 20)
    git(main, "submodule", "--quiet", "add", str(inner), "sub")
    commit(main, "with a submodule")
    root = tmp_path / "tree"
    git(main, "worktree", "add", "-q", str(root))
    git(root, "submodule", "--quiet", "update", "--init")
    with live_session(root, tmp_path / "cache", watches_files=False) as (session, _seen):
        assert "sub/pkg/m1.py" in indexed_paths(session)
        git(root, "switch", "-qc", "mine", "other")
        until(lambda: text_hashes(session).get("pkg/m1.py") == _hash_of(root / "pkg/m1.py"))
        git(root, "switch", "-q", "tree")
        git(root / "sub", "checkout", "-q", "origin/other")
        until(lambda: text_hashes(session).get("sub/pkg/m1.py") == _hash_of(root / "sub/pkg/m1.py"))


def _hash_of(file: Path) -> str:
    return content_hash(file.read_text())


def test_a_lock_that_a_dead_git_left_holds_nothing_up_for_ever(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(git_gate, "LONGEST_HOLD", 1.0)
    root = repository(tmp_path / "root", {"a.py": "a = 1\n"})
    with live_session(root, tmp_path / "cache") as (session, _seen):
        (root / ".git" / "index.lock").write_bytes(b"")
        write(root, {"a.py": "a = 2\n", "b.py": "b = 1\n"})
        until(lambda: is_at(session, root))
        write(root, {"c.py": "c = 1\n"})
        until(lambda: is_at(session, root))
        assert (root / ".git" / "index.lock").exists()


def test_while_the_lock_stands_nothing_but_open_files_is_looked_at(tmp_path: Path) -> None:
    root = repository(tmp_path / "root", {"a.py": "a = 1\n", "b.py": "b = 1\n"})
    with live_session(root, tmp_path / "cache", watches_files=False) as (session, seen):
        session.documents.open(root / "b.py", "b = 2\n")
        lock = root / ".git" / "index.lock"
        lock.write_bytes(b"")
        write(root, {"a.py": "a = 2\n", "b.py": "b = 2\n"})
        session.changed([root / "a.py"])
        session.changed([root / "b.py"])
        until(lambda: text_hashes(session)["b.py"] == _hash_of(root / "b.py"))
        assert [paths for paths in seen.refreshes if paths] == [[root / "b.py"]]
        lock.unlink()
        until(lambda: is_at(session, root))


def test_a_file_that_grows_for_ever_is_not_indexed_for_ever(tmp_path: Path) -> None:
    root = repository(tmp_path / "root", {"a.py": "a = 1\n"})
    log = root / "build.md"
    stop = threading.Event()

    def grow() -> None:
        lines = 0
        while not stop.wait(0.01):
            lines += 1
            with log.open("a") as file:
                file.write(f"line {lines}\n")

    with live_session(root, tmp_path / "cache", watches_files=False) as (session, seen):
        writer = threading.Thread(target=grow)
        writer.start()
        try:
            began = time.monotonic()
            for _ in range(400):
                session.changed([log])
                time.sleep(0.01)
            seconds = time.monotonic() - began
            assert len(seen.refreshes) < FREE_TURNS + 12 + TURNS_A_SECOND * seconds
            write(root, {"b.py": "b = 1\n"})
            session.changed([root / "b.py"])
            until(lambda: "b.py" in indexed_paths(session))
        finally:
            stop.set()
            writer.join()
        session.changed([log])
        until(lambda: text_hashes(session).get("build.md") == _hash_of(log))


def test_20000_files_touched_at_once_are_one_look_at_everything(tmp_path: Path) -> None:
    """Only some of them are there: the queue does not know, and walks."""
    root = repository(tmp_path / "root", {f"m{number}.py": f"m = {number}\n" for number in range(300)})
    with live_session(root, tmp_path / "cache", watches_files=False) as (session, seen):
        for number in range(300):
            write(root, {f"m{number}.py": f"m = {number} + 1\n"})
        for start in range(0, 20_000, 1000):
            session.changed([root / f"m{number}.py" for number in range(start, start + 1000)])
        until(lambda: is_at(session, root))
        until(lambda: not session.indexing)
        assert None in seen.refreshes
        assert len(seen.refreshes) <= 22


def test_the_same_save_told_twice_is_written_once(tmp_path: Path) -> None:
    root = repository(tmp_path / "root", {"a.py": "a = 1\n"})
    with live_session(root, tmp_path / "cache") as (session, seen):
        write(root, {"a.py": "a = 2\n"})
        session.changed([root / "a.py"])  # the editor; the watcher tells it too
        until(lambda: is_at(session, root) and not session.indexing)
        write(root, {"b.py": "b = 1\n"})  # what the watcher tells comes in the order in which it was written
        until(lambda: "b.py" in indexed_paths(session) and not session.indexing)
        assert sum(report.indexed for report in seen.changes()) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there that few users have")
def test_links_in_a_circle_cost_no_save(tmp_path: Path) -> None:
    """One with the name of an open file, so that it is looked at where it leads."""
    root = repository(tmp_path / "root", {"a.py": "a = 1\n", "pkg/b.py": "b = 1\n"})
    with live_session(root, tmp_path / "cache", watches_files=False) as (session, _seen):
        session.documents.open(root / "pkg" / "b.py", "b = 1\n")
        (root / "b.py").symlink_to(root / "b.py")
        session.changed([root / "b.py"])
        write(root, {"a.py": "a = 2\n"})
        session.changed([root / "a.py"])
        until(lambda: text_hashes(session)["a.py"] == _hash_of(root / "a.py"))
        until(lambda: not session.indexing)


def test_new_renamed_and_deleted_folders_are_followed(tmp_path: Path) -> None:
    root = repository(tmp_path / "root", {"a/x.py": "x = 1\n", "a/y.py": "y = 1\n"})
    with live_session(root, tmp_path / "cache") as (session, _seen):
        (root / "a").rename(root / "b")
        until(lambda: is_at(session, root))
        write(root, {"c/d/z.py": "z = 1\n"})
        until(lambda: is_at(session, root))
        (root / "b" / "x.py").unlink()
        (root / "b" / "y.py").unlink()
        (root / "b").rmdir()
        until(lambda: indexed_paths(session) == {"c/d/z.py"})


def test_without_watches_left_it_says_so_once_and_walks_every_so_often(tmp_path: Path, monkeypatch) -> None:
    def no_watches(*_paths: object, **_options: object) -> None:
        raise OSError("OS file watch limit reached.")

    monkeypatch.setattr(watch, "watch", no_watches)
    monkeypatch.setattr(watch, "WALK_SECONDS", 0.2)
    root = tmp_path / "root"
    write(root, {"a.py": "a = 1\n"})
    with live_session(root, tmp_path / "cache") as (session, seen):
        write(root, {"new/b.py": "b = 1\n"})
        until(lambda: "new/b.py" in indexed_paths(session))
        write(root, {"new/c.py": "c = 1\n"})
        until(lambda: "new/c.py" in indexed_paths(session))
    assert len(seen.messages) == 1
    assert "file watch limit reached" in seen.messages[0]


def test_a_save_is_indexed_while_a_pass_over_everything_goes_on(tmp_path: Path, monkeypatch) -> None:
    root = repository(tmp_path / "root", {"a.py": "a = 1\n"})
    begun, go_on = threading.Event(), threading.Event()
    index_root = engines.index_root

    def slow(indexing):
        begun.set()
        assert go_on.wait(60)
        return index_root(indexing)

    with live_session(root, tmp_path / "cache", watches_files=False) as (session, _seen):
        monkeypatch.setattr(engines, "index_root", slow)
        future = session.reindex(None, CancelToken())
        assert begun.wait(60)
        try:
            write(root, {"a.py": "a = 2\n"})
            session.changed([root / "a.py"])
            until(lambda: text_hashes(session)["a.py"] == _hash_of(root / "a.py"))
            assert not future.done()
        finally:
            go_on.set()


def test_what_cannot_be_written_now_is_written_later(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(sessions, "RETRY_SECONDS", 0.2)
    root = repository(tmp_path / "root", {"a.py": "a = 1\n"})
    with live_session(root, tmp_path / "cache", watches_files=False) as (session, seen):
        failures = iter(range(3))
        with session.engine(CancelToken()) as engine:
            refresh = engine.refresh

        def busy(paths=None, **rest):
            if next(failures, None) is not None:
                raise StoreBusyError("The index is busy.")
            return refresh(paths, **rest)

        engine.refresh = busy
        write(root, {"new.py": "new = 1\n"})
        session.changed([root / "new.py"])
        until(lambda: "new.py" in indexed_paths(session))
    assert seen.messages == ["The index is busy."]


def test_closing_leaves_no_thread(tmp_path: Path) -> None:
    root = repository(tmp_path / "root", {"a.py": "a = 1\n"})
    before = set(threading.enumerate())  # those of other tests take their time
    with live_session(root, tmp_path / "cache"):
        assert any(each.name.startswith("surefoot-watch") for each in set(threading.enumerate()) - before)
    until(lambda: not [each.name for each in set(threading.enumerate()) - before if "surefoot-" in each.name], 10)
