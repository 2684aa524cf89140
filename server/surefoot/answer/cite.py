"""Cite stage: the numbers in a draft claim as citations of context items, and each one checked on disk.

A citation that was shown earlier is checked again by `recheck`, when somebody wants to go there.

Invariant: a verdict is about the working tree (or the open buffer) at the moment of the check, never about the index.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from surefoot.domain import Chunk, Citation, Context, ContextItem, Root, Source, Span, Standing, Verdict
from surefoot.sources.relocate import chunk_in_text, find_lines
from surefoot.syntax.languages import language_of
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
    text = current_text(item.root, item.span.path, ground)
    standing = _standing(item.chunk, item.span, item.text, text)
    lines = (text or "").split("\n")[standing.span.start - 1 : standing.span.end]
    shown = "" if standing.verdict is Verdict.MISSING else "\n".join(lines)
    return Citation(number, item.root, standing.span, item.symbol, standing.verdict, shown)


def recheck(root: Root, cited: Chunk, ground: Ground) -> Standing:
    """Where lines that were cited earlier stand at this moment, under the symbol that they were cited with."""
    text = current_text(root, cited.span.path, ground)
    known = replace(cited, language=language_of(cited.span.path, (text or "").partition("\n")[0], text=text or ""))
    return _standing(known, cited.span, cited.text, text)


def cited_chunk(span: Span, symbol: str, text: str) -> Chunk:
    """What `recheck` looks for: `text` decides how many lines it has, whatever `span` says of its end."""
    lines = Span(span.path, span.start, span.start + text.count("\n"))
    return Chunk(lines, Source.CODE, "", text, symbol=symbol)


def _standing(chunk: Chunk, span: Span, wanted: str, text: str | None) -> Standing:
    """Where `wanted`, the lines `span` of the chunk, stands in the file's `text`, and whether it is the same."""
    if text is None:
        return Standing(span, Verdict.MISSING)
    start = find_lines(chunk, wanted, text, near=span.start) if wanted else None
    if start is not None:
        now = Span(span.path, start, start + span.end - span.start)
        return Standing(now, Verdict.VALID if now == span else Verdict.MOVED)
    changed = chunk_in_text(chunk, text) if chunk.text else None
    return Standing(changed.span, Verdict.CHANGED) if changed is not None else Standing(span, Verdict.MISSING)


def current_text(root: Root, path: str, ground: Ground) -> str | None:
    """The text of a file as the user sees it now, or None where it must not or cannot be cited."""
    if ground.is_ignored(root, path):
        return None
    try:
        content = read_file(root, path, documents=ground.documents, max_bytes=ground.max_bytes)
    except OSError:
        return None
    return content.text if isinstance(content, FileContent) else None


def as_it_stands(item: ContextItem, citation: Citation) -> ContextItem:
    """The item with the lines that the citation shows: they differ from those the model saw where it is `changed`."""
    if citation.verdict is not Verdict.CHANGED:
        return item
    chunk = replace(item.chunk, span=citation.span, text=citation.text, signature="", doc="")
    return replace(item, span=citation.span, text=chunk.text, chunk=chunk)


def citable(citations: Sequence[Citation]) -> tuple[Citation, ...]:
    """The citations that may be shown: their place exists now."""
    return tuple(c for c in citations if c.verdict in {Verdict.VALID, Verdict.MOVED, Verdict.CHANGED})
