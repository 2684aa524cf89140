"""What is linked with one chunk, in both directions, and how strongly.

Invariant: reads the index and nothing else; a target that is not there is no neighbour.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from surefoot.domain import Chunk, Resolved, Source
from surefoot.links.keys import own_key
from surefoot.retrieve.named_things import FEW, MOST_LINKS, NamedThings
from surefoot.retrieve.records import tickets
from surefoot.retrieve.rerank import is_outdated, is_side_code
from surefoot.retrieve.root_index import RootIndex
from surefoot.retrieve.seen_chunks import Neighbour, SeenChunks
from surefoot.retrieve.text_neighbours import TextNeighbours
from surefoot.retrieve.who_names import WhoNames

MOST_LOADED = 160  # chunks in all: a bound for questions about things that everything is linked with
BARE = 0.7  # the share that a neighbour has for being one; the rest is for fitting the question
SIDE = 0.7  # for tests and examples
OUTDATED = 0.5  # for a duplicate, or a decision that another one replaced


class Neighbourhood:
    """What is linked with what, for one question. Not to be shared between threads."""

    def __init__(
        self, index: RootIndex, resolved: Resolved, asked: frozenset[Source], named: Sequence[int] = ()
    ) -> None:
        self.seen = SeenChunks(index, resolved, named)
        self._store = index.store
        self._named = NamedThings(self.seen, asked)
        self._who_names = WhoNames(self.seen, asked)
        self.texts = TextNeighbours(self.seen, resolved)

    def of(self, number: int) -> list[Neighbour]:
        """The neighbours of a chunk with the share of its strength that each gets."""
        chunk = self.seen.chunk(number)
        if chunk is None or len(self.seen) > MOST_LOADED:
            return []
        record = self._record(number, chunk)
        found: dict[int, float] = {}
        texts = self.texts.of(number, chunk, self.seen.meant_lines(number))
        for group in (*self._named.of(chunk, record), *self._who_names.of(chunk), *texts):
            for other, share in self._shared(group):
                if other not in record:
                    found[other] = max(found.get(other, 0.0), share)
        return list(found.items())

    def _shared(self, group: Iterable[Neighbour]) -> Iterator[Neighbour]:
        """Of many neighbours of one kind each gets less, and who fits the question gets more."""
        best: dict[int, float] = {}
        for number, score in islice(group, MOST_LINKS):
            best[number] = max(best.get(number, 0.0), score)
        self.seen.load(best)
        crowd = min(1.0, (FEW / len(best)) ** 0.5) if best else 1.0
        for number, score in best.items():
            chunk = self.seen.chunk(number)
            worth = self._worth(chunk) if chunk is not None else 0.0
            yield number, score * crowd * worth * (BARE + (1 - BARE) * self.seen.fit(number))

    @staticmethod
    def _worth(chunk: Chunk) -> float:
        """Less for a test, which a commit touches beside what it is for, and for what is out of date."""
        return (OUTDATED if is_outdated(chunk) else 1.0) * (SIDE if is_side_code(chunk.span.path) else 1.0)

    def _record(self, number: int, chunk: Chunk) -> tuple[int, ...]:
        """All chunks of the ticket or commit that a chunk is of."""
        if chunk.source is Source.COMMITS:
            return self._store.chunk_ids(chunk.span.path) or (number,)
        if own_key(chunk.symbol):
            for symbol, _ in tickets(self.seen.index, own_key(chunk.symbol)):
                if symbol.span.path == chunk.span.path:
                    return self._store.chunk_ids_within(symbol.span) or (number,)
        return (number,)
