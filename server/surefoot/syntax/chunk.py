"""Chunks follow symbols: small neighbours together, classes in header and methods, long bodies in parts.

Invariant: chunks are sorted and disjoint, their text is verbatim, and every line that is not blank is in one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from surefoot.domain import Chunk, Source, Span, SymbolKind
from surefoot.syntax.lines import Lines, Range
from surefoot.syntax.symbols import CALLABLE, CLASS_LIKE, VALUES, Definition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from surefoot.syntax.split import Splitter

SMALL_LINES = 6  # a piece below this is small: it joins its neighbours
SMALL_CHARACTERS = 400  # a piece of few but long lines stands alone, too
MERGED_LINES = 30  # joined pieces stop growing here
MERGED_CHARACTERS = 1200
WHOLE_CLASS_LINES = 12  # a class up to this length is one chunk, whatever is in it
CHUNK_DEPTH = 12  # definitions nested deeper than this make no chunks of their own

# Scopes that say little by themselves: their first lines may join what follows them.
_TRANSPARENT = frozenset({SymbolKind.NAMESPACE, SymbolKind.MODULE, SymbolKind.PACKAGE})


@dataclass(frozen=True, slots=True)
class Origin:
    """What every chunk of a file has in common."""

    path: str
    language: str
    source: Source
    doc: str = ""  # of the file itself


@dataclass(slots=True)
class _Piece:
    """Consecutive lines of one definition (`owner`, -1 for the file) that may merge within one `group`."""

    first: int
    last: int
    owner: int
    group: int


def make_chunks(
    origin: Origin, lines: Lines, definitions: Sequence[Definition], splitter: Splitter
) -> tuple[Chunk, ...]:
    """The chunks of a file, in the order of its lines."""
    split = _split_definitions(lines, definitions)
    pieces = _pieces(lines, _owners(lines, definitions, split), definitions, split)
    merged = _merge(lines, _without_scraps(lines, pieces))
    chunks: list[Chunk] = []
    for piece in merged:
        chunks.extend(_chunks_of(origin, lines, piece, definitions, splitter))
    return tuple(chunks)


def _split_definitions(lines: Lines, definitions: Sequence[Definition]) -> set[int]:
    """The definitions whose members get chunks of their own; -1 is the file."""
    members: dict[int, list[int]] = {}
    depth = {-1: 0}
    for index, each in enumerate(definitions):
        depth[index] = depth[each.parent] + 1
        if depth[index] <= CHUNK_DEPTH:
            members.setdefault(each.parent, []).append(index)
    split = {-1}
    for index, each in enumerate(definitions):
        if each.parent in split and any(_is_inside(definitions[m], each) for m in members.get(index, ())):
            has_long_callable = any(
                definitions[m].kind in CALLABLE and definitions[m].last - definitions[m].first + 1 >= SMALL_LINES
                for m in members[index]
            )
            is_scope = each.kind not in CALLABLE and has_long_callable
            is_long = each.last - each.first + 1 > WHOLE_CLASS_LINES
            is_open = each.kind in _TRANSPARENT and any(definitions[m].first > each.last for m in members[index])
            if is_open or (is_scope and is_long) or not lines.fits(each.first, each.last):
                split.add(index)
    return split


def _is_inside(member: Definition, outer: Definition) -> bool:
    return (member.first, member.last) != (outer.first, outer.last)


def _owners(lines: Lines, definitions: Sequence[Definition], split: set[int]) -> list[int]:
    """For each line the innermost definition that makes chunks."""
    owners = [-1] * len(lines)
    for index, each in enumerate(definitions):
        if each.parent in split and not _is_header_part(each, definitions):
            first, last = each.first, min(each.last, len(owners))
            owners[first - 1 : last] = [index] * (last - first + 1)
    return owners


def _is_header_part(each: Definition, definitions: Sequence[Definition]) -> bool:
    """Whether the lines of a short field stay with its class."""
    is_short = each.last - each.first + 1 < SMALL_LINES
    return is_short and each.kind in VALUES and each.parent >= 0 and definitions[each.parent].kind in CLASS_LIKE


def _pieces(lines: Lines, owners: Sequence[int], definitions: Sequence[Definition], split: set[int]) -> list[_Piece]:
    """Runs of lines with one owner, without the blank lines around them."""
    pieces: list[_Piece] = []
    start = 0
    for index in range(1, len(owners) + 1):
        if index == len(owners) or owners[index] != owners[start]:
            trimmed = lines.trimmed(start + 1, index)
            if trimmed is not None:
                owner = owners[start]
                group = owner if owner in split or _is_alone(definitions, owner) else definitions[owner].parent
                while group >= 0 and definitions[group].kind in _TRANSPARENT:
                    group = definitions[group].parent
                pieces.append(_Piece(*trimmed, owner, group))
            start = index
    return pieces


def _is_alone(definitions: Sequence[Definition], owner: int) -> bool:
    return owner >= 0 and definitions[owner].is_alone


def _without_scraps(lines: Lines, pieces: Sequence[_Piece]) -> list[_Piece]:
    """Closing brackets and the like go with the piece before them."""
    kept: list[_Piece] = []
    for piece in pieces:
        text = lines.text(piece.first, piece.last)
        if kept and len(text) < SMALL_CHARACTERS and not _says_something(text):
            kept[-1].last = piece.last
        else:
            kept.append(piece)
    return kept


def _says_something(text: str) -> bool:
    return any(character.isalnum() for character in text) and text.strip() not in {"end", "end;", "end)", "fi"}


def _merge(lines: Lines, pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """Small neighbours of one group together."""
    merged: list[list[_Piece]] = []
    for piece in pieces:
        if merged and _may_join(lines, merged[-1], piece):
            merged[-1].append(piece)
        else:
            merged.append([piece])
    return merged


def _may_join(lines: Lines, before: Sequence[_Piece], piece: _Piece) -> bool:
    if before[-1].group != piece.group or not _is_small(lines, piece):
        return False
    if len(before) == 1 and not _is_small(lines, before[0]):
        return False
    first = before[0].first
    return piece.last - first < MERGED_LINES and lines.characters(first, piece.last) <= MERGED_CHARACTERS


def _is_small(lines: Lines, piece: _Piece) -> bool:
    is_short = piece.last - piece.first + 1 < SMALL_LINES
    return is_short and lines.characters(piece.first, piece.last) <= SMALL_CHARACTERS


def _chunks_of(
    origin: Origin,
    lines: Lines,
    pieces: Sequence[_Piece],
    definitions: Sequence[Definition],
    splitter: Splitter,
) -> list[Chunk]:
    """One merged piece as a chunk, or as several when it is long."""
    owner = next((piece.owner for piece in pieces if piece.owner >= 0), -1)
    shown = definitions[owner] if owner >= 0 else None
    chunks: list[Chunk] = []
    for start, end in splitter.split(pieces[0].first, pieces[-1].last):
        trimmed = lines.trimmed(start, end)
        if trimmed is not None:
            chunks.append(_chunk(origin, lines, trimmed, shown, is_first=not chunks))
    return chunks


def _chunk(origin: Origin, lines: Lines, span: Range, shown: Definition | None, *, is_first: bool) -> Chunk:
    """A chunk of `shown`; its documentation goes with the part that shows it, which is the first."""
    doc = origin.doc if shown is None and span[0] <= first_line_of(lines) else ""
    if shown is not None and is_first:
        doc = shown.doc
    return Chunk(
        span=Span(origin.path, *span),
        source=origin.source,
        language=origin.language,
        text=lines.text(*span),
        symbol=shown.qualified_name if shown else "",
        kind=shown.kind if shown else SymbolKind.FILE,
        signature=shown.signature if shown else "",
        doc=doc,
    )


def first_line_of(lines: Lines) -> int:
    """The first line that is not blank: the chunk that holds it carries the file's own documentation."""
    return next((number for number in range(1, len(lines) + 1) if not lines.is_blank(number)), 0)
