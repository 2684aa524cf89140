"""Learned order: of a question over several sources, which candidates belong to its answer.

What a ticket, a drawing and a function have in common with a question does not compare: one shares its words, another
is only linked with what does. So the last order is learned, by LambdaMART (Burges, "From RankNet to LambdaRank to
LambdaMART: An Overview", Microsoft Research, 2010), from the order so far and from what the stages say of a candidate.
More of a good sign never puts one further back. `evals/train/ranker.py` trains the trees, on dev questions alone.

Invariant: hits change their order only.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from surefoot.domain import ChunkKey, Ranking, Source
from surefoot.retrieve.rerank import Candidate, File, file_of

# Of the rules, those that tell more than their product, the score.
RULES = {
    "side_code": 1,
    "record": 0,
    "outdated": 1,
    "query_words_in_file_name": 1,
    "query_words_in_symbol_name": 1,
    "holds_repeated_words": 1,
    "definition_of_mentioned_symbol": 1,
}
# What is known of a candidate, and what more of it may do: bring it forward only (1), or either (0).
FEATURES: Mapping[str, int] = {
    "place": 1,
    "in_first": 1,
    "score": 1,
    "coverage": 1,
    "coverage_of_file": 1,
    "similarity": 1,
    "link": 1,
    "link_of_file": 1,
    "link_place": 1,
    "flow": 1,
    "flow_of_file": 1,
    **RULES,
    **dict.fromkeys(map(str, Source), 0),
}
LEAST_SCORE = 1e-3  # of the best one's; what only a flow leads to has none


@dataclass(frozen=True, slots=True)
class Walk:
    """What the stages before found: the candidates in their order, and where links and flows lead, how strongly."""

    ranked: Sequence[Candidate]
    links: Mapping[ChunkKey, float]
    flows: Mapping[ChunkKey, float]
    places: int

    @classmethod
    def of(cls, ranked: Sequence[Candidate], links: Ranking, flows: Ranking, places: int) -> Walk:
        """From the rankings of both stages."""
        return cls(ranked, dict(links.entries), dict(flows.entries), places)


def in_learned_order(walk: Walk) -> list[Candidate]:
    """The candidates, most likely first; a further place of a file comes after the first ones of all others."""
    if not walk.ranked:
        return []
    from surefoot.retrieve import trees  # noqa: PLC0415 - numpy

    return by_learned(walk.ranked, trees.shipped().scores(trees.as_rows(features(walk))))


def by_learned(ranked: Sequence[Candidate], scores: Iterable[float]) -> list[Candidate]:
    """The candidates by these scores, the best of each file before further ones of any."""
    for hit, score in zip(ranked, scores, strict=True):
        hit.learned = float(score)
    ordered = sorted(ranked, key=lambda hit: -hit.learned)
    first = {file_of(hit): hit.key for hit in reversed(ordered)}
    return sorted(ordered, key=lambda hit: first[file_of(hit)] != hit.key)


def features(walk: Walk) -> list[list[float]]:
    """What is known of each candidate, in the order of `FEATURES`."""
    of_files = _OfFiles(walk)
    best = max((hit.score for hit in walk.ranked), default=0.0) or 1.0
    by_link = sorted((walk.links.get(hit.key, 0.0) for hit in walk.ranked), reverse=True)
    return [_row(walk, of_files, place, hit.score / best, by_link) for place, hit in enumerate(walk.ranked)]


def _row(walk: Walk, of_files: _OfFiles, place: int, share: float, by_link: Sequence[float]) -> list[float]:
    hit = walk.ranked[place]
    link, file = walk.links.get(hit.key, 0.0), file_of(hit)
    return [
        1 / (1 + place),
        float(place < walk.places),
        math.log(max(share, LEAST_SCORE)),
        hit.coverage,
        of_files.coverage[file],
        hit.similarity,
        link,
        of_files.links[file],
        1 / (1 + by_link.index(link)) if link else 0.0,
        walk.flows.get(hit.key, 0.0),
        of_files.flows[file],
        *(math.log(hit.rules.get(rule, 1.0)) for rule in RULES),
        *(float(hit.chunk.source is source) for source in Source),
    ]


class _OfFiles:
    """The most of a file that any of its candidates has."""

    def __init__(self, walk: Walk) -> None:
        self.coverage: dict[File, float] = {}
        self.links: dict[File, float] = {}
        self.flows: dict[File, float] = {}
        for hit in walk.ranked:
            file = file_of(hit)
            self.coverage[file] = max(self.coverage.get(file, 0.0), hit.coverage)
            self.links[file] = max(self.links.get(file, 0.0), walk.links.get(hit.key, 0.0))
            self.flows[file] = max(self.flows.get(file, 0.0), walk.flows.get(hit.key, 0.0))
