"""What finders of links hand to each other, and the links that are made of it.

Invariant: pure; a target that can mean nothing makes no link.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from surefoot.domain import Link, LinkKind
from surefoot.links.keys import target_key

SERVED, USED = 1.0, 0.6  # the scores of an operation where it is described or handled; where it is called
MOST_LINKS = 200  # of one chunk: a commit of thousands of files is cut into many, and each says a little


class Found(NamedTuple):  # millions are made; a dataclass takes three times as long
    """Something named on a line of a chunk, counted from 0; the target is a key."""

    kind: LinkKind
    target: str
    line: int
    score: float


def found(kind: LinkKind, written: str, line: int = 0, score: float = 1.0) -> Found:
    """What is written, with its key."""
    return Found(kind, target_key(kind, written), line, score)


def links_of(named: Iterable[Found]) -> tuple[Link, ...]:
    """The links in the order of their lines, each target once, with the best of its scores."""
    best: dict[tuple[LinkKind, str], Found] = {}
    for each in named:
        key = each[:2]
        known = best.get(key)
        if known is None or each.score > known.score:
            best[key] = each
    ordered = sorted((each.line, each.kind, each.target, each.score) for each in best.values() if each.target)
    return tuple(Link(kind, target, line, score) for line, kind, target, score in ordered[:MOST_LINKS])


def line_of(text: str, at: int) -> int:
    """The line of a position, counted from 0."""
    return text.count("\n", 0, at)
