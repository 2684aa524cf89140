"""Cite stage: the numbers in a draft claim as citations of context items, and each one checked on disk.

Invariant: a verdict is about the working tree (or the open buffer) at the moment of the check, never about the index.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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
    start = find_lines(item.chunk, item.text, text, near=item.span.start)
    if start is not None:
        span = Span(item.span.path, start, start + item.span.end - item.span.start)
        return span, Verdict.VALID if span == item.span else Verdict.MOVED
    changed = chunk_in_text(item.chunk, text)
    if changed is not None:
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


def as_it_stands(item: ContextItem, citation: Citation, ground: Ground) -> ContextItem:
    """The item with the lines that the citation shows: they differ from those the model saw where it is `changed`."""
    if citation.verdict is not Verdict.CHANGED:
        return item
    text = current_text(item.root, item.span.path, ground) or ""
    lines = text.split("\n")[citation.span.start - 1 : citation.span.end]
    chunk = replace(item.chunk, span=citation.span, text="\n".join(lines), signature="", doc="")
    return replace(item, span=citation.span, text=chunk.text, chunk=chunk)


def citable(citations: Sequence[Citation]) -> tuple[Citation, ...]:
    """The citations that may be shown: their place exists now."""
    return tuple(c for c in citations if c.verdict in {Verdict.VALID, Verdict.MOVED, Verdict.CHANGED})
