"""Ignore rules: what the random trees do not reach."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from surefoot.config import Settings
from surefoot.domain import Root
from surefoot.workspace.ignore import IgnoreRules
from surefoot.workspace.walk import walk

Write = Callable[..., None]
Git = Callable[..., str]


def listed(root: Root, settings: Settings) -> set[str]:
    return {entry.path for entry in walk(root, settings).files}


@pytest.mark.parametrize(
    "path", ["", ".", "..", "../x", "a/../b", "/etc/passwd", "a//b", "a/", "./a", "a/./b", "a\x00b"]
)
def test_a_path_that_is_not_plainly_inside_is_ignored(root: Root, path: str) -> None:
    assert IgnoreRules(root).is_ignored(path)


def test_a_path_through_a_link_is_ignored(root: Root, write: Write, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret.py").write_text("text")
    write("inside/a.py")
    (root.path / "out").symlink_to(tmp_path / "outside")
    (root.path / "alias").symlink_to("inside")
    rules = IgnoreRules(root)
    assert rules.is_ignored("out/secret.py")
    assert rules.is_ignored("alias/a.py")
    assert not rules.is_ignored("inside/a.py")


def test_git_s_own_folder_is_ignored_at_every_level(root: Root, write: Write, git: Git, settings: Settings) -> None:
    git("init", "-q")
    write("deep/.git/config", "deep/a.py")
    rules = IgnoreRules(root)
    assert rules.is_ignored(".git/config")
    assert rules.is_ignored("deep/.git/config")
    assert listed(root, settings) == {"deep/a.py"}


def test_a_folder_that_is_no_repository_has_its_ignore_files_honoured(
    root: Root, write: Write, settings: Settings, home: Path
) -> None:
    write("a.py", "build/b.py", "deep/c.tmp", "deep/c.py", "notes.mine")
    (root.path / ".gitignore").write_text("build/\n")
    (root.path / "deep/.gitignore").write_text("*.tmp\n")
    (home / ".config/git").mkdir(parents=True)
    (home / ".config/git/ignore").write_text("*.mine\n")
    assert listed(root, settings) == {".gitignore", "a.py", "deep/.gitignore", "deep/c.py"}


def test_surefootignore_is_stronger_than_git_in_both_directions(
    root: Root, write: Write, git: Git, settings: Settings
) -> None:
    git("init", "-q")
    write("tracked.py", "generated/api.py", "generated/deep/b.py", "other/c.py", "other/.hidden/d.py")
    (root.path / ".gitignore").write_text("generated/\n")
    git("add", "tracked.py")
    (root.path / ".surefootignore").write_text("tracked.py\n!generated/\n")
    (root.path / "other/.surefootignore").write_text(".hidden\n")
    found = listed(root, settings) - {".gitignore", ".surefootignore", "other/.surefootignore"}
    assert found == {"generated/api.py", "generated/deep/b.py", "other/c.py"}


def test_a_tracked_file_is_listed_out_of_an_ignored_folder(
    root: Root, write: Write, git: Git, settings: Settings
) -> None:
    git("init", "-q")
    write("out/kept.py", "out/dropped.py", "out/deep/dropped.py")
    (root.path / ".gitignore").write_text("out/\n")
    git("add", "-f", "out/kept.py")
    assert listed(root, settings) == {".gitignore", "out/kept.py"}
    assert IgnoreRules(root).is_ignored("out/dropped.py")


def test_a_folder_in_the_place_of_a_tracked_file_is_not_tracked_with_it(
    root: Root, write: Write, git: Git, settings: Settings
) -> None:
    git("init", "-q")
    write("out/notes.md")
    git("add", "out/notes.md")
    (root.path / ".gitignore").write_text("out/\n")
    (root.path / "out/notes.md").unlink()
    write("out/notes.md/inner.py")
    assert listed(root, settings) == {".gitignore"}
    assert IgnoreRules(root).is_ignored("out/notes.md/inner.py")


def test_changed_rules_count_at_once(root: Root, write: Write, git: Git) -> None:
    git("init", "-q")
    write("a.py")
    rules = IgnoreRules(root)
    assert not rules.is_ignored("a.py")
    (root.path / ".gitignore").write_text("a.py\n")
    assert rules.is_ignored("a.py")
    git("add", "-f", "a.py")
    assert not rules.is_ignored("a.py")
    git("rm", "-q", "--cached", "a.py")
    assert rules.is_ignored("a.py")
    (root.path / ".gitignore").unlink()
    assert not rules.is_ignored("a.py")
    git("config", "core.excludesFile", ".mine")
    (root.path / ".mine").write_text("*.py\n")
    assert rules.is_ignored("a.py")


def test_the_user_s_file_may_be_named_with_a_tilde(root: Root, write: Write, git: Git, home: Path) -> None:
    git("init", "-q")
    git("config", "--global", "core.excludesFile", "~/mine")
    (home / "mine").write_text("*.py\n")
    write("a.py")
    assert IgnoreRules(root).is_ignored("a.py")


def test_a_root_below_the_top_obeys_the_rules_above_it(root: Root, write: Write, git: Git, settings: Settings) -> None:
    git("init", "-q")
    write("src/a.py", "src/b.tmp", "src/only/here.py")
    (root.path / ".gitignore").write_text("*.tmp\n/src/only\n")
    assert listed(Root(root.path / "src", "src"), settings) == {"a.py"}


def test_a_root_that_git_ignores_was_opened_on_purpose(root: Root, write: Write, git: Git, settings: Settings) -> None:
    git("init", "-q")
    write("build/a.py", "build/deep/b.py", "build/deep/c.tmp")
    (root.path / ".gitignore").write_text("build/\n")
    (root.path / "build/.gitignore").write_text("*.tmp\n")
    assert listed(Root(root.path / "build", "build"), settings) == {".gitignore", "a.py", "deep/b.py"}


def test_a_submodule_is_read_as_files_by_its_own_rules(
    root: Root, git: Git, settings: Settings, tmp_path: Path
) -> None:
    library = tmp_path / "library"
    library.mkdir()
    git("init", "-q", cwd=library)
    (library / "code.py").write_text("text")
    (library / ".gitignore").write_text("*.log\n")
    git("add", ".", cwd=library)
    git("commit", "-q", "-m", "first", cwd=library)
    git("init", "-q")
    (root.path / ".gitignore").write_text("*.py\ndeps\n")
    git("submodule", "--quiet", "add", "-f", str(library), "deps/library")
    (root.path / "deps/library/run.log").write_text("text")
    (root.path / "deps/library/new.py").write_text("text")
    found = listed(root, settings)
    assert {path for path in found if path.startswith("deps/")} == {
        "deps/library/.gitignore",
        "deps/library/code.py",
        "deps/library/new.py",
    }
    assert not IgnoreRules(root).is_ignored("deps/library/new.py")


def test_a_linked_work_tree_shares_its_exclude_file(root: Root, git: Git, settings: Settings, tmp_path: Path) -> None:
    git("init", "-q")
    git("commit", "-q", "--allow-empty", "-m", "first")
    (root.path / ".git/info").mkdir(exist_ok=True)
    (root.path / ".git/info/exclude").write_text("*.tmp\n")
    other = (tmp_path / "other").resolve()
    git("worktree", "add", "-q", str(other))
    (other / "a.py").write_text("text")
    (other / "b.tmp").write_text("text")
    assert listed(Root(other, "other"), settings) == {"a.py"}


def test_a_file_named_git_that_leads_nowhere_is_no_repository(root: Root, write: Write, settings: Settings) -> None:
    write("a.py")
    (root.path / ".git").write_text("gitdir: /nowhere\n")
    assert listed(root, settings) == {"a.py"}


def test_case_is_ignored_where_git_was_told_so(root: Root, write: Write, git: Git) -> None:
    git("init", "-q")
    write("Build/a.py", "README.TMP")
    (root.path / ".gitignore").write_text("build/\n*.tmp\n")
    assert not IgnoreRules(root).is_ignored("README.TMP")
    git("config", "core.ignoreCase", "true")
    rules = IgnoreRules(root)
    assert rules.is_ignored("README.TMP")
    assert rules.is_ignored("Build/a.py")


def test_git_variables_of_a_surrounding_hook_do_not_mislead(
    root: Root, write: Write, git: Git, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    git("init", "-q")
    write("a.py")
    git("add", "a.py")
    (root.path / ".gitignore").write_text("*.py\n")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "elsewhere/index"))
    assert not IgnoreRules(root).is_ignored("a.py")


def test_without_git_the_ignore_files_still_count(
    root: Root, write: Write, git: Git, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    git("init", "-q")
    write("a.py", "b.tmp")
    (root.path / ".gitignore").write_text("*.tmp\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    rules = IgnoreRules(root)
    assert rules.is_ignored("b.tmp")
    assert not rules.is_ignored("a.py")


def test_nothing_in_the_repository_is_run_or_written(root: Root, write: Write, git: Git, settings: Settings) -> None:
    """A repository may name a program for git to run; and looking must not refresh the index."""
    git("init", "-q")
    write("a.py")
    git("add", "a.py")
    ran = root.path.parent / "ran"
    program = root.path.parent / "program"
    program.write_text(f"#!/bin/sh\ntouch {ran}\n")
    program.chmod(0o755)
    git("config", "core.fsmonitor", str(program))
    os.utime(root.path / "a.py")
    before = {path: path.stat().st_mtime_ns for path in (root.path / ".git").rglob("*")}
    listed(root, settings)
    assert {path: path.stat().st_mtime_ns for path in (root.path / ".git").rglob("*")} == before
    assert not ran.exists()


def test_a_hostile_pattern_costs_no_time(root: Root, git: Git, settings: Settings) -> None:
    """Both would take longer than the universe has been there, if stars were tried in every combination."""
    deep = root.path.joinpath(*["a"] * 60)
    deep.mkdir(parents=True)
    (deep / ("a" * 200)).write_text("text")
    (root.path / ".gitignore").write_text("*a" * 60 + "b\n" + "**/a/" * 25 + "b\n" + "*[a-b]?" * 30 + "c/**\n")
    assert len(listed(root, settings)) == 2


def test_the_rules_of_a_root_that_is_gone_still_answer(root: Root, write: Write, git: Git) -> None:
    git("init", "-q")
    write("a.py")
    rules = IgnoreRules(root)
    shutil.rmtree(root.path)
    assert not rules.is_ignored("a.py")
