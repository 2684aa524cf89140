"""Looks at what an answer shows with code of its own: does the place exist, and does the name stand there.

Invariant: nothing of Surefoot's verification is imported; two programs that agree say more than one.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from surefoot.evals.metrics import Shown
from surefoot.golden import COMMIT

# Their lines are not those that a reading has: what is shown of them is checked by name alone.
_WITHOUT_LINES = (".json", ".jsonl", ".csv", ".drawio", ".excalidraw", ".fig", ".ipynb", ".pdf", ".xml")


def place_problem(roots: Mapping[str, Path], shown: Shown, symbol: str) -> str:
    """What is wrong with a shown place, or an empty text."""
    root = roots[shown.root]
    where = f"{shown.path}:{shown.start}-{shown.end}"
    if shown.path.startswith(COMMIT):
        return "" if _text(root, shown.path) else f"{where}: no such commit"
    path = (root / shown.path).resolve()
    if not path.is_relative_to(root.resolve()) or not path.is_file():
        return f"{where}: no such file"
    text = _text(root, shown.path)
    lines = text.count("\n") + 1
    if not shown.path.endswith(_WITHOUT_LINES) and not 1 <= shown.start <= shown.end <= lines:
        return f"{where}: the file has {lines} lines"
    # The end of a symbol's path: a name, or the title of a section without its markup. It need not stand in the shown
    # lines themselves: they may be the decorators above a definition, or a later part of it.
    name = re.split(r"::|\.", symbol)[-1]
    if shown.path.endswith(_WITHOUT_LINES):  # a page without a name of its own is called after its file
        text = f"{shown.path}\n{text}"
    if re.sub(r"\W+", "", name) not in re.sub(r"\W+", "", text) and not _is_put_together(name, shown.path, text):
        return f"{where}: {name} does not stand in the file"
    return ""


def _is_put_together(name: str, path: str, text: str) -> bool:
    """Whether it is a name made of words that stand apart: an operation of its method and path, a record of its number.

    At least two of them, so that a single name that is not there is never excused.
    """
    words = re.findall(r"[^\W\d]\w+|\d+", name.lower())
    ground = f"{path}\n{text}".lower()
    if "decision" in path.lower():  # what this one is called by is what others call theirs
        words = ["decision" if word == "adr" else word for word in words]
    return len(words) > 1 and all(word in ground for word in words)


def name_problems(roots: Mapping[str, Path], claim: str, cited: Sequence[tuple[Shown, str]]) -> list[str]:
    """Every identifier of a claim that stands in no cited file, path or symbol."""
    ground = "\n".join(f"{shown.path}\n{symbol}\n{_text(roots[shown.root], shown.path)}" for shown, symbol in cited)
    words = set(re.findall(r"\w+", ground.lower()))
    named = [word for code in re.findall(r"`([^`]+)`", claim) for word in re.findall(r"\w+", code)]
    named += re.findall(r"\b\w*[a-z][A-Z]\w*\b|\b\w+_\w+\b", claim)
    return [f"names {name}, which no cited file contains" for name in named if name.lower() not in words]


def is_invented(roots: Mapping[str, Path], claim: str, cited: Sequence[tuple[Shown, str]]) -> bool:
    """Whether a claim has a name or a place that is nowhere in what it cites."""
    return any(place_problem(roots, *each) for each in cited) or bool(name_problems(roots, claim, cited))


def _text(root: Path, path: str) -> str:
    """A file's text, or what git says of a commit: its message, and its files, whole, because hunks name functions."""
    if path.startswith(COMMIT):
        return _commit(root, path.removeprefix(COMMIT))
    return (root / path).read_text(encoding="utf-8", errors="replace")


@lru_cache(maxsize=256)
def _commit(root: Path, commit: str) -> str:
    asked = ["git", "-C", str(root), "show", "--format=%H%n%B", "--no-ext-diff", "--unified=100000", commit]
    done = subprocess.run(asked, capture_output=True, check=False)
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""
