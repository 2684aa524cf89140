"""From a chunk to what it names: tickets, commits, files, definitions, operations.

Invariant: a target that is not there leads nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from surefoot.domain import Chunk, Link, LinkKind, Source, Symbol, SymbolKind
from surefoot.links.keys import name_of, symbol_key
from surefoot.links.operations import ANY, METHODS, handler_names
from surefoot.readings.commits import touched_in
from surefoot.retrieve.calls import Calls
from surefoot.retrieve.class_routes import ClassRoutes
from surefoot.retrieve.files_meant import files_meant
from surefoot.retrieve.records import tickets
from surefoot.retrieve.seen_chunks import Neighbour, SeenChunks
from surefoot.store.database import IndexStore
from surefoot.words import folded

FEW = 4  # neighbours of one kind that each count in full; of more, each counts for less
MOST_LINKS = 60  # of one chunk that are followed
MOST_DEFINITIONS = 6  # of a name; one that stands for more things says nothing about any of them
MOST_FILES = 8  # of a commit that are followed: those whose names fit the question best
WHOLE_FILE = 0.7  # for the best part of a touched file where no function is named
ANY_METHOD = 0.8  # for an operation whose method is not said
SIGNPOST = 0.4  # for a table of routes, which says who handles an operation and does nothing itself
HANDLER = 0.7  # for a function that is called as those are that handle an operation
# A word of prose that is also a heading or a key of data means neither.
NOT_MEANT = frozenset({SymbolKind.STRING, SymbolKind.KEY, SymbolKind.EVENT, SymbolKind.FILE})


class NamedThings:
    """What chunks name, for one question."""

    def __init__(self, seen: SeenChunks, asked: frozenset[Source]) -> None:
        self._seen = seen
        self._store = seen.store
        self._asked = asked
        self._calls = Calls(seen)
        self._class_routes = ClassRoutes(seen.store)
        self._files: dict[str, list[str]] = {}  # that each path means

    def of(self, chunk: Chunk, record: Sequence[int]) -> Iterator[list[Neighbour]]:
        """What a chunk names, and the record that it is a part of, kind by kind."""
        lines = self._seen.meant_lines(record[0])
        if self._seen.drawn(chunk):
            every = self._seen.links_of(record[0], chunk)
        else:
            every = [link for of in self._store.links_of(record).values() for link in of]
        links = [link for link in every if lines is None or link.line in lines][:MOST_LINKS]
        if chunk.source is Source.CODE:
            links = self._class_routes.whole(chunk, links)
        by_kind: dict[LinkKind, list[Link]] = {}
        for link in links:
            by_kind.setdefault(link.kind, []).append(link)
        yield self._tickets(by_kind.get(LinkKind.TICKET, []))
        yield self._commits(by_kind.get(LinkKind.COMMIT, []))
        yield self._operations(by_kind.get(LinkKind.OPERATION, []))
        yield self._sharing(LinkKind.URL, {link.target: link.score for link in by_kind.get(LinkKind.URL, [])})
        if chunk.source is Source.COMMITS:
            yield self._touched(record)
        else:
            yield self._paths(by_kind.get(LinkKind.PATH, []), by_kind.get(LinkKind.SYMBOL, []))
            yield self._definitions(by_kind.get(LinkKind.SYMBOL, []))
        if chunk.source is Source.CODE and Source.DESIGNS in self._asked:
            yield self._calls.from_chunk(chunk, lines)
            yield self._calls.to_chunk(record[0], chunk)

    def _tickets(self, links: Sequence[Link]) -> list[Neighbour]:
        return [(chunk, link.score) for link in links for _, chunk in tickets(self._seen.index, link.target)]

    def _commits(self, links: Sequence[Link]) -> list[Neighbour]:
        paths = ((path, link.score) for link in links for path in self._store.commits(link.target, 2))
        return [(number, score) for path, score in paths for number in self._store.chunk_ids(path)[:1]]

    def _operations(self, links: Sequence[Link]) -> list[Neighbour]:
        """Who describes, handles or calls the same operation; a route may not say its method, nor a call all of it."""
        scores: dict[str, float] = {}
        handlers: list[Link] = []
        for link in links:
            method, space, path = link.target.partition(" ")
            others = [] if not space else [ANY] if method != ANY else METHODS
            scores |= {f"{other} {path}": ANY_METHOD * link.score for other in others}
            scores[link.target] = link.score
            names = () if space else handler_names(link.target)
            handlers += [Link(LinkKind.SYMBOL, symbol_key(name), link.line, HANDLER * link.score) for name in names]
        found = self._seen.naming(LinkKind.OPERATION, scores) + self._in_classes(scores)
        named = self._seen.beside(found, LinkKind.SYMBOL)
        tables = {number for number, _ in named if self._is_code(number)}
        there = [(number, link.score * (SIGNPOST if number in tables else 1.0)) for number, link in found]
        return there + self._definitions([*handlers, *(link for _, link in named)])

    def _in_classes(self, scores: Mapping[str, float]) -> list[tuple[int, Link]]:
        found = self._class_routes.handling(scores)
        self._seen.point_at(found)
        return [(number, replace(link, score=link.score * scores[link.target])) for number, link in found]

    def _is_code(self, number: int) -> bool:
        chunk = self._seen.chunk(number)
        return chunk is not None and chunk.source is Source.CODE

    def _sharing(self, kind: LinkKind, scores: Mapping[str, float]) -> list[Neighbour]:
        """Who names the same thing, which is nowhere itself: an operation, a page."""
        return [(number, link.score) for number, link in self._seen.naming(kind, scores)]

    def _touched(self, record: Sequence[int]) -> list[Neighbour]:
        """The functions that a commit touched, and the best part of the files of which it names none."""
        self._seen.load(record)
        texts = (chunk.text for number in record if (chunk := self._seen.chunk(number)) is not None)
        touched = [each for text in texts for each in touched_in(text)]
        crowd = min(1.0, (MOST_FILES / max(1, len(touched))) ** 0.5)  # of those that are not followed
        touched.sort(key=lambda each: -self._seen.fits_words(each.path, *each.functions))
        found: list[Neighbour] = []
        for each in touched[:MOST_FILES]:
            for path in self._files_meant(each.path):
                inside = self._functions(path, each.functions) or self._best_of_file(path, WHOLE_FILE)
                found += [(number, score * crowd) for number, score in inside]
        return found

    def _functions(self, path: str, names: Sequence[str]) -> list[Neighbour]:
        wanted = list(dict.fromkeys(name_of(symbol_key(name)) for name in names))
        held = self._store.symbols_named_in(path, wanted, MOST_DEFINITIONS) if wanted else []
        return [(self._seen.meaning(number, symbol), 1.0) for symbol, number in held]

    def _paths(self, links: Sequence[Link], names: Sequence[Link]) -> list[Neighbour]:
        """The files that are named: what else their line names of them, or the part that fits best."""
        found: list[Neighbour] = []
        for link in links:
            beside = [name.target for name in names if name.line == link.line]
            for path in self._files_meant(link.target):
                inside = self._functions(path, beside)
                found += [(number, link.score) for number, _ in inside]
                found += [] if inside else self._best_of_file(path, link.score * WHOLE_FILE)
        return found

    def _files_meant(self, path: str) -> list[str]:
        known = self._files.get(path)
        if known is None:
            known = self._files[path] = files_meant(self._seen.index, path)
        return known

    def _best_of_file(self, path: str, score: float) -> list[Neighbour]:
        best = self._seen.best_of_file(path)
        return [] if best is None else [(best, score)]

    def _definitions(self, links: Sequence[Link]) -> list[Neighbour]:
        found: list[Neighbour] = []
        for link in links:
            meant = definitions_meant(self._store, link)
            found += [
                (self._seen.meaning(chunk, symbol, link.score), link.score / len(meant) ** 0.5)
                for symbol, chunk in meant
            ]
        return found


def definitions_meant(store: IndexStore, link: Link) -> list[tuple[Symbol, int]]:
    """What a name in prose may mean: where it is written with its class, that one's if there is one."""
    container, _, name = link.target.rpartition(".")
    every = [each for each in store.few_symbols(name, MOST_LINKS) if each[0].kind not in NOT_MEANT]
    inside = [each for each in every if container and folded(each[0].container.rpartition(".")[2]) == container]
    found = inside or every
    return found if len(found) <= MOST_DEFINITIONS else []
