"""Single patterns against git's own verdict, where stars meet and brackets are odd."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable

import pytest

from surefoot.domain import Root
from surefoot.workspace.ignore import IgnoreRules

PATHS = [
    *["b", "ab", "aab", "abab", "ababc", "abxab", "axbxc", "aXb", "a-b", "a]b", "a^b", "a\\b", "a b", "é", "[ab"],
    *["a/b", "a/ab", "a/x/b", "a/x/y/b", "a/b/c", "a/b/x/c", "a/bx/c", "a/bc", "a/b/b/c/c", "x/a/b/c", "x/ab/ab"],
    *["a/b/a/c/b", "a/x/b/y/c/z", "x/y/z/b", "a/bxb/c", "aa/ab/ba/bb", "a/b/c/b/z"],
]
PATTERNS = [
    *["*ab", "*ab*ab", "*a*b", "a*b*c", "*a*a*b", "*b*b*", "a?b", "?", "??", "*?b", "a*?*c", "***b", "a**b"],
    *["a/**", "a/**/b", "**/b", "**/a/**/b", "a/**/b/**/c", "a/b**/c", "a/b**", "a/**b", "a/*/b", "*/b", "a/*/*/b"],
    *["a/***/b", "**/**/b", "a/**/**/c", "a/**\\/c", "/**/c", "**a/b", "x/**/*b", "*/*a*/*b*/**", "**/b*/c", "a/*b*/c"],
    *["a[]-]b", "a[^a-z]b", "a[!X]b", "a[\\]]b", "a[\\^]b", "a[\\\\]b", "a\\[b", "\\[ab", "[[]ab", "a[[:space:]]b"],
    *["a[[:upper:]]b", "a[[:punct:]]b", "a[[:nonsense:]]b", "[ab", "a[", "a\\", "[é]", "[[:alpha:]]", "a[,-.]b"],
    *["a[/]b", "**/b/**/c/**/z", "a[b/]c", "[]", "[!]", "[a-", "a\\ b"],
    *["a b ", "a b\\ ", "#b", "\\#b", "!b", "/", "//", "!", "/b", "b/", "a//b"],
]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_matches_what_git_says(root: Root, git: Callable[..., str], pattern: str) -> None:
    git("init", "-q", "--template=")
    (root.path / ".gitignore").write_text(f"{pattern}\n", encoding="utf-8")
    done = subprocess.run(
        ["git", "check-ignore", "--no-index", "--stdin", "-z"],
        cwd=root.path,
        input="\0".join(PATHS).encode(),
        capture_output=True,
        check=False,
    )
    rules = IgnoreRules(root)
    ignored = {path for path in PATHS if rules.is_ignored(path)}
    assert ignored == set(os.fsdecode(done.stdout).split("\0")) - {""}
