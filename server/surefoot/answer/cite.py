"""Cite stage: the numbers in a draft claim as citations of context items, and each one checked on disk.

Invariant: a verdict is about the working tree (or the open buffer) at the moment of the check, never about the index.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from surefoot.domain import Citation, Context, ContextItem, Root, Span, Verdict
from surefoot.sources.relocate import chunk_in_text, find_lines
from surefoot.workspace.documents import Documents, FileContent, read_file


@dataclass(frozen=True, slots=True)
class Ground:
    """The working tree as citations are checked against it."""

    documents: Documents
    is_ignored: Callable[[Root, str], bool]
    max_bytes: int


def cite(number: int, context: Context, ground: Ground) -> Citation:
    """The citation of one source number with its verdict; a number that no item has cites nothing."""
    item = next((item for item in context.items if item.number == number), None)
    if item is None:
        nowhere = Root(Path(), "")
        return Citation(number, nowhere, Span("", 0, 0), "", Verdict.NOT_IN_CONTEXT)
    span, verdict = check_item(item, ground)
    return Citation(number, item.root, span, item.symbol, verdict)


def check_item(item: ContextItem, ground: Ground) -> tuple[Span, Verdict]:
    """Where the item's lines stand now, and whether they are what the model saw."""
    text = current_text(item.root, item.span.path, ground)
    if text is None:
        return item.span, Verdict.MISSING
    lines = text.split("\n")
    in_range = 1 <= item.span.start <= item.span.end <= len(lines)
    if in_range and "\n".join(lines[item.span.start - 1 : item.span.end]) == item.text:
        return item.span, Verdict.VALID
    start = find_lines(item.text, text, near=item.span.start)
    if start is not None:
        return Span(item.span.path, start, start + item.span.end - item.span.start), Verdict.MOVED
    changed = chunk_in_text(item.chunk, text)
    if changed is not None and _names_symbol(item.symbol, changed.text):
        return changed.span, Verdict.CHANGED
    return item.span, Verdict.MISSING


def current_text(root: Root, path: str, ground: Ground) -> str | None:
    """The text of a file as the user sees it now, or None where it must not or cannot be cited."""
    if ground.is_ignored(root, path):
        return None
    try:
        content = read_file(root, path, documents=ground.documents, max_bytes=ground.max_bytes)
    except OSError:
        return None
    return content.text if isinstance(content, FileContent) else None


def _names_symbol(symbol: str, text: str) -> bool:
    name = re.split(r"\.|::", symbol)[-1]
    return not name or name in text


def citable(citations: Sequence[Citation]) -> tuple[Citation, ...]:
    """The citations that may be shown: their place exists now."""
    return tuple(c for c in citations if c.verdict in {Verdict.VALID, Verdict.MOVED, Verdict.CHANGED})
