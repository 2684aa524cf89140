"""Looks at what an answer shows with code of its own: does the place exist, and does the name stand there.

Invariant: nothing of Surefoot's verification is imported; two programs that agree say more than one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from surefoot.evals.metrics import Shown


def place_problem(roots: Mapping[str, Path], shown: Shown, symbol: str) -> str:
    """What is wrong with a shown place, or an empty text."""
    root = roots[shown.root]
    path = (root / shown.path).resolve()
    where = f"{shown.path}:{shown.start}-{shown.end}"
    if not path.is_relative_to(root.resolve()) or not path.is_file():
        return f"{where}: no such file"
    text = path.read_text(encoding="utf-8", errors="replace")
    lines = text.count("\n") + 1
    if not 1 <= shown.start <= shown.end <= lines:
        return f"{where}: the file has {lines} lines"
    # The end of a symbol's path: a name, or the title of a section without its markup. It need not stand in the shown
    # lines themselves: they may be the decorators above a definition, or a later part of it.
    name = re.split(r"::|\.", symbol)[-1]
    if re.sub(r"\W+", "", name) not in re.sub(r"\W+", "", text):
        return f"{where}: {name} does not stand in the file"
    return ""


def name_problems(roots: Mapping[str, Path], claim: str, cited: Sequence[tuple[Shown, str]]) -> list[str]:
    """Every identifier of a claim that stands in no cited file, path or symbol."""
    ground = "\n".join(
        f"{shown.path}\n{symbol}\n{(roots[shown.root] / shown.path).read_text(encoding='utf-8', errors='replace')}"
        for shown, symbol in cited
    )
    words = set(re.findall(r"\w+", ground.lower()))
    named = [word for code in re.findall(r"`([^`]+)`", claim) for word in re.findall(r"\w+", code)]
    named += re.findall(r"\b\w*[a-z][A-Z]\w*\b|\b\w+_\w+\b", claim)
    return [f"names {name}, which no cited file contains" for name in named if name.lower() not in words]
