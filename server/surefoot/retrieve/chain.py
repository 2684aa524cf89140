"""Places for what hangs together: who asks what a ticket touches wants it, its commits and their code in one list.

What is only linked shares hardly a word with the question, so that no score of words brings it there.

Invariant: hits change their order only, and nothing changes where nothing but code and documents is indexed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from pathlib import Path

from surefoot.domain import Chunk, ChunkKey, Ranking, Resolved, Source
from surefoot.retrieve.asked import asked_sources, asks_for_records, named_records
from surefoot.retrieve.rerank import Candidate, is_side_code

ASKED_SHARE = 0.9  # of the places, where the question asks for tickets or commits: it is about what they lead to
DESIGN_SHARE = 0.6  # and for designs alone: from a screen to a table the way is longer
OTHER_SHARE = 0.3  # where it does not: a ticket that says the same is worth a look, after the code
FLOW_BEST = 5  # places that stay as they are
FLOW_WEAK = 0.04  # strength below which no place is kept for a file
FLOW_FIT = 3.0  # times the share of the question in a file, for which of them gets a place: many lie on some flow
BEST_PLACES = 4  # that stay as they are, be they of one file
WEAK = 0.1  # strength below which a place is not kept: reached over many steps, or as one of many
WEAK_OTHER = 0.2  # and where nothing of the kind was asked for
RECORDS = frozenset({Source.TICKETS, Source.COMMITS})
ALWAYS = frozenset({Source.CODE, Source.DOCS, Source.DESIGNS})  # beside what is asked for
TELLING = 3  # a ticket that is one of so many first hits, though it counts for less: the question is about it

_File = tuple[Path, str, str]


def with_chain(ranked: list[Candidate], linked: Ranking, resolved: Resolved, places: int) -> list[Candidate]:
    """The hits, with the strongest of what is linked among the first ones."""
    if not linked.entries:
        return ranked
    asked, named = asked_sources(resolved) | _told(ranked), bool(named_records(resolved))
    weak = WEAK if asked else WEAK_OTHER
    strong = [key for key, strength in linked.entries if strength >= weak]
    chain = _wanted(strong, ranked, asked | ALWAYS if asked else frozenset(Source))[: int(places * _share(asked))]
    ranked = _first(ranked, chain) if named else _among(ranked, chain, places)
    return _more_files(ranked, places) if asked else ranked


def asks_beyond_code(ranked: Sequence[Candidate], resolved: Resolved) -> bool:
    """Whether a question asks for more than code: in most repositories links lead from any code to its commits."""
    return bool(asked_sources(resolved) | _told(ranked))


def with_flow(
    ranked: list[Candidate], flow: Ranking, link: Ranking, resolved: Resolved, places: int
) -> list[Candidate]:
    """The hits, with the files that a flow leads through among the first ones, in place of some outside of it.

    A further place of a file that is shown gives way first, and then what the other hits lead to least, unless they
    lead to it more than to the new one.
    """
    led_to = _led_to(ranked, flow)
    shown = {_file(hit) for hit in ranked[:places]}
    waiting: dict[_File, Candidate] = {}
    for hit, strength in _reached(ranked, flow):
        if strength >= FLOW_WEAK and _may_join(hit.chunk) and _file(hit) not in shown:
            waiting.setdefault(_file(hit), hit)
    fits = _fits(ranked)
    joining = sorted(waiting.items(), key=lambda item: -led_to[item[0]] * (1 + FLOW_FIT * fits[item[0]]))
    repeats = _repeats(ranked[:places])
    leaving = [hit for hit in reversed(ranked[:places]) if hit.key in repeats]
    leaving += _outside(ranked[:places], repeats, led_to, link, resolved)
    put_off = set[ChunkKey]()
    moved: list[Candidate] = []
    for old, (_, new) in zip(leaving, joining, strict=False):
        if old.key in repeats or led_to.get(_file(old), 0.0) <= led_to[_file(new)]:
            put_off.add(old.key)
            moved.append(new)
    first = [hit for hit in ranked[:places] if hit.key not in put_off] + moved
    chosen = {hit.key for hit in first}
    return first + [hit for hit in ranked if hit.key not in chosen]


def _may_join(chunk: Chunk) -> bool:
    """Whether a chunk may take a place for being on a flow: code that is a step of it, and no test that takes it."""
    return chunk.source is Source.CODE and not is_side_code(chunk.span.path)


def _fits(ranked: Sequence[Candidate]) -> dict[_File, float]:
    """How much of the question each file holds: as the part of it that holds most."""
    fits: dict[_File, float] = {}
    for hit in ranked:
        fits[_file(hit)] = max(hit.coverage, fits.get(_file(hit), 0.0))
    return fits


def _reached(ranked: Sequence[Candidate], flow: Ranking) -> list[tuple[Candidate, float]]:
    known = {hit.key: hit for hit in ranked}
    return [(known[key], strength) for key, strength in flow.entries if key in known]


def _led_to(ranked: Sequence[Candidate], flow: Ranking) -> dict[_File, float]:
    """How strongly flows lead to each file: as to the part of it that they lead to most."""
    strengths: dict[_File, float] = {}
    for hit, strength in _reached(ranked, flow):
        strengths.setdefault(_file(hit), strength)
    return strengths


def _outside(
    shown: Sequence[Candidate],
    repeats: Set[ChunkKey],
    led_to: Mapping[_File, float],
    link: Ranking,
    resolved: Resolved,
) -> list[Candidate]:
    """What may give way to a flow, the first to go first: what it leads to least, and of those the last."""
    kept = RECORDS if asks_for_records(resolved) or _told(shown) else frozenset[Source]()
    strong = {key for key, strength in link.entries if strength >= WEAK_OTHER} | repeats
    outside = [hit for hit in shown[FLOW_BEST:] if hit.chunk.source not in kept and hit.key not in strong]
    outside.reverse()
    return sorted(outside, key=lambda hit: led_to.get(_file(hit), 0.0))


def _told(ranked: Sequence[Candidate]) -> frozenset[Source]:
    """What a question asks for by what is like it: who describes a mishap rarely writes that it is a ticket."""
    return RECORDS if any(hit.chunk.source is Source.TICKETS for hit in ranked[:TELLING]) else frozenset()


def _repeats(hits: Sequence[Candidate]) -> set[ChunkKey]:
    """The further places of files."""
    first: dict[_File, ChunkKey] = {}
    return {hit.key for hit in hits if first.setdefault(_file(hit), hit.key) != hit.key}


def _file(hit: Candidate) -> _File:
    return hit.key.root, *_record(hit.chunk)


def _share(asked: frozenset[Source]) -> float:
    if not asked:
        return OTHER_SHARE
    return ASKED_SHARE if Source.TICKETS in asked else DESIGN_SHARE


def _wanted(strong: Sequence[ChunkKey], ranked: Sequence[Candidate], sources: frozenset[Source]) -> list[ChunkKey]:
    """The chain of these sources: first one place of each file, as people want to see which ones there are."""
    known = {hit.key: hit.chunk for hit in ranked if hit.chunk.source in sources}
    inside = [key for key in strong if key in known]
    files = {(key.root, *_record(known[key])): key for key in reversed(inside)}
    first = set(files.values())
    return [key for key in inside if key in first] + [key for key in inside if key not in first]


def _record(chunk: Chunk) -> tuple[str, str]:
    return chunk.span.path, chunk.symbol if chunk.source is Source.TICKETS else ""


def _first(ranked: list[Candidate], chain: Sequence[ChunkKey]) -> list[Candidate]:
    """The chain in its own order, then the others."""
    position = {key: number for number, key in enumerate(chain)}
    inside = sorted((hit for hit in ranked if hit.key in position), key=lambda hit: position[hit.key])
    return inside + [hit for hit in ranked if hit.key not in position]


def _among(ranked: list[Candidate], chain: Sequence[ChunkKey], places: int) -> list[Candidate]:
    """All of the chain within the first places: what is not there yet takes the last ones of hits outside of it."""
    wanted = set(chain)
    first, later = ranked[:places], ranked[places:]
    moved = [hit for hit in later if hit.key in wanted]
    outside = [hit for hit in first if hit.key not in wanted]
    put_off = outside[len(outside) - min(len(moved), len(outside)) :]
    kept = [hit for hit in first if hit not in put_off]
    return kept + moved + put_off + [hit for hit in later if hit not in moved]


def _more_files(ranked: list[Candidate], places: int) -> list[Candidate]:
    """Who asks for a chain wants its links: a further place of a file takes one of the best places or none."""
    seen = set[_File]()
    first: list[Candidate] = []
    further: list[Candidate] = []
    for position, hit in enumerate(ranked):
        file = (hit.key.root, *_record(hit.chunk))
        (further if file in seen and position >= BEST_PLACES else first).append(hit)
        seen.add(file)
    return first[:places] + further + first[places:]
