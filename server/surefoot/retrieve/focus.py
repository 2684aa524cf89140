"""Focus stage: a chunk that holds several definitions is narrowed to the one that the question is about.

Small neighbours share a chunk, and a citation of `RATES` where `rate_for` was asked for is off by a few lines.

Invariant: nothing is narrowed away that the question asks for; the text stays verbatim lines of its span.
"""

from __future__ import annotations

from dataclasses import replace

from surefoot.domain import Chunk, Hit, Resolved, Source, Span, Symbol, SymbolKind
from surefoot.retrieve.rerank import mentioned_names
from surefoot.retrieve.root_index import RootIndex
from surefoot.syntax.languages import DIAGRAMS
from surefoot.words import chunk_stems, coverage, fold, stems_of

_MEMBERS = frozenset({SymbolKind.FIELD, SymbolKind.ENUM_MEMBER})


def focus(hit: Hit, resolved: Resolved, named: frozenset[str], index: RootIndex) -> Hit:
    """The hit at the definition inside it that is named in the question, or that holds all that the chunk holds."""
    inside = [symbol for symbol in index.store.symbols_within(hit.chunk.span) if symbol.span != hit.chunk.span]
    if not inside:
        return hit
    asked = [symbol for symbol in inside if fold(symbol.name) in named]
    words = mentioned_names(resolved)
    # What a ticket or a commit names beside it is less than what the question itself names.
    asked = [symbol for symbol in asked if fold(symbol.name) in words] or asked
    if _is_told_whole(hit.chunk):
        return replace(hit, chunk=_named_after(hit.chunk, asked[0])) if asked else hit
    if hit.chunk.source is Source.DESIGNS:
        # A column alone says little: who does not ask for it is shown the table, or the type, that it belongs to.
        inside = [symbol for symbol in inside if symbol.kind not in _MEMBERS]
        asked = [symbol for symbol in asked if symbol.kind not in _MEMBERS or fold(symbol.name) in words]
    chunk = _narrowed(hit.chunk, min(asked, key=_lines)) if asked else _narrowest(hit.chunk, inside, resolved)
    return hit if chunk is hit.chunk else replace(hit, chunk=chunk)


def _is_told_whole(chunk: Chunk) -> bool:
    """A page, a frame, a diagram or a record is shown with all that it says, under the name that was asked for."""
    is_record = chunk.kind is SymbolKind.EVENT and chunk.source is not Source.CODE
    return is_record or chunk.file_line > 0 or chunk.language in DIAGRAMS


def _narrowest(chunk: Chunk, inside: list[Symbol], resolved: Resolved) -> Chunk:
    whole = coverage(resolved.weights, chunk_stems(chunk))
    candidates = [_narrowed(chunk, symbol) for symbol in inside]
    shares = [coverage(resolved.weights, stems_of(c.span.path, c.symbol, c.text)) for c in candidates]
    complete = [c for c, share in zip(candidates, shares, strict=True) if share >= whole]
    if complete:
        return min(complete, key=lambda c: c.span.end - c.span.start)
    if not candidates:
        return chunk
    own = next((share for c, share in zip(candidates, shares, strict=True) if c.symbol == chunk.symbol), None)
    if own is None or own >= max(shares):
        return chunk
    # Nothing may be narrowed away, but the chunk need not carry the name of its first line.
    best = candidates[shares.index(max(shares))]
    return replace(chunk, symbol=best.symbol, kind=best.kind, signature=best.signature, doc=best.doc)


def _named_after(chunk: Chunk, symbol: Symbol) -> Chunk:
    return replace(chunk, symbol=symbol.qualified_name, kind=symbol.kind, signature=symbol.signature, doc=symbol.doc)


def _narrowed(chunk: Chunk, symbol: Symbol) -> Chunk:
    lines = chunk.text.split("\n")[symbol.span.start - chunk.span.start : symbol.span.end - chunk.span.start + 1]
    span = Span(chunk.span.path, symbol.span.start, symbol.span.start + len(lines) - 1)
    return replace(
        chunk,
        span=span,
        text="\n".join(lines),
        symbol=symbol.qualified_name,
        kind=symbol.kind,
        signature=symbol.signature,
        doc=symbol.doc,
    )


def _lines(symbol: Symbol) -> int:
    return symbol.span.end - symbol.span.start
