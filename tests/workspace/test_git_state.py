"""What the files in a git folder say about git, for work trees and submodules too."""

from __future__ import annotations

from pathlib import Path

from live.live_session import branches, commit, git, repository
from surefoot.workspace.git import git_state, head_commit, paths_between, repositories_of, state_files


def test_the_repository_above_and_its_submodules_are_found(tmp_path: Path) -> None:
    inner = repository(tmp_path / "inner", {"i.py": ""})
    middle = repository(tmp_path / "middle", {"m.py": ""})
    git(middle, "submodule", "--quiet", "add", str(inner), "deep/inner")
    commit(middle, "with a submodule")
    outer = repository(tmp_path / "outer", {"src/o.py": ""})
    git(outer, "submodule", "--quiet", "add", str(middle), "libs/middle")
    git(outer, "submodule", "--quiet", "update", "--init", "--recursive")
    found = repositories_of((outer / "src").as_posix())
    assert [Path(each.top) for each in found] == [outer, outer / "libs/middle", outer / "libs/middle/deep/inner"]
    assert all(head_commit(each) for each in found)


def test_outside_of_any_repository_there_is_none(tmp_path: Path) -> None:
    assert repositories_of(tmp_path.as_posix()) == ()


def test_a_second_work_tree_has_a_state_of_its_own(tmp_path: Path) -> None:
    main = branches(tmp_path / "main", 2)
    git(main, "worktree", "add", "-q", str(tmp_path / "second"), "other")
    (first,), (second,) = repositories_of(main.as_posix()), repositories_of((tmp_path / "second").as_posix())
    assert all(Path(file).exists() for file in state_files(second))
    before = git_state(first), git_state(second)
    git(tmp_path / "second", "switch", "-qc", "third", "main")
    assert git_state(first) == before[0]
    assert git_state(second).head != before[1].head
    assert git_state(second).index != before[1].index
    assert head_commit(first) == head_commit(second)


def test_between_commits_that_are_not_there_nothing_can_be_told(tmp_path: Path) -> None:
    (only,) = repositories_of(repository(tmp_path, {"a.py": ""}).as_posix())
    head = head_commit(only)
    assert head is not None
    assert paths_between(only, "0" * 40, head) is None
    assert paths_between(only, head, head) == ()


def test_a_merge_that_waits_is_between_steps(tmp_path: Path) -> None:
    root = branches(tmp_path, 1)
    (only,) = repositories_of(root.as_posix())
    assert not git_state(only).is_between_steps
    git(root, "merge", "-q", "--no-commit", "--no-ff", "other")
    assert git_state(only).is_between_steps
    git(root, "merge", "--abort")
    assert not git_state(only).is_between_steps
