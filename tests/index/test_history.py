"""Commits in the index: those that lead to HEAD, at once after HEAD has moved, and never in the way of files."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from live.live_session import commit, git, repository, write
from surefoot.config import Settings
from surefoot.domain import COMMIT, Progress, Query, Scope, Source
from surefoot.engine import Engine
from surefoot.errors import Cancelled
from surefoot.index import commits, history
from surefoot.store.database import IndexStore
from surefoot.trace import CancelToken
from surefoot.workspace import git as plain_git
from surefoot.workspace import git_stream

Open = Callable[..., Engine]
COMMITS = Scope(sources=(Source.COMMITS,))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = repository(tmp_path / "root", {"client.py": "def retry(limit):\n    return limit\n"})
    write(root, {"client.py": "def retry(limit):\n    return min(limit, 3)\n"})
    commit(root, "Lower the retry limit\n\nTelescopes were hammering the observatory, see #214.")
    write(root, {"docs/limits.md": "# Limits\n\nThree.\n"})
    commit(root, "Document the limits")
    return root


def store_of(engine: Engine) -> IndexStore:
    return next(iter(engine._current().values())).store


def indexed(engine: Engine) -> list[str]:
    """The commits that the index has, the latest first, by subject."""
    store = store_of(engine)
    digits = store.known_commits()[0]
    files = sorted((f for d in digits if (f := store.file(f"{COMMIT}{d}"))), key=lambda file: -file.mtime_ns)
    chunks = (store.chunks(store.chunk_ids(file.path)) for file in files)
    subjects = {next(iter(each.values())).signature.partition(" ")[2].rpartition(" (")[0] for each in chunks}
    return sorted(subjects)


def heads(root: Path) -> list[str]:
    try:
        return sorted(git(root, "log", "--format=%s").splitlines())
    except subprocess.CalledProcessError:  # a branch before its first commit
        return []


def found(engine: Engine, text: str, scope: Scope = COMMITS) -> list[str]:
    return [hit.chunk.text.split("\n")[0].partition(": ")[2] for hit in engine.search(Query(text, scope)).hits]


def forbid_git(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("git was run")

    monkeypatch.setattr(git_stream.subprocess, "Popen", refuse)
    monkeypatch.setattr(plain_git.subprocess, "run", refuse)


# --- what is indexed ---


def test_commits_are_found_by_their_messages(root: Path, open_engine: Open) -> None:
    engine = open_engine(root)
    engine.refresh()
    assert indexed(engine) == heads(root)
    assert found(engine, "why are telescopes hammering?")[0] == "Lower the retry limit"


def test_commits_are_no_files(root: Path, open_engine: Open) -> None:
    engine = open_engine(root)
    report = engine.refresh()
    store = store_of(engine)
    assert (report.files, engine.state().files, store.counts().files) == (2, 2, 2)
    assert "commit" not in store.counts().languages
    assert store.paths() == sorted(store.files()) == ["client.py", "docs/limits.md"]
    assert [file.path for _, file in engine.indexed_files()] == ["client.py", "docs/limits.md"]
    assert [file.path for each in engine.coverage() for file in each.files] == ["client.py", "docs/limits.md"]
    (digits, *_) = store.known_commits()[0]
    assert store.files_at([f"{COMMIT}{digits}"]) == {}
    assert store.paths_named(f"{COMMIT}{digits}") == []
    drift = engine.measure()
    assert drift is not None
    assert (drift.files, drift.drifted_files, drift.unindexed_files) == (2, 0, 0)
    assert engine.refresh().removed == 0
    assert engine.state().sources[Source.COMMITS] == 3


def test_no_commits_are_wanted(root: Path, open_engine: Open) -> None:
    engine = open_engine(root)
    engine.refresh()
    off = open_engine(root, history_commits=0)
    off.refresh()
    assert indexed(off) == []
    assert Source.COMMITS not in off.state().sources


def test_the_limit_is_kept_when_it_changes_and_when_commits_come(root: Path, open_engine: Open) -> None:
    engine = open_engine(root, history_commits=2)
    engine.refresh()
    assert indexed(engine) == ["Document the limits", "Lower the retry limit"]
    git(root, "commit", "-q", "--allow-empty", "-m", "Newest")
    engine.refresh()
    assert indexed(engine) == ["Document the limits", "Newest"]
    more = open_engine(root, history_commits=3)
    more.refresh()
    assert indexed(more) == ["Document the limits", "Lower the retry limit", "Newest"]


def test_a_folder_without_a_repository_has_no_commits(tmp_path: Path, open_engine: Open) -> None:
    write(tmp_path / "plain", {"a.py": "a = 1\n"})
    engine = open_engine(tmp_path / "plain")
    engine.refresh()
    assert indexed(engine) == []
    assert engine.has_current_history()


def test_commits_go_with_their_repository(root: Path, tmp_path: Path, open_engine: Open) -> None:
    engine = open_engine(root)
    engine.refresh()
    (root / ".git").rename(tmp_path / "elsewhere")
    assert found(engine, "telescopes hammering observatory") == []
    assert indexed(engine) == []


# --- when HEAD moves ---


@pytest.mark.parametrize(
    "moves",
    [
        ["commit -q --allow-empty -m New"],
        ["commit -q --amend --allow-empty -m Amended"],
        ["reset -q --hard HEAD~2"],
        ["switch -q --orphan fresh", "commit -q --allow-empty -m Fresh"],
        ["checkout -q --detach HEAD~1"],
        [
            "switch -qc side HEAD~1",
            "commit -q --allow-empty -m Side",
            "switch -q main",
            "merge -q --no-ff -m Merged side",
        ],
        ["switch -qc side HEAD~2", "commit -q --allow-empty -m Base", "switch -q main", "rebase -q side"],
    ],
)
def test_after_each_move_the_index_has_the_commits_that_lead_to_head(
    root: Path, open_engine: Open, moves: list[str]
) -> None:
    engine = open_engine(root)
    engine.refresh()
    for move in moves:
        git(root, *move.split(" "))
        assert not engine.has_current_history()
        engine.refresh()
        assert indexed(engine) == heads(root)
        assert engine.has_current_history()


def test_only_new_commits_are_read(root: Path, open_engine: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = open_engine(root)
    engine.refresh()
    git(root, "commit", "-q", "--allow-empty", "-m", "New")
    read: list[str] = []
    before = commits.read_commits
    monkeypatch.setattr(
        commits, "read_commits", lambda h, digits, cancel: read.extend(digits) or before(h, digits, cancel)
    )
    assert engine.refresh_history() == 1
    assert read == [git(root, "rev-parse", "HEAD").strip()]


def test_nothing_is_run_or_written_while_head_stays(
    root: Path, open_engine: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_engine(root)
    engine.refresh()
    generation = store_of(engine).generation()
    forbid_git(monkeypatch)
    assert engine.refresh_history() == 0
    assert store_of(engine).generation() == generation


def test_a_question_meets_no_commit_that_is_gone(root: Path, open_engine: Open) -> None:
    """HEAD was moved behind our back: what is shown leads to HEAD now, and nobody had to refresh."""
    engine = open_engine(root)
    engine.refresh()
    git(root, "reset", "-q", "--hard", "HEAD~2")
    assert found(engine, "telescopes hammering observatory") == []
    assert indexed(engine) == ["first"]


def test_a_question_that_meets_a_commit_sees_those_that_came(root: Path, open_engine: Open) -> None:
    engine = open_engine(root)
    engine.refresh()
    git(root, "commit", "-q", "--allow-empty", "-m", "Telescopes hammering the observatory again")
    assert "Telescopes hammering the observatory again" in found(engine, "telescopes hammering observatory")


def test_hits_of_commits_are_checked_without_running_git(
    root: Path, open_engine: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_engine(root)
    engine.refresh()
    forbid_git(monkeypatch)
    assert found(engine, "telescopes hammering observatory")[0] == "Lower the retry limit"


def test_code_and_a_commit_that_is_gone_are_refreshed_together(root: Path, open_engine: Open) -> None:
    engine = open_engine(root)
    engine.refresh()
    git(root, "commit", "-q", "--amend", "-m", "Document how often retry is tried")
    (root / "client.py").unlink()
    hits = engine.search(Query("retry limit")).hits
    assert "client.py" not in {hit.chunk.span.path for hit in hits}
    assert indexed(engine) == heads(root)


def test_a_shallow_clone_that_is_deepened_tells_which_files_its_oldest_commit_changed(
    root: Path, tmp_path: Path, open_engine: Open
) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth", "2", f"file://{root}", str(clone))
    engine = open_engine(clone)
    engine.refresh()
    (hit, *_) = engine.search(Query("telescopes hammering observatory", COMMITS)).hits
    assert "Files:" not in hit.chunk.text
    git(clone, "fetch", "-q", "--unshallow")
    (hit, *_) = engine.search(Query("telescopes hammering observatory", COMMITS)).hits
    assert "M client.py: retry" in hit.chunk.text
    assert indexed(engine) == heads(root)


# --- cancelling, and several at once ---


def many(tmp_path: Path, count: int) -> Path:
    root = repository(tmp_path / "many", {"a.py": "def a():\n    pass\n"})
    stream = "".join(
        f"commit refs/heads/main\ncommitter A <a@b.c> {1_700_000_000 + number} +0000\ndata {len(str(number)) + 7}\n"
        f"Number {number}\n{'from refs/heads/main^0' if number == 0 else ''}\n"
        for number in range(count)
    )
    subprocess.run(["git", "fast-import", "--quiet"], cwd=root, input=stream.encode(), check=True)
    return root


def test_what_was_read_before_a_stop_is_kept(
    tmp_path: Path, open_engine: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "BATCH", 10)
    engine = open_engine(many(tmp_path, 60))
    token = CancelToken()
    with pytest.raises(Cancelled):
        engine.refresh_history(progress=lambda each: token.cancel() if each.done >= 30 else None, cancel=token)
    assert 0 < len(indexed(engine)) < 61
    assert "Number 59" in indexed(engine)  # the latest come first
    assert not engine.has_current_history()
    assert "Number 59" in found(engine, "Number 59")  # and can be asked for, as they lead to HEAD
    engine.refresh_history()
    assert len(indexed(engine)) == 61


def test_a_question_does_not_read_the_whole_history(
    tmp_path: Path, open_engine: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("surefoot.index.indexer.FEW", 5)
    root = many(tmp_path, 40)
    engine = open_engine(root, history_commits=1)
    engine.refresh()
    assert indexed(engine) == ["Number 39"]
    git(root, "commit", "-q", "--allow-empty", "-m", "Number 40")
    wider = open_engine(root, history_commits=100)
    assert "Number 40" in found(wider, "Number 40")
    assert len(indexed(wider)) == 6
    assert not wider.has_current_history()


def test_head_moves_while_its_commits_are_read(
    tmp_path: Path, open_engine: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody resets, and somebody else asks, in the middle: no commit stays that does not lead to HEAD."""
    monkeypatch.setattr(commits, "BATCH", 5)
    root = many(tmp_path, 50)
    engine, other = open_engine(root), open_engine(root)
    moved = threading.Event()

    def move(progress: Progress) -> None:
        if progress.done >= 20 and not moved.is_set():
            moved.set()
            git(root, "reset", "-q", "--hard", "HEAD~30")
            other.refresh_history()

    engine.refresh_history(progress=move)
    assert moved.is_set()
    assert indexed(engine) == heads(root)
    assert engine.has_current_history()


