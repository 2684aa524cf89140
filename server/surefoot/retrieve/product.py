"""Which of several roots a question is about: citing the wrong product's code is worse than citing nothing.

Invariant: a root is left out only for a reason that stands in the question, or for the file that is open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from surefoot.domain import MentionKind, Resolved
from surefoot.retrieve.root_index import RootIndex
from surefoot.words import fold

SHORTEST_NAME = 3  # letters of a folder's name that may stand for its product; `ui` may be any word

_NAME = re.compile(r"\w[\w.-]*\w")  # folders are called `react-dom` and `socket.io`


def named_roots(resolved: Resolved, roots: Sequence[RootIndex]) -> list[RootIndex]:
    """The roots that the question names: by their folder's name, or else by code that only some of them define."""
    words = {fold(word) for word in _NAME.findall(resolved.query.text)}
    by_folder = [index for index in roots if _is_said(fold(index.root.name.rpartition("/")[2]), words)]
    if by_folder:
        return by_folder
    names = [
        fold(target)
        for mention in resolved.mentions
        if mention.kind is MentionKind.SYMBOL and mention.is_code and mention.similarity == 1.0
        for target in mention.targets[:1]
    ]
    paths = [path for mention in resolved.mentions if mention.kind is MentionKind.PATH for path in mention.targets]
    holding = [
        index
        for index in roots
        if any(name in index.names.names for name in names) or any(path in index.names.paths for path in paths)
    ]
    return [] if len(holding) == len(roots) else holding


def open_root(open_file: Path | None, roots: Sequence[RootIndex]) -> list[RootIndex]:
    """The innermost root of the file that the asker is looking at."""
    holding = [index for index in roots if open_file is not None and open_file.is_relative_to(index.root.path)]
    return [max(holding, key=lambda index: len(index.root.path.parts))] if holding else []


def _is_said(name: str, words: set[str]) -> bool:
    return len(name) >= SHORTEST_NAME and name in words
