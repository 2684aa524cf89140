"""Links to the very same lines at a commit that the remote has, in real repositories."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from surefoot.domain import Root
from surefoot.workspace.permalinks import Permalinks, where_before

Git = Callable[..., str]

TEXT = """class A:
    def close(self):
        self.stream.close()


class B:
    def close(self):
        self.stream.close()
"""


@pytest.fixture
def pushed(root: Root, git: Git, tmp_path: Path) -> Path:
    """A repository whose main branch is at a bare remote, which then gets a web address."""
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "remote.git")], check=True)
    git("init", "-q")
    (root.path / "src").mkdir()
    (root.path / "src" / "a.py").write_text(TEXT)
    git("add", ".")
    git("commit", "-q", "-m", "first")
    git("remote", "add", "origin", str(tmp_path / "remote.git"))
    git("push", "-q", "-u", "origin", "main")
    git("remote", "set-url", "origin", "git@github.com:owner/repo.git")
    return root.path


def link(folder: Path, start: int, end: int, path: str = "src/a.py", text: str | None = None) -> str:
    file = folder / path
    lines = (file.read_text() if text is None else text).split("\n")
    return Permalinks().to(file, tuple(lines), start, end)


def head(git: Git) -> str:
    return git("rev-parse", "HEAD").strip()


def at(commit: str, lines: str) -> str:
    return f"https://github.com/owner/repo/blob/{commit}/src/a.py#{lines}"


def test_a_pushed_commit_is_linked_to(pushed: Path, git: Git) -> None:
    assert link(pushed, 1, 3) == at(head(git), "L1-L3")


def test_lines_that_moved_are_followed(pushed: Path, git: Git) -> None:
    (pushed / "src/a.py").write_text("# new\n\n" + TEXT)
    assert link(pushed, 3, 5) == at(head(git), "L1-L3")
    assert link(pushed, 8, 8) == at(head(git), "L6")


def test_lines_that_are_not_the_same_get_no_link(pushed: Path) -> None:
    (pushed / "src/a.py").write_text(TEXT.replace("class B:", "class C:"))
    assert link(pushed, 6, 8) == ""
    assert link(pushed, 1, 3) != ""


def test_a_twin_is_not_the_same_place(pushed: Path, git: Git) -> None:
    assert link(pushed, 7, 8) == at(head(git), "L7-L8")
    only_b = TEXT[TEXT.index("class B") :]
    (pushed / "src/a.py").write_text(only_b)
    assert link(pushed, 2, 3) == at(head(git), "L7-L8")
    (pushed / "src/a.py").write_text("class New:\n    def close(self):\n        self.stream.close()\n\n\n" + TEXT)
    assert link(pushed, 2, 3) == ""
    assert link(pushed, 12, 13) == at(head(git), "L7-L8")


def test_what_was_committed_and_not_pushed_is_linked_to_where_it_was(pushed: Path, git: Git) -> None:
    base = head(git)
    (pushed / "src/a.py").write_text("# new\n" + TEXT)
    git("commit", "-q", "-a", "-m", "local")
    assert link(pushed, 2, 4) == at(base, "L1-L3")
    assert link(pushed, 1, 1) == ""


def test_a_branch_of_ones_own_goes_back_to_the_remotes_main_branch(pushed: Path, git: Git) -> None:
    base = head(git)
    git("checkout", "-q", "-b", "topic")
    git("commit", "-q", "--allow-empty", "-m", "local")
    assert link(pushed, 1, 3) == at(base, "L1-L3")
    git("checkout", "-q", "--detach")
    assert link(pushed, 1, 3) == at(base, "L1-L3")


def test_the_remote_of_the_branch_comes_before_origin(pushed: Path, git: Git) -> None:
    git("remote", "add", "fork", "https://token@gitlab.com/me/repo.git")
    git("update-ref", "refs/remotes/fork/main", "HEAD")
    git("config", "branch.main.remote", "fork")
    assert link(pushed, 1, 1) == f"https://gitlab.com/me/repo/-/blob/{head(git)}/src/a.py#L1"


def test_line_endings_of_the_work_tree_do_not_matter(pushed: Path, git: Git) -> None:
    git("config", "core.autocrlf", "true")
    (pushed / "src/a.py").write_bytes(TEXT.replace("\n", "\r\n").encode())
    assert link(pushed, 1, 3) == at(head(git), "L1-L3")


def test_a_file_that_the_remote_does_not_have_gets_no_link(pushed: Path) -> None:
    (pushed / "src/new.py").write_text(TEXT)
    assert link(pushed, 1, 3, "src/new.py") == ""


def test_without_a_remote_a_commit_or_a_repository_there_is_no_link(root: Root, git: Git, tmp_path: Path) -> None:
    (root.path / "src").mkdir()
    (root.path / "src/a.py").write_text(TEXT)
    assert link(root.path, 1, 3) == ""
    git("init", "-q")
    assert link(root.path, 1, 3) == ""
    git("add", ".")
    git("commit", "-q", "-m", "first")
    assert link(root.path, 1, 3) == ""
    git("remote", "add", "origin", "git@github.com:owner/repo.git")
    assert link(root.path, 1, 3) == ""  # nothing was pushed there
    assert Permalinks().to(tmp_path / "gone" / "a.py", ("x",), 1, 1) == ""


def test_a_clone_without_contents_fetches_nothing(pushed: Path, git: Git, tmp_path: Path) -> None:
    remote = tmp_path / "remote.git"
    subprocess.run(["git", "config", "uploadpack.allowFilter", "true"], cwd=remote, check=True)
    clone = tmp_path / "clone"
    flags = ["--quiet", "--filter=blob:none", "--no-checkout"]
    subprocess.run(["git", "clone", *flags, remote.as_uri(), str(clone)], check=True, capture_output=True)
    (clone / "src").mkdir()
    (clone / "src/a.py").write_text(TEXT)
    objects = sorted(clone.rglob(".git/objects/**/*"))
    subprocess.run(
        ["git", "config", "url.https://github.com/owner/repo.insteadOf", remote.as_uri()], cwd=clone, check=True
    )
    assert link(clone, 1, 3) == ""
    assert sorted(clone.rglob(".git/objects/**/*")) == objects


def test_a_buffers_lines_are_what_counts(pushed: Path, git: Git) -> None:
    assert link(pushed, 2, 4, text="# unsaved\n" + TEXT) == at(head(git), "L1-L3")


def test_nothing_is_written(pushed: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in pushed.rglob("*")}
    link(pushed, 1, 3)
    assert {path: path.stat().st_mtime_ns for path in pushed.rglob("*")} == before


def test_the_same_text_in_several_places_is_told_apart_by_what_surrounds_it() -> None:
    before = ("a", "x", "b", "x", "c")
    assert where_before(before, ("a", "x", "b", "x", "c"), 4, 4) == 4
    assert where_before(before, ("new", "a", "x", "b", "x", "c"), 3, 3) == 2
    assert where_before(before, ("b", "x", "c"), 2, 2) == 4
    assert where_before(before, ("y", "x", "z"), 2, 2) is None
    assert where_before((), ("a",), 1, 1) is None