def test_commits_that_somebody_else_stored_meanwhile_do_not_pass_for_those_of_head(
    root: Path, open_engine: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one lists the commits, HEAD moves, another one reads what leads there, and HEAD moves back."""
    engine, other, list_commits = open_engine(root), open_engine(root), history.reachable
    git(root, "checkout", "-qb", "side")
    git(root, "commit", "-q", "--allow-empty", "-m", "Only on the side")
    git(root, "checkout", "-q", "main")
    git(root, "commit", "-q", "--allow-empty", "-m", "Only here")

    def slowly(*arguments: object) -> tuple[str, ...] | None:
        found = list_commits(*arguments)
        monkeypatch.setattr(history, "reachable", list_commits)
        git(root, "checkout", "-q", "side")
        other.refresh_history()
        git(root, "checkout", "-q", "main")
        return found

    monkeypatch.setattr(history, "reachable", slowly)
    engine.refresh_history()
    assert indexed(engine) == heads(root)
    assert engine.has_current_history()


def test_a_git_that_gives_nothing_for_a_moment_is_asked_again(
    root: Path, open_engine: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It could list the commits, and then there was no memory to start it once more."""
    engine, read = open_engine(root), commits.read_commits
    monkeypatch.setattr(commits, "read_commits", lambda *_: [])
    engine.refresh_history()
    assert not indexed(engine)
    assert not engine.has_current_history()
    monkeypatch.setattr(commits, "read_commits", read)
    engine.refresh_history()
    assert indexed(engine) == heads(root)
    assert engine.has_current_history()


class FailingGit:
    """The machine's git, but for runs of which the arguments match while `pattern` is set: they end in an error."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._pattern, self._says, self._runs = folder / "pattern", folder / "says", folder / "runs"
        real = shutil.which("git")
        program = folder / "bin" / "git"
        program.parent.mkdir()
        program.write_text(
            f'#!/bin/sh\necho "$*" >> {self._runs}\n'
            f'[ -e {self._pattern} ] && echo "$*" | grep -qe "$(cat {self._pattern})" '
            f"&& cat {self._says} >&2 && exit 128\n"
            f'exec {real} "$@"\n'
        )
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")

    def fail(self, pattern: str, says: str = "") -> None:
        self._says.write_text(says)
        self._pattern.write_text(pattern)

    def recover(self) -> None:
        self._pattern.unlink()

    def runs(self, word: str) -> int:
        return sum(word in line for line in self._runs.read_text().splitlines())


@pytest.fixture
def failing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FailingGit:
    (tmp_path / "failing").mkdir()
    return FailingGit(tmp_path / "failing", monkeypatch)


def texts(engine: Engine) -> str:
    store = store_of(engine)
    chunks = [store.chunks(store.chunk_ids(f"{COMMIT}{digits}")) for digits in store.known_commits()[0]]
    return "\n".join(chunk.text for each in chunks for chunk in each.values())


@pytest.mark.parametrize(
    ("pattern", "lacks"),
    [
        ("diff-tree.*name-status", "M client.py"),
        ("diff-tree.* -p ", "M client.py: retry"),
        ("cat-file", "Lower the retry limit"),
    ],
)
def test_what_a_git_fails_to_tell_for_a_moment_is_read_at_the_next_look(
    root: Path, open_engine: Open, failing: FailingGit, pattern: str, lacks: str
) -> None:
    """The files of a commit, its functions, or all of it: it does not count as read."""
    engine = open_engine(root)
    failing.fail(pattern)
    engine.refresh()
    assert lacks not in texts(engine)
    assert not engine.has_current_history()
    failing.recover()
    engine.refresh()
    assert lacks in texts(engine)
    assert indexed(engine) == heads(root)
    assert engine.has_current_history()
    assert store_of(engine).known_commits()[1] == frozenset()
    before = failing.runs("")
    engine.refresh_history()
    assert failing.runs("rev-list") + failing.runs("cat-file") > 0
    assert failing.runs("") == before, "there is nothing to do any more"


def test_a_question_that_meets_a_commit_that_is_not_whole_reads_it_again(
    root: Path, open_engine: Open, failing: FailingGit
) -> None:
    engine = open_engine(root)
    failing.fail("diff-tree")
    engine.refresh()
    failing.recover()
    (hit, *_) = engine.search(Query("why are telescopes hammering?", COMMITS)).hits
    assert "M client.py: retry" in hit.chunk.text
    assert engine.has_current_history()


def test_a_new_commit_of_which_git_fails_to_tell_leaves_the_others_as_they_are(
    root: Path, open_engine: Open, failing: FailingGit
) -> None:
    engine = open_engine(root)
    engine.refresh()
    write(root, {"client.py": "def retry(limit):\n    return 9\n"})
    commit(root, "Nine at most")
    failing.fail("diff-tree")
    assert engine.refresh_history() == 1
    assert "M client.py: retry" in texts(engine)
    assert "Nine at most" in indexed(engine)
    assert not engine.has_current_history()
    failing.recover()
    assert engine.refresh_history() == 1
    assert texts(engine).count("M client.py: retry") == 2


def test_what_git_never_tells_is_taken_as_it_is_in_the_end(
    root: Path, open_engine: Open, failing: FailingGit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An object is damaged: looks in quick succession do not count as many, and nobody looks for ever."""
    now = [1000.0]
    monkeypatch.setattr(history, "time", SimpleNamespace(time=lambda: now[0]))
    engine = open_engine(root)
    failing.fail("diff-tree")
    for _ in range(5):
        engine.refresh_history()
    assert not engine.has_current_history()
    for _ in range(history.MOST_DOUBTS - 1):
        now[0] += history.DOUBT_SECONDS
        assert not engine.has_current_history()
        engine.refresh_history()
    assert engine.has_current_history()
    assert found(engine, "why are telescopes hammering?")[0] == "Lower the retry limit"
    failing.recover()
    assert engine.refresh_history() == 0


@pytest.mark.parametrize("content", [None, b"", b"no object of git's"])
@pytest.mark.parametrize("of", ["HEAD:client.py", "HEAD:docs", "HEAD^{tree}"])
def test_a_damaged_object_costs_one_commit_which_is_named_at_once(
    root: Path, open_engine: Open, of: str, content: bytes | None
) -> None:
    """All others are indexed, and nobody waits for what will not come; with HEAD the damage goes."""
    write(root, {"client.py": "def retry(limit):\n    return 9\n", "docs/more.md": "# More\n"})
    commit(root, "Nine at most")
    digits, name = git(root, "rev-parse", "HEAD").strip(), git(root, "rev-parse", of).strip()
    path = root / ".git/objects" / name[:2] / name[2:]
    path.chmod(0o644)
    path.unlink() if content is None else path.write_bytes(content)
    engine = open_engine(root)
    engine.refresh()
    assert engine.has_current_history()
    assert indexed(engine) == heads(root)
    assert "M client.py: retry" in texts(engine)
    for _ in range(2):
        assert [(f.path, f.error) for each in engine.status().roots for f in each.failed] == [
            (f"{COMMIT}{digits}", f"Read in part. {commits.DAMAGED}")
        ]
        engine.refresh()
    git(root, "update-ref", "HEAD", "HEAD~1")
    engine.refresh()
    assert [each.failed for each in engine.status().roots] == [()]
    assert engine.has_current_history()


def test_an_object_that_cannot_be_opened_just_now_is_not_taken_for_damaged(
    root: Path, open_engine: Open, failing: FailingGit
) -> None:
    engine = open_engine(root)
    failing.fail("diff-tree", says="error: unable to open x: Too many open files\nfatal: unable to read 1234")
    engine.refresh()
    assert not engine.has_current_history()
    failing.fail("diff-tree", says="fatal: unable to read 1234")
    engine.refresh()
    assert engine.has_current_history()


def test_a_moment_long_ago_is_no_reason_to_give_up_sooner(
    root: Path, open_engine: Open, failing: FailingGit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was told in between begins the count anew."""
    now = [1000.0]
    monkeypatch.setattr(history, "time", SimpleNamespace(time=lambda: now[0]))
    engine = open_engine(root)
    for _ in range(history.MOST_DOUBTS + 1):
        git(root, "commit", "-q", "--allow-empty", "-m", f"At {now[0]}")
        failing.fail("cat-file")
        engine.refresh_history()
        assert not engine.has_current_history()
        failing.recover()
        engine.refresh_history()
        assert engine.has_current_history()
        now[0] += 2 * history.DOUBT_SECONDS


@pytest.mark.parametrize("seconds", ["9223372037", "99999999999"])
def test_a_commit_of_a_far_future_is_read(
    root: Path, open_engine: Open, monkeypatch: pytest.MonkeyPatch, seconds: str
) -> None:
    """Its time in nanoseconds is more than the index can keep."""
    monkeypatch.setenv("GIT_COMMITTER_DATE", f"@{seconds} +0000")
    git(root, "commit", "-q", "--allow-empty", "-m", "From the future")
    engine = open_engine(root)
    engine.refresh_history()
    assert "From the future" in indexed(engine)


def test_two_engines_that_read_at_once_come_to_the_same(tmp_path: Path, open_engine: Open) -> None:
    root = many(tmp_path, 300)
    engines = [open_engine(root), open_engine(root)]
    threads = [threading.Thread(target=engine.refresh_history) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(indexed(engines[0])) == 301
    assert all(engine.has_current_history() for engine in engines)


def test_commits_are_read_again_by_another_version(
    root: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Engine.open([root], settings)
    engine.refresh()
    engine.close()
    monkeypatch.setattr("surefoot.engine.READING", 1_000_000)
    engine = Engine.open([root], settings)
    try:
        assert not engine.has_current_history()
        assert engine.refresh_history() == 3
        assert indexed(engine) == heads(root)
        assert store_of(engine).known_commits()[1] == frozenset()
    finally:
        engine.close()


def test_a_git_that_is_gone_keeps_what_was_read(
    root: Path, tmp_path: Path, open_engine: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_engine(root)
    engine.refresh()
    git(root, "commit", "-q", "--allow-empty", "-m", "Unseen")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert engine.refresh_history() == 0
    assert len(indexed(engine)) == 3
    assert found(engine, "telescopes hammering observatory") == []  # as nobody can tell whether it leads to HEAD
