"""Place stage: the chunks that hold the lines which the question points at, in the order of the question.

Invariant: lines are counted as the asker sees them, in the unsaved buffer where there is one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from surefoot.domain import Chunk, ChunkKey, Hit, Place, Ranking, Resolved, Scope, Span, Symbol, content_hash
from surefoot.retrieve.look_up import is_read_otherwise
from surefoot.retrieve.rerank import Candidate
from surefoot.retrieve.root_index import RootIndex
from surefoot.sources.relocate import chunk_in_text
from surefoot.workspace.documents import Documents, FileContent, read_buffer

LONGEST_SHOWN = 1000  # characters of a definition that is shown whole around the lines; the default budget holds more
MOST_BLANK = 4  # lines between a section and the next, which are of the section and of no chunk
LINES_AROUND = 4  # the lines that were asked for, where the definition around them is longer


@dataclass(frozen=True, slots=True)
class PlaceRanking:
    """The chunks found, which lines of each were asked for (counted as the index has them), and the places they are."""

    ranking: Ranking
    lines: Mapping[ChunkKey, Span]
    found: frozenset[Place]


def place(index: RootIndex, resolved: Resolved, scope: Scope, documents: Documents) -> PlaceRanking:
    """The chunks of one root that overlap the places in the question."""
    lines: dict[ChunkKey, Span] = {}
    found: set[Place] = set()
    for asked in resolved.places:
        if asked.root == index.root.path:
            for chunk_id, span in _overlapping(index, asked, scope, documents):
                found.add(asked)
                lines.setdefault(ChunkKey(index.root.path, chunk_id), span)
    entries = tuple((key, 1.0 / rank) for rank, key in enumerate(lines, start=1))
    return PlaceRanking(Ranking("place", entries), lines, frozenset(found))


def _overlapping(index: RootIndex, asked: Place, scope: Scope, documents: Documents) -> list[tuple[int, Span]]:
    path, first, last = asked.span.path, asked.span.start, asked.span.end
    indexed_file = index.store.file(path)
    if indexed_file is not None and is_read_otherwise(indexed_file):
        return _made_of(index, asked.span, scope, documents)
    found = []
    for chunk_id, indexed, start in _standing(index, path, scope, documents):
        moved = start - indexed.start
        inside = Span(path, max(first - moved, indexed.start), min(last - moved, indexed.end))
        if inside.start <= inside.end:
            found.append((chunk_id, inside))
    return found


def _made_of(index: RootIndex, asked: Span, scope: Scope, documents: Documents) -> list[tuple[int, Span]]:
    """The chunks of a reading that were made of these lines of the file; else the one that began before them."""
    chunks = index.store.chunks(index.store.chunk_ids(asked.path, scope))
    content = read_buffer(index.root, asked.path, documents)
    lines = {number: _file_line_now(chunk, content) for number, chunk in chunks.items()}
    before = max((line for line in lines.values() if line <= asked.start), default=0)
    wanted = range(asked.start, asked.end + 1)
    if not any(line in wanted for line in lines.values()):
        wanted = range(before, before + 1)
    return [(number, chunks[number].span) for number, line in lines.items() if line in wanted and line > 0]


def _file_line_now(chunk: Chunk, content: FileContent | None) -> int:
    """The line of the file, or of its open buffer, that a chunk was made of; 0 where it is gone from there."""
    now = chunk if content is None else chunk_in_text(chunk, content.text, content.reading)
    return now.file_line if now is not None else 0


def _standing(index: RootIndex, path: str, scope: Scope, documents: Documents) -> list[tuple[int, Span, int]]:
    """Each chunk of the file: its id, its lines in the index, and the line at which it begins now."""
    ids = index.store.chunk_ids(path, scope)
    text = documents.text(index.root.path / path)
    indexed = index.store.file(path)
    if text is None or (indexed is not None and indexed.content_hash == content_hash(text)):
        places = index.store.chunk_places(ids)
        return [(number, places[number].span, places[number].span.start) for number in ids if number in places]
    now = ((number, chunk, chunk_in_text(chunk, text)) for number, chunk in index.store.chunks(ids).items())
    return [(number, chunk.span, standing.span.start) for number, chunk, standing in now if standing is not None]


def places_first(ranked: Sequence[Candidate], ranking: Ranking) -> list[Candidate]:
    """What was pointed at comes before what was found, in its own order."""
    order = {key: rank for rank, (key, _) in enumerate(ranking.entries)}
    return sorted(ranked, key=lambda candidate: order.get(candidate.key, len(order)))


def at_lines(hit: Hit, lines: Span, index: RootIndex) -> Hit:
    """The hit narrowed to the smallest definition that holds the lines, or to the lines and those around them."""
    chunk = hit.chunk
    if chunk.file_line > 0:  # what was read there is told as a whole: it has no lines that anybody sees
        return hit
    around = [symbol for symbol in symbols_of(index, chunk.span) if symbol.span.contains(lines)]
    if around:
        smallest = min(around, key=lambda symbol: symbol.span.end - symbol.span.start)
        chunk = replace(
            _cut(chunk, smallest.span.start, smallest.span.end),
            symbol=smallest.qualified_name,
            kind=smallest.kind,
            signature=smallest.signature,
            doc=smallest.doc,
        )
    if len(chunk.text) > LONGEST_SHOWN:
        chunk = _cut(chunk, lines.start - LINES_AROUND, lines.end + LINES_AROUND)
    return replace(hit, chunk=chunk)


def symbols_of(index: RootIndex, span: Span) -> list[Symbol]:
    """The symbols within the lines of a chunk; of one that also has the blank lines below, all but these."""
    below = index.store.symbols_within(replace(span, end=span.end + MOST_BLANK))
    within = (symbol for symbol in below if symbol.span.start <= span.end)
    return [replace(each, span=replace(each.span, end=min(each.span.end, span.end))) for each in within]


def _cut(chunk: Chunk, first: int, last: int) -> Chunk:
    start, end = max(first, chunk.span.start), min(last, chunk.span.end)
    lines = chunk.text.split("\n")[start - chunk.span.start : end - chunk.span.start + 1]
    return replace(chunk, span=Span(chunk.span.path, start, end), text="\n".join(lines))
