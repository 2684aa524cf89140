"""Folders of tickets: what of them is walked, whatever git ignores, and what of our own folder is not."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from surefoot.config import Settings
from surefoot.domain import Root, SkipReason
from surefoot.readings import MOST_BYTES
from surefoot.workspace.ignore import IgnoreRules
from surefoot.workspace.roots import resolve_roots
from surefoot.workspace.skip import name_skip_reason
from surefoot.workspace.walk import walk

Git = Callable[..., str]
Write = Callable[..., None]


def listed(root: Root, settings: Settings) -> set[str]:
    """The walk's files; the check of a single path must agree about each file of the root."""
    rules = IgnoreRules(root)
    found = {entry.path for entry in walk(root, settings, rules=rules).files}
    on_disk = [file.relative_to(root.path).as_posix() for file in root.path.rglob("*") if file.is_file()]
    single = {
        path for path in on_disk if not rules.is_ignored(path) and name_skip_reason(path, settings) is None
    }  # fmt: skip
    assert found == single
    return found


def with_tickets(root: Root, *folders: str) -> Root:
    return replace(root, tickets=(*root.tickets, *folders))


def test_tickets_in_our_own_folder_are_walked_and_nothing_else_of_it(
    root: Root, settings: Settings, write: Write
) -> None:
    """Golden sets, the state of a sync and files that hold no tickets stay out."""
    write("a.py", ".surefoot/cases.jsonl", ".surefoot/results/a.json", ".surefoot/tickets/gh.json")
    write(".surefoot/tickets/github/acme/shop/1.md", ".surefoot/tickets/x.csv", ".surefoot/tickets/y.JSONL")
    write(".surefoot/tickets/picture.txt", ".surefoot/tickets/.sync-state", ".surefoot/tickets/.hidden.json")
    write("sub/.surefoot/tickets/other.json", ".surefoot/tickets/.surefoot/z.json")
    assert listed(root, settings) == {
        "a.py",
        ".surefoot/tickets/gh.json",
        ".surefoot/tickets/x.csv",
        ".surefoot/tickets/y.JSONL",
        ".surefoot/tickets/github/acme/shop/1.md",
    }
    skipped = {skip.path: skip.reason for skip in walk(root, settings).skipped}
    assert skipped[".surefoot/cases.jsonl"] is SkipReason.OWN
    assert skipped[".surefoot/results/"] is SkipReason.OWN
    assert skipped["sub/.surefoot/"] is SkipReason.OWN


@pytest.mark.parametrize("pattern", [".surefoot/\n", ".surefoot\n", "/.surefoot/*\n", "*.json\n", "*\n"])
def test_tickets_that_git_ignores_are_walked(
    root: Root, settings: Settings, write: Write, git: Git, pattern: str
) -> None:
    """Exports are rarely committed; what else is ignored stays ignored, and is not even named."""
    git("init", "-q")
    write(".surefoot/tickets/a.json", ".surefoot/cases.jsonl", ".surefoot/tickets/notes.txt", "data.json")
    (root.path / ".gitignore").write_text(pattern)
    found = listed(root, settings)
    assert ".surefoot/tickets/a.json" in found
    assert ".surefoot/tickets/notes.txt" not in found
    assert ("data.json" in found) == ("json" not in pattern and pattern != "*\n")


def test_an_ignored_folder_without_tickets_is_not_looked_into(
    root: Root, settings: Settings, write: Write, git: Git
) -> None:
    """As before there were tickets: what git ignores leaves no trace."""
    git("init", "-q")
    write(".surefoot/cases.jsonl", "a.py")
    (root.path / ".gitignore").write_text(".surefoot/\n")
    assert listed(root, settings) == {".gitignore", "a.py"}
    assert walk(root, settings).skipped == ()


def test_a_folder_that_the_project_names_is_walked_though_ignored(
    root: Root, settings: Settings, write: Write, git: Git
) -> None:
    """Of the folders above it nothing else comes in, and of the folder itself only what may hold tickets."""
    git("init", "-q")
    write("exports/jira/all.csv", "exports/jira/deep/b.json", "exports/jira/tool.py", "exports/other.json")
    write("exports/jira2/c.json", "exports/jira/.git/config.json")
    (root.path / ".gitignore").write_text("exports/\n")
    assert listed(root, settings) == {".gitignore"}
    assert listed(with_tickets(root, "exports/jira"), settings) == {
        ".gitignore",
        "exports/jira/all.csv",
        "exports/jira/deep/b.json",
    }


def test_a_folder_of_tickets_that_git_shows_is_walked_as_ever(root: Root, settings: Settings, write: Write) -> None:
    """Code beside tickets is code."""
    write("docs/tickets/a.json", "docs/tickets/tool.py")
    assert listed(with_tickets(root, "docs/tickets"), settings) == {"docs/tickets/a.json", "docs/tickets/tool.py"}


def test_our_own_ignore_file_hides_tickets_too(root: Root, settings: Settings, write: Write, git: Git) -> None:
    """It is stronger than everything, in both directions."""
    git("init", "-q")
    write(".surefoot/tickets/a.json", ".surefoot/tickets/b.json")
    (root.path / ".gitignore").write_text(".surefoot\n")
    (root.path / ".surefootignore").write_text("b.json\n")
    assert listed(root, settings) == {".gitignore", ".surefootignore", ".surefoot/tickets/a.json"}


def test_an_export_may_be_large(root: Root, settings: Settings, write: Write) -> None:
    """Where other files may have a megabyte, an export may have many; and still not any number."""
    write(".surefoot/tickets/a.json", "data.json")
    small = settings.model_copy(update={"max_file_bytes": 10})
    for path in (".surefoot/tickets/a.json", "data.json"):
        (root.path / path).write_text(" " * 100)
    assert [entry.path for entry in walk(root, small).files] == [".surefoot/tickets/a.json"]
    with (root.path / ".surefoot/tickets/a.json").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    assert walk(root, small).files == ()


def test_links_in_a_folder_of_tickets_are_not_followed(root: Root, settings: Settings, write: Write) -> None:
    """Neither a file nor the folder itself."""
    write("real/a.json", ".surefoot/tickets/b.json")
    (root.path / ".surefoot/tickets/link.json").symlink_to(root.path / "real/a.json")
    (root.path / ".surefoot/tickets/folder").symlink_to(root.path / "real")
    assert {entry.path for entry in walk(root, settings).files} == {"real/a.json", ".surefoot/tickets/b.json"}


def test_roots_know_the_folders_that_their_project_names(tmp_path: Path) -> None:
    """Besides the usual one, in the order in which they are named."""
    (tmp_path / "exports/jira").mkdir(parents=True)
    (tmp_path / ".surefoot.toml").write_text('tickets = ["exports/jira/", "./exports", ".surefoot/tickets", "../x"]\n')
    (root,) = resolve_roots([tmp_path])
    assert root.tickets == (".surefoot/tickets", "exports/jira", "exports")
    assert root.holds_tickets("exports/jira/a.json")
    assert not root.holds_tickets("exports.json")
