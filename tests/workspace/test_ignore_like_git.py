"""The ignore rules against git itself, on random trees with random ignore files."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surefoot.config import Settings
from surefoot.domain import Root
from surefoot.workspace.walk import IgnoreRules, walk

EXAMPLES = int(os.environ.get("SUREFOOT_GIT_EXAMPLES", "60"))

NAMES = ["a", "b", "c", "ab", "abc", "A", "foo", "x.log", "a.b", "é", "a b", "[a]", "b\\c", "-", "#a", "!a", "a-b"]
PIECES = [
    *["a", "b", "c", "ab", "foo", "x", ".log", "é", "A", "\xff"],
    *["*", "*", "?", "**", "**/", "/**", "/", "/", "\\", "***"],
    *["[a-c]", "[!a]", "[^b]", "[]a]", "[a", "[[:alpha:]]", "[[:space:][:punct:]]", "[[:bad:]]", "[\\]a]", "[a\\-z]"],
    *["[c-a]", "[--b]", "[é]", "[a/b]", "[[:a]", "[!]]", "]", "-", "\\*", "\\[", " ", "\\ ", "\t", "#", "!"],
]  # fmt: skip

paths = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4).map("/".join)
exact = st.tuples(
    st.sampled_from(["", "", "!", "/", "!/"]),
    st.one_of(paths, st.sampled_from(NAMES), st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join)),
    st.sampled_from(["", "", "/", "/*", "/**", " ", "  ", "\r"]),
).map("".join)  # fmt: skip
ignore_files = st.lists(exact, max_size=5).map("\n".join)


@dataclass(frozen=True)
class Case:
    """A tree of files, the ignore files in it, and which files are tracked."""

    files: list[str]
    ignores: dict[str, str]
    tracked: list[str]
    exclude: str
    user: str
    nested: str | None
    ignore_case: bool


cases = st.builds(
    Case,
    st.lists(paths, min_size=1, max_size=12),
    st.dictionaries(st.one_of(st.just(""), paths), ignore_files, max_size=3),
    st.lists(paths, max_size=3),
    st.one_of(st.just(""), ignore_files),
    st.one_of(st.just(""), ignore_files),
    st.one_of(st.none(), st.none(), st.sampled_from(NAMES)),
    st.sampled_from([False, False, False, True]),
)


def write(path: Path, text: str) -> None:
    """Write a file unless something else is in its way."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("latin-1") if "\xff" in text else text.encode())
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        pass


def git(folder: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True).stdout


def build(case: Case, top: Path, home: Path) -> None:
    git(top, "init", "-q", "--template=")
    if case.ignore_case:
        git(top, "config", "core.ignoreCase", "true")
    (top / ".git/info").mkdir()
    write(top / ".git/info/exclude", case.exclude)
    write(home / ".config/git/ignore", case.user)
    if case.nested is not None:
        (top / case.nested).mkdir()
        git(top / case.nested, "init", "-q", "--template=")
    for path in [*case.files, *case.tracked]:
        write(top / path, "text")
    for folder, text in case.ignores.items():
        if (top / folder).is_dir():
            write(top / folder / ".gitignore", text)
    tracked = [path for path in case.tracked if (top / path).is_file() and path.split("/")[0] != case.nested]
    if tracked:
        git(top, "--literal-pathspecs", "add", "-f", "--", *tracked)


def listed_by_git(top: Path) -> set[str]:
    output = os.fsdecode(git(top, "ls-files", "-z", "--cached", "--others", "--exclude-standard"))
    found: set[str] = set()
    for path in output.split("\0"):
        if path.endswith("/"):  # a nested repository, which we read by its own rules
            found |= {path + inner for inner in listed_by_git(top / path)}
        elif path and (top / path).is_file():
            found.add(path)
    return found


def on_disk(top: Path) -> set[str]:
    return {
        Path(folder, name).relative_to(top).as_posix()
        for folder, _, names in os.walk(top)
        for name in names
        if ".git" not in Path(folder).relative_to(top).parts
    }


def walked(top: Path) -> set[str]:
    found = walk(Root(top, "top"), Settings(max_file_bytes=100_000))
    return {entry.path for entry in (*found.files, *found.skipped, *found.failed)}


@pytest.fixture
def workshop(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (home / ".gitconfig").write_text("[core]\n\tquotePath = false\n")
    return tmp_path


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(case=cases)
def test_the_walk_lists_what_git_lists_and_single_paths_get_the_same_verdict(
    case: Case, workshop: Path, home: Path
) -> None:
    top = Path(tempfile.mkdtemp(dir=workshop)).resolve()
    try:
        build(case, top, home)
        expected = listed_by_git(top)
        assert walked(top) == expected
        rules = IgnoreRules(Root(top, "top"))
        assert {path for path in on_disk(top) if not rules.is_ignored(path)} == expected
    finally:
        shutil.rmtree(top)
