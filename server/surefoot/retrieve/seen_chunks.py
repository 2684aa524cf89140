"""The chunks that one question has looked at: read once, held against the question, and what is meant in them.

Invariant: what is read is bounded by whoever asks; a chunk that is gone is None and fits nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from surefoot.domain import Chunk, Link, LinkKind, Resolved, Source, Symbol
from surefoot.readings.drawing import LANGUAGE as DRAWING
from surefoot.retrieve.asked import named_records
from surefoot.retrieve.drawn import Lines, asked_lines
from surefoot.retrieve.root_index import RootIndex
from surefoot.words import chunk_stems, content_terms, coverage, folded, stems_of

Neighbour = tuple[int, float]  # a chunk that is linked with another one, and how strongly

MOST_NAMING = 24  # chunks that name a thing, the latest first
MOST_CHUNKS = 12  # of a file that are read for the one that fits, those whose definitions fit best
MOST_DRAWN = 80  # chunks of a drawing in which arrows are looked for


class SeenChunks:
    """What was looked at for one question. Not to be shared between threads."""

    def __init__(self, index: RootIndex, resolved: Resolved, named: Sequence[int] = ()) -> None:
        self.index = index
        self.store = index.store
        self._weights = _without_ids(resolved)
        self._chunks: dict[int, Chunk | None] = {}
        self._fits: dict[int, float] = {}
        self._asked = stems_of(*resolved.terms)
        self._drawn: dict[str, Lines] = {}  # of each drawing, along what is asked about
        self._best: dict[str, int | None] = {}  # chunk of each file
        self._names: dict[int, dict[str, float]] = {}  # of the definitions in a chunk that links lead to, as surely
        self._understand(named)

    def __len__(self) -> int:
        return len(self._chunks)

    def chunk(self, number: int) -> Chunk | None:
        """The chunk, if it is there."""
        self.load([number])
        return self._chunks[number]

    def load(self, numbers: Iterable[int]) -> None:
        """Read chunks all at once that will be asked for."""
        unknown = [number for number in numbers if number not in self._chunks]
        if unknown:
            self._chunks.update(dict.fromkeys(unknown))
            self._chunks.update(self.store.chunks(unknown))

    def fit(self, number: int) -> float:
        """The share of the question that a chunk holds."""
        known = self._fits.get(number)
        if known is None:
            chunk = self._chunks[number]
            known = coverage(self._weights, chunk_stems(chunk)) if chunk is not None else 0.0
            self._fits[number] = known
        return known

    def fits_words(self, *words: str) -> float:
        """The share of the question that a path and names hold."""
        return coverage(self._weights, stems_of(*words))

    def best_of_file(self, path: str) -> int | None:
        """The chunk of a file that fits the question best."""
        if path not in self._best:
            self._best[path] = self._fitting_best(self.store.chunk_ids(path))
        return self._best[path]

    def _fitting_best(self, numbers: Sequence[int]) -> int | None:
        """The chunk that fits the question best; of a file of many, by what they define before their text is read."""
        if not numbers:
            return None
        places = self.store.chunk_places(numbers)
        named = {number: self.fits_words(place.symbol) for number, place in places.items()}
        some = sorted(places, key=lambda number: (-named[number], not places[number].symbol, number))[:MOST_CHUNKS]
        self.load(some)
        return max(some, key=lambda number: (self.fit(number), bool(places[number].symbol), -number), default=None)

    def meaning(self, number: int, symbol: Symbol, score: float = 1.0) -> int:
        """Remember which definition of a chunk a link leads to; returns the chunk."""
        names = self._names.setdefault(number, {})
        names[folded(symbol.name)] = max(score, names.get(folded(symbol.name), 0.0))
        return number

    def naming(self, kind: LinkKind, scores: Mapping[str, float]) -> list[tuple[int, Link]]:
        """The chunks that name these things, each with its link, which counts for as much as the thing does."""
        wanted = [target for target in scores if target]
        found = self.store.naming(kind, wanted, MOST_NAMING) if wanted else []
        self.point_at(found)
        return [(number, replace(link, score=link.score * scores[link.target])) for number, link in found]

    def point_at(self, found: Sequence[tuple[int, Link]]) -> None:
        """Of code that names a thing, the definition whose line names it is what is meant, not all of its chunk."""
        self.load([number for number, _ in found])
        for number, link in found:
            self.point_at_line(number, link.line, link.score)

    def point_at_line(self, number: int, line: int, score: float) -> None:
        """What is meant of a chunk of code is the innermost definition at this line, counted from 0."""
        chunk = self._chunks[number]
        if chunk is None or chunk.source is not Source.CODE:
            return
        place = chunk.span.start + line
        holding = (each for each in self.store.symbols_within(chunk.span) if each.span.start <= place <= each.span.end)
        smallest = min(holding, key=lambda each: each.span.end - each.span.start, default=None)
        if smallest is not None:
            self.meaning(number, smallest, score)

    def names(self, number: int) -> frozenset[str]:
        """The definition in a chunk that links lead to most surely, of several the nearest; by its folded name."""
        names = self._names.get(number)
        return frozenset({max(names, key=lambda name: names[name])}) if names else frozenset()

    def meant_lines(self, number: int) -> range | None:
        """The lines of the definition in a chunk that links lead to, counted from 0; None where that is all of it."""
        chunk = self.chunk(number)
        names = self.names(number)
        if chunk is None or not names or chunk.source is not Source.CODE:
            return None
        meant = [each for each in self.store.symbols_within(chunk.span) if folded(each.name) in names]
        if len(meant) != 1 or meant[0].span == chunk.span:
            return None
        first = chunk.span.start
        return range(meant[0].span.start - first, meant[0].span.end - first + 1)

    def links_of(self, number: int, chunk: Chunk) -> list[Link]:
        """The links of a chunk; of a drawing those along what the question asks about, if it asks about some of it."""
        drawn = self.drawn(chunk)
        every = self.store.links_of(list(drawn) or [number])
        return [each for of, links in every.items() for each in links if not drawn or each.line in drawn[of]]

    def drawn(self, chunk: Chunk) -> Lines:
        """Of the drawing that a chunk is of, the lines along what the question asks about, if there are any."""
        if chunk.language != DRAWING or chunk.source is not Source.DESIGNS:
            return {}
        path = chunk.span.path
        if path not in self._drawn:
            numbers = self.store.chunk_ids(path)[:MOST_DRAWN]
            self.load(numbers)
            texts = {number: each.text for number in numbers if (each := self._chunks[number]) is not None}
            self._drawn[path] = asked_lines(texts, self._is_asked)
        return self._drawn[path]

    def _is_asked(self, name: str) -> bool:
        """Whether the question has all words of a name."""
        stems = stems_of(name)
        return bool(stems) and stems <= self._asked

    def beside(self, found: Sequence[tuple[int, Link]], kind: LinkKind) -> list[tuple[int, Link]]:
        """What else is named on the lines of these links: of a table of routes, the function that handles the route."""
        if not found:
            return []
        lines = {(number, link.line): link.score for number, link in found}
        links = self.store.links_of(list(dict.fromkeys(number for number, _ in found)))
        return [
            (number, replace(each, score=each.score * lines[number, each.line]))
            for number, of in links.items()
            for each in of
            if each.kind is kind and (number, each.line) in lines
        ]

    def _understand(self, named: Sequence[int]) -> None:
        """Who asks what a ticket touches means what its title says: of a commit's many files, those that fit that."""
        self.load(named)
        titles = [
            chunk.signature.rpartition(" (")[0] for number in named if (chunk := self._chunks[number]) is not None
        ]
        least = min(self._weights.values(), default=1.0)
        for term in content_terms(" ".join(titles)):
            self._weights.setdefault(term, least)


def _without_ids(resolved: Resolved) -> dict[str, float]:
    """What the words of a question weigh, without the numbers of what it names: those are in everything about it."""
    ids = {term for name in named_records(resolved) for term in content_terms(name)}
    return {term: weight for term, weight in resolved.weights.items() if term not in ids}
