"""What git knows about a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from surefoot.domain import Root
from surefoot.workspace.git import GitFacts, describe

Git = Callable[..., str]


def test_a_folder_that_is_no_repository_has_no_facts(root: Root) -> None:
    assert describe(root) is None


def test_a_repository_before_its_first_commit(root: Root, git: Git) -> None:
    git("init", "-q")
    assert describe(root) == GitFacts(root.path, None, "main")


def test_a_branch_and_then_no_branch(root: Root, git: Git) -> None:
    git("init", "-q")
    git("commit", "-q", "--allow-empty", "-m", "first")
    head = git("rev-parse", "HEAD").strip()
    assert describe(root) == GitFacts(root.path, head, "main")
    git("checkout", "-q", "--detach")
    assert describe(root) == GitFacts(root.path, head, None)


def test_a_folder_below_the_top(root: Root, git: Git) -> None:
    git("init", "-q")
    (root.path / "below").mkdir()
    facts = describe(Root(root.path / "below", "below"))
    assert facts is not None
    assert facts.top == root.path


def test_without_git_there_are_no_facts(root: Root, git: Git, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    git("init", "-q")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert describe(root) is None
