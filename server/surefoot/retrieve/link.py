"""Link stage: what hangs together with what the question names, and with the first hits of the other retrievers.

A ticket leads to its commits and these to the files and functions that they touched; a screen of a drawing to its
endpoint, the handler and the table; a decision to its code; and each of them back. What is further away counts for
less, and so does what one of many leads to.

Invariant: only links that are stored are followed, and how much is looked at is bounded by counts, so that the same
index always gives the same ranking.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from surefoot.domain import Chunk, ChunkKey, LinkKind, MentionKind, Ranking, Resolved, Scope, Source
from surefoot.links.keys import path_key
from surefoot.retrieve.asked import asked_sources, named_records
from surefoot.retrieve.neighbourhood import Neighbourhood
from surefoot.retrieve.records import tickets
from surefoot.retrieve.root_index import RootIndex
from surefoot.store.links import AT_ONCE

HOPS = 3  # from a screen over its endpoint to the handler, and to what that calls
DECAY = 0.9  # of a hop: a ticket's commit is nearer to it than the file that the commit touched
LOOKED_AT = 40  # hits of the other retrievers among which records are looked for
NEAR_HITS = 6  # of which one must be a design where there are no tickets and no commits
FIRST_HITS = 4  # that are followed, whatever they are
FIRST_OF_SOURCE = 1  # and further ones: of a thousand wordy tickets, the one that fits best
HIT = 0.5  # the strength of a hit; what the question names outright has 1
UNFIT = 0.1  # the share of it that a hit has which holds nothing of the question
GONE_PATH = 0.8  # for commits that touched a file which the question names and which is not there
WIDEST = 10  # chunks that are followed in one hop
WEAKEST = 0.03  # what is weaker is not followed, nor listed
MOST_OF_SOURCE = {Source.CODE: 16, Source.COMMITS: 8, Source.TICKETS: 6, Source.DOCS: 5, Source.DESIGNS: 8}
MOST_OF_FILE = 3
RECORDS = frozenset({Source.TICKETS, Source.COMMITS, Source.DESIGNS})


@dataclass(frozen=True, slots=True)
class LinkRanking:
    """The ranking, and of the chunks in it the definitions that links lead to, by their folded names."""

    ranking: Ranking
    names: Mapping[ChunkKey, frozenset[str]]


NO_LINKS = LinkRanking(Ranking("link", ()), {})


def may_link(index: RootIndex, resolved: Resolved, first: Sequence[ChunkKey]) -> bool:
    """Whether there are tickets or commits, or else designs that it names, or asks for and has among its first hits.

    One drawing in a folder says nothing about how the words of all other questions hang together.
    """
    store = index.store
    if not store.has_records():
        return False
    if any(map(store.has_source, (Source.TICKETS, Source.COMMITS))) or named_records(resolved):
        return True
    if Source.DESIGNS not in asked_sources(resolved):
        return False
    near = store.chunks([key.chunk_id for key in first[:NEAR_HITS] if key.root == index.root.path])
    return any(chunk.source is Source.DESIGNS for chunk in near.values())


def link(index: RootIndex, resolved: Resolved, first: Sequence[ChunkKey], scope: Scope, limit: int) -> LinkRanking:
    """What is linked with the records that the question names and with the first hits, the strongest first."""
    asked = asked_sources(resolved)
    named = _named(index, resolved)
    around = Neighbourhood(index, resolved, asked, list(named))
    strengths = named | dict.fromkeys(_of_gone_paths(index, resolved), GONE_PATH)
    for number, strength in _hits(around, [key.chunk_id for key in first if key.root == index.root.path], asked):
        strengths.setdefault(number, strength)
    reached = _spread(around, strengths, HOPS if asked else 2)
    inside = index.store.in_scope(list(reached)[:AT_ONCE], scope)
    listed = _capped(around, sorted(reached.items(), key=lambda item: (-item[1], item[0])), inside, frozenset(named))
    entries = tuple((ChunkKey(index.root.path, chunk), score) for chunk, score in listed[:limit])
    return LinkRanking(Ranking("link", entries), {key: around.seen.names(key.chunk_id) for key, _ in entries})


def _named(index: RootIndex, resolved: Resolved) -> dict[int, float]:
    """The chunks at which the named tickets and commits begin."""
    found: dict[int, float] = {}
    for name in named_records(resolved):
        chunks = [chunk for _, chunk in tickets(index, name)]
        for path in index.store.commits(name, 2) if not chunks and name.isalnum() else ():
            chunks += index.store.chunk_ids(path)[:1]
        found.update(dict.fromkeys(chunks, 1.0))
    return found


def _of_gone_paths(index: RootIndex, resolved: Resolved) -> Iterator[int]:
    """Who names a path that the question names too, and that is not there any more."""
    for mention in resolved.mentions:
        if mention.kind is MentionKind.UNRESOLVED and mention.is_code and "." in mention.text:
            for number, _ in index.store.naming(LinkKind.PATH, [path_key(mention.text)], FIRST_HITS):
                yield number


def _hits(around: Neighbourhood, first: Sequence[int], asked: frozenset[Source]) -> Iterator[tuple[int, float]]:
    """The hits to follow: the first ones, of a question about code only records, and the first records of each kind."""
    seen = Counter[Source]()
    around.seen.load(first)
    for place, number in enumerate(first):
        chunk = around.seen.chunk(number)
        if chunk is None:
            continue
        seen[chunk.source] += 1
        is_wanted = chunk.source in RECORDS and chunk.source in (asked or RECORDS)
        is_first = place < FIRST_HITS and (bool(asked) or is_wanted)
        is_text = place < NEAR_HITS and bool(around.texts.meant(number, chunk))
        if is_first or is_text or (is_wanted and seen[chunk.source] <= FIRST_OF_SOURCE):
            yield number, HIT * (UNFIT + (1 - UNFIT) * around.seen.fit(number))


def _spread(around: Neighbourhood, start: Mapping[int, float], hops: int) -> dict[int, float]:
    """Everything within so many hops with its strength: that of the best way there."""
    reached = {number: strength for number, strength in start.items() if _is_record(around.seen.chunk(number))}
    known, edge = dict(start), dict(start)
    for _ in range(hops):
        further: dict[int, float] = {}
        for number, strength in sorted(edge.items(), key=lambda item: (-item[1], item[0]))[:WIDEST]:
            for other, share in around.of(number):
                reaches = strength * share * DECAY
                if reaches >= WEAKEST and reaches > reached.get(other, 0.0):
                    reached[other] = reaches
                    if reaches > known.get(other, 0.0):
                        known[other] = further[other] = reaches
        edge = further
    return reached


def _is_record(chunk: Chunk | None) -> bool:
    return chunk is not None and chunk.source in RECORDS


def _capped(
    around: Neighbourhood, ranked: Sequence[tuple[int, float]], inside: set[int], named: frozenset[int]
) -> list[tuple[int, float]]:
    """The first of each source and file: a commit of many files must not crowd out the ticket that it is for."""
    sources, files = Counter[Source](), Counter[str]()
    kept = []
    for number, strength in ranked:
        chunk = around.seen.chunk(number)
        if chunk is None or number not in inside:
            continue
        file = f"{chunk.span.path}#{chunk.symbol if chunk.source is Source.TICKETS else ''}"
        if (sources[chunk.source] < MOST_OF_SOURCE[chunk.source] and files[file] < MOST_OF_FILE) or number in named:
            kept.append((number, strength))
            sources[chunk.source] += 1
            files[file] += 1
    return kept
