"""Replies that fit: as much as a budget of tokens holds, and the state of the index in each of them.

Invariant: a brief reply, its text and its structured content together, takes at most `BUDGET` characters.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from surefoot.domain import Drift
from surefoot.mcp.text import counted, plain_json, shown

if TYPE_CHECKING:
    from surefoot.engine import Engine

CHARACTERS_PER_TOKEN = 4  # of code and English, near enough for a budget
BUDGET = 1500 * CHARACTERS_PER_TOKEN
STATE = "surefoot/index"  # where the state stands in `_meta` of every reply
MOST_LINES = 6  # of one place; what does not fit is a read away
WIDEST = 160
NARROWEST = 40
MOST_ROOTS = 5

Object = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """One reply: text for a reader, the same as an object, and what belongs beside it."""

    text: str
    structured: Object
    state: Object = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Characters of both."""
        return len(self.text) + len(json.dumps(self.structured, ensure_ascii=False, separators=(",", ":")))


@dataclass(frozen=True, slots=True)
class Amount:
    """How much of everything to show: entries of a list, lines of each, characters of a line."""

    items: int
    lines: int
    width: int


def fitted(items: int, render: Callable[[Amount], Shown]) -> Shown:
    """The richest rendering within the budget; the poorest where none is."""
    reply = None
    for amount in _amounts(items):
        reply = render(amount)
        if reply.size <= BUDGET:
            break
    assert reply is not None  # noqa: S101 - there is always a first amount
    return reply


def _amounts(items: int) -> Iterator[Amount]:
    """From rich to poor: first the lines get fewer and shorter, then the entries."""
    for lines, width in ((MOST_LINES, WIDEST), (4, 140), (3, 120), (2, 100), (1, 100)):
        yield Amount(items, lines, width)
    while items > 1:
        items = max(items * 4 // 5, 1) if items > 4 else items - 1
        yield Amount(items, 1, 80)
    yield Amount(items, 1, NARROWEST)
    yield Amount(items, 0, NARROWEST)


def picked(whole: Mapping[str, Any], *names: str) -> Object:
    """Some fields of an object, without those that say nothing."""
    return {name: whole[name] for name in names if whole.get(name) not in (None, "", [], {})}


def index_state(engine: Engine, *, indexing: bool, verdicts: Iterable[str] = ()) -> Object:
    """What a reply was drawn from, counted now, and how the places in it stand against the files."""
    state = engine.state()
    standing = Counter(verdicts)
    return {
        "files": state.files,
        "chunks": state.chunks,
        "indexing": state.indexing or indexing,
        "measured_at": round(time.time(), 3),
        **_behind(state.drift),
        "roots": [plain_json(str(root.path)) for root in engine.roots[:MOST_ROOTS]],
        "verdicts": dict(standing),
        "drifted": sum(standing.values()) - standing["valid"],
    }


def _behind(drift: Drift | None) -> Object:
    """How far the index was behind the disk, where that was counted."""
    if drift is None:
        return {}
    return {
        "changed_since": drift.drifted_files,
        "not_indexed_yet": drift.unindexed_files,
        "counted_at": round(drift.measured_at, 3),
    }


def state_line(state: Mapping[str, Any]) -> str:
    """The same as one line."""
    when = time.strftime("%H:%M:%S UTC", time.gmtime(state["measured_at"]))
    doing = "indexing goes on, so what is missing may still come" if state["indexing"] else "indexing is done"
    standing = ", ".join(f"{number} {verdict}" for verdict, number in state["verdicts"].items())
    checked = f"; places checked just now: {standing}" if standing else ""
    where = ", ".join(shown(root) for root in state["roots"])
    files = f"{counted(state['files'], 'file')} of {where}{_behind_words(state)}"
    return f"[index: {files}; {doing}; measured {when}{checked}]"


def _behind_words(state: Mapping[str, Any]) -> str:
    if "counted_at" not in state:
        return ""
    fresh = f", {state['not_indexed_yet']:,} not indexed yet" if state["not_indexed_yet"] else ""
    when = time.strftime("%H:%M:%S", time.gmtime(state["counted_at"]))
    return f", {state['changed_since']:,} changed since{fresh} (counted {when})"
