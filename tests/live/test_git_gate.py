"""Whether git is writing, seen from the files in its folder; real repositories, and the test's own clock."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from live.live_session import branches, commit, git, repository, write
from surefoot.live import git_gate
from surefoot.live.git_gate import NOTHING, GitGate, Moved
from surefoot.workspace.git import repositories_of


def gate_of(root: Path) -> GitGate:
    return GitGate(repositories_of(root.as_posix()))


def moved(gate: GitGate) -> Moved:
    gate.is_shut(0.0)
    return gate.moved()


def test_without_git_it_is_never_shut(tmp_path: Path) -> None:
    gate = gate_of(tmp_path)
    assert not gate.is_shut(0.0)
    assert gate.moved() == NOTHING


def test_it_is_shut_while_the_lock_stands_and_a_moment_longer(tmp_path: Path) -> None:
    root = repository(tmp_path, {"a.py": ""})
    gate, lock = gate_of(root), root / ".git" / "index.lock"
    assert not gate.is_shut(0.0)
    lock.touch()
    assert gate.is_shut(1.0)
    assert gate.is_shut(5.0)
    lock.unlink()
    assert gate.is_shut(5.0 + git_gate.QUIET_SECONDS / 2)
    assert not gate.is_shut(5.1 + git_gate.QUIET_SECONDS)


def test_a_lock_that_stays_counts_for_some_seconds_and_then_no_more(tmp_path: Path) -> None:
    root = repository(tmp_path, {"a.py": ""})
    gate, lock = gate_of(root), root / ".git" / "index.lock"
    lock.touch()
    assert gate.is_shut(0.0)
    assert not gate.is_shut(git_gate.LONGEST_HOLD)
    assert not gate.is_shut(git_gate.LONGEST_HOLD + 1)
    lock.unlink()
    lock.write_text("another")
    assert gate.is_shut(100.0), "a new lock is a new git"


def test_a_lock_that_was_left_long_ago_does_not_count_at_all(tmp_path: Path) -> None:
    root = repository(tmp_path, {"a.py": ""})
    lock = root / ".git" / "index.lock"
    lock.touch()
    long_ago = time.time() - 3600
    os.utime(lock, (long_ago, long_ago))
    assert not gate_of(root).is_shut(0.0)


def test_a_clock_that_was_set_back_does_not_shut_it_for_ever(tmp_path: Path) -> None:
    root = repository(tmp_path, {"a.py": ""})
    lock = root / ".git" / "index.lock"
    lock.touch()
    ahead = time.time() + 3600
    os.utime(lock, (ahead, ahead))
    assert not gate_of(root).is_shut(0.0)


def test_a_rebase_that_waits_for_its_user_shuts_nothing(tmp_path: Path) -> None:
    root = repository(tmp_path, {"a.py": "1\n"})
    git(root, "switch", "-qc", "other")
    write(root, {"a.py": "2\n"})
    commit(root, "two")
    git(root, "switch", "-q", "main")
    write(root, {"a.py": "3\n"})
    commit(root, "three")
    gate = gate_of(root)
    with pytest.raises(subprocess.CalledProcessError):  # the conflict that is wanted here
        git(root, "rebase", "-q", "other")
    assert (root / ".git" / "rebase-merge").exists()
    assert gate.is_shut(0.0)
    assert gate.is_shut(git_gate.QUIET_SECONDS), "another pick may follow"
    assert not gate.is_shut(git_gate.QUIET_BETWEEN_STEPS)
    assert not gate.is_shut(100.0)


def test_a_switch_says_which_files_are_different_and_a_second_look_says_nothing(tmp_path: Path) -> None:
    root = branches(tmp_path, 3)
    gate = gate_of(root)
    git(root, "switch", "-q", "other")
    assert set(moved(gate).paths) == {root / f"pkg/m{number}.py" for number in range(3)}
    assert moved(gate) == NOTHING


def test_a_new_branch_at_the_same_commit_changes_nothing(tmp_path: Path) -> None:
    root = repository(tmp_path, {"a.py": ""})
    gate = gate_of(root)
    git(root, "switch", "-qc", "other")
    assert moved(gate) == NOTHING


def test_names_that_git_would_quote_come_as_they_are(tmp_path: Path) -> None:
    root = repository(tmp_path, {"a.py": ""})
    gate = gate_of(root)
    names = {"tab\there.py", "\u00fcml\u00e4ut.py", 'quo"te.py', "new\nline.py"}
    write(root, dict.fromkeys(names, "x = 1\n"))
    commit(root, "odd names")
    assert {path.name for path in moved(gate).paths} == names


def test_a_repository_that_is_deleted_is_no_fault(tmp_path: Path) -> None:
    root = repository(tmp_path / "root", {"a.py": ""})
    gate = gate_of(root)
    git(root, "commit", "--allow-empty", "-qm", "more")
    (root / ".git").rename(tmp_path / "elsewhere")
    assert moved(gate) == Moved(head=True)
    assert not gate.is_shut(100.0)
