"""Routes of which a class has the beginning and its methods have the rest, which are chunks of their own.

So it is in Spring, JAX-RS, Nest and ASP.NET: `@RequestMapping("/orders")` above the class, `@GetMapping("/{id}")` above
the method. Links are made of one chunk; what belongs together is put together here.

Invariant: a method's route is below that of the nearest class above it in its file, or it is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from surefoot.domain import Chunk, ChunkPlace, Link, LinkKind, Span
from surefoot.links.operations import BELOW, CLASS, likeness, within_classes
from surefoot.store.database import IndexStore

MOST_NAMING = (
    400  # classes with one of the beginnings, and methods with one of the rests, of which the files are compared
)
MOST_FILES = 24  # that have both, and are looked into
MOST_CHUNKS = 60  # of a file that are looked at


@dataclass(frozen=True, slots=True)
class _Begin:
    """The line of a class, what its routes begin with, in each way to write it, and the name at its chunk."""

    line: int
    targets: frozenset[str]
    owner: str


class ClassRoutes:
    """The routes of classes, for one question: each file is looked into once."""

    def __init__(self, store: IndexStore) -> None:
        self._store = store
        self._begins: dict[str, list[_Begin]] = {}

    def handling(self, keys: Iterable[str]) -> list[tuple[int, Link]]:
        """The methods that handle one of these operations: their chunks, each with the link that it would be."""
        wanted: dict[str, list[tuple[str, str]]] = {}  # what is left for a method -> operation and beginning
        for key in keys:
            for begin, rests in within_classes(key).items() if f" {BELOW}" not in key and " " in key else ():
                for rest in rests:
                    wanted.setdefault(rest, []).append((key, begin))
        begins = list(dict.fromkeys(begin for of in wanted.values() for _, begin in of))
        heads = self._placed(begins) if begins else []
        files = {place.span.path for _, _, place in heads}
        methods = [each for each in self._placed(list(wanted)) if each[2].span.path in files] if files else []
        some = frozenset(list(dict.fromkeys(place.span.path for _, _, place in methods))[:MOST_FILES])
        return [
            (number, replace(link, target=key))
            for number, link, place in methods
            if place.span.path in some
            for key, begin in wanted[link.target]
            if begin in self._above(place.span, place.symbol, link.line)
        ]

    def whole(self, chunk: Chunk, links: Sequence[Link]) -> list[Link]:
        """The links of a chunk, its routes put together with the beginning that their class has."""
        return [each for link in links for each in self._whole(chunk, link)]

    def elsewhere(self, found: Sequence[tuple[int, Link]], asked: Sequence[str]) -> frozenset[tuple[int, int]]:
        """The chunks and lines that were found by the end of a path, and have another beginning by their class."""
        places = self._store.chunk_places([number for number, _ in found]) if found else {}
        links = self._store.links_of(list(places)) if places else {}
        wrong = set[tuple[int, int]]()
        for number, place in places.items():
            for link in links.get(number, ()):
                if link.kind is LinkKind.OPERATION and f" {BELOW}" in link.target:
                    begins = self._above(place.span, place.symbol, link.line)
                    wholes = [link.target.replace(BELOW, begin.removeprefix(f"{CLASS} "), 1) for begin in begins]
                    if wholes and not any(likeness(whole, key) for whole in wholes for key in asked):
                        wrong.add((number, link.line))
        return frozenset(wrong)

    def _whole(self, chunk: Chunk, link: Link) -> Iterator[Link]:
        if link.kind is not LinkKind.OPERATION or not _is_half(link.target):
            yield link
        elif f" {BELOW}" in link.target:
            begins = self._above(chunk.span, chunk.symbol, link.line)
            if begins:
                begin = max(begins, key=len).removeprefix(f"{CLASS} ")
                yield replace(link, target=link.target.replace(f" {BELOW}", f" {begin}", 1))

    def _placed(self, targets: Sequence[str]) -> list[tuple[int, Link, ChunkPlace]]:
        found = self._store.naming(LinkKind.OPERATION, targets, MOST_NAMING)
        places = self._store.chunk_places([number for number, _ in found]) if found else {}
        return [(number, link, places[number]) for number, link in found if number in places]

    def _above(self, span: Span, symbol: str, line: int) -> frozenset[str]:
        """What the routes of the class around a line of a chunk begin with: of the nearest one above, if any."""
        above = [begin for begin in self._of_file(span.path) if begin.line <= span.start + line]
        nearest = max(above, key=lambda begin: begin.line, default=None)
        owner = symbol.partition(".")[0]
        if nearest is None or (owner and nearest.owner and owner != nearest.owner):
            return frozenset()
        return nearest.targets

    def _of_file(self, path: str) -> list[_Begin]:
        known = self._begins.get(path)
        if known is None:
            numbers = self._store.chunk_ids(path)[:MOST_CHUNKS]
            places = self._store.chunk_places(numbers)
            by_line: dict[tuple[int, str], set[str]] = {}
            for number, links in self._store.links_of(numbers).items():
                for link in links:
                    if number in places and link.target.startswith(f"{CLASS} "):
                        owner = places[number].symbol.partition(".")[0]
                        by_line.setdefault((places[number].span.start + link.line, owner), set()).add(link.target)
            known = [_Begin(line, frozenset(targets), owner) for (line, owner), targets in by_line.items()]
            self._begins[path] = known
        return known


def _is_half(target: str) -> bool:
    return f" {BELOW}" in target or target.startswith(f"{CLASS} ")
