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

NAMES = ["a", "b", "ab", "aab", "A", "a.b", "é", "a b", "[a]", "a\\b", "-", "#a", "!a", "a-b"]
# What a part of a matching pattern may be replaced with. Many of them no longer match then, and some oddly do.
ANYWHERE = ["*", "?", "**", "***", "/**", "**/", "/**/", "/", "\\", "?*", "[", "]", " ", "\xff"]
BRACKETS = [
    *["[a-c]", "[!b]", "[^b]", "[]a]", "[!]]", "[a", "[]", "[\\]a]", "[\\a]", "[a\\-z]", "[c-a]", "[--b]", "[a-]"],
    *["[[:alpha:]]", "[[:upper:]b]", "[[:space:][:punct:]]", "[[:bad:]]", "[[:a]", "[[:]a]", "[é]", "[a/b]", "[.-0]"],
]

paths = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4).map("/".join)


@st.composite
def patterns(draw: st.DrawFn, files: list[str]) -> str:
    """A piece of a path that exists, with some of its characters turned into wildcards."""
    parts = draw(st.sampled_from(files)).split("/")
    start = draw(st.integers(0, len(parts) - 1))
    pieces = list("/".join(parts[start : draw(st.integers(start + 1, len(parts)))]))
    for _ in range(draw(st.integers(0, 3))):
        position = draw(st.integers(0, len(pieces) - 1))
        old = pieces[position]
        replaced = st.sampled_from([*ANYWHERE, *BRACKETS, f"\\{old}", f"{old}*", f"{old}**", f"*{old}", "", "**"])
        pieces[position] = draw(replaced)
    before = draw(st.sampled_from(["", "", "", "/", "!", "!/", "**/", " "]))
    after = draw(st.sampled_from(["", "", "", "/", "/*", "/**", "*", " ", "\\ ", "\r", "\t"]))
    return f"{before}{''.join(pieces)}{after}"


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


@st.composite
def cases(draw: st.DrawFn) -> Case:
    files = draw(st.lists(paths, min_size=2, max_size=10, unique=True))
    ignore_file = st.lists(st.one_of(patterns(files), patterns(files), st.sampled_from(["*", "!*/", "*/"])), max_size=5)
    text = ignore_file.map("\n".join)
    folders = ["", "", *[file.rpartition("/")[0] for file in files]]
    return Case(
        files,
        draw(st.dictionaries(st.sampled_from(folders), text, min_size=1, max_size=3)),
        draw(st.lists(st.sampled_from(files), max_size=2)),
        draw(st.one_of(st.just(""), st.just(""), text)),
        draw(st.one_of(st.just(""), st.just(""), text)),
        draw(st.sampled_from([None, None, None, *(file.split("/")[0] for file in files)])),
        draw(st.sampled_from([False, False, False, True])),
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
        (top / case.nested).mkdir(exist_ok=True)
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
@given(case=cases())
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
