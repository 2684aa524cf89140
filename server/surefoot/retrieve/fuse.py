"""Fuse stage: one list out of several rankings whose scores do not compare, by reciprocal rank fusion.

Cormack, Clarke and Buettcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning Methods",
SIGIR 2009.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from surefoot.domain import ChunkKey, Ranking

RANK_OFFSET = 60  # the paper's k: how flat the head of a list counts
HEAD = 3  # entries of each list that are never cut off

# What a place in each list is worth. The symbol list is short and exact. Lines that the question points at are
# never a matter of rank. What is linked may share no word with the question: see the chain in `link`.
RETRIEVER_WEIGHTS = {"lexical": 1.0, "symbol": 1.2, "vector": 1.0, "place": 10.0, "link": 0.8}


@dataclass(slots=True)
class Fused:
    """A chunk with its fused score and its 1-based rank in each list that has it."""

    key: ChunkKey
    score: float = 0.0
    retrievers: dict[str, int] = field(default_factory=dict)


def fuse(rankings: Iterable[Ranking], limit: int, kept: Collection[ChunkKey] = ()) -> list[Fused]:
    """Sum weight / (offset + rank) over the lists, best first: so many, and behind them what is to be kept anyway.

    That is what the caller says, and the heads of the lists: the one chunk that holds a word may be at the head of one
    list and in no other, and would stand behind all that are in the middle of two.
    """
    rankings = tuple(rankings)
    kept = {*kept, *(key for ranking in rankings for key, _ in ranking.entries[:HEAD])}
    fused: dict[ChunkKey, Fused] = {}
    for ranking in rankings:
        weight = RETRIEVER_WEIGHTS[ranking.retriever]
        for rank, (key, _) in enumerate(ranking.entries, start=1):
            entry = fused.setdefault(key, Fused(key))
            entry.score += weight / (RANK_OFFSET + rank)
            entry.retrievers[ranking.retriever] = rank
    ranked = sorted(fused.values(), key=lambda entry: (-entry.score, str(entry.key.root), entry.key.chunk_id))
    return ranked[:limit] + [entry for entry in ranked[limit:] if entry.key in kept]


def merge(rankings: list[Ranking]) -> Ranking:
    """One retriever's rankings over several roots as one: its own scores do compare."""
    entries = [entry for ranking in rankings for entry in ranking.entries]
    entries.sort(key=lambda entry: (-entry[1], str(entry[0].root), entry[0].chunk_id))
    return Ranking(rankings[0].retriever, tuple(entries))
