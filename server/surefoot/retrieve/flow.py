"""Along a flow: from a screen down to the table that it writes, and from a table up to the screens that do.

What hangs together in all directions is `link`'s task. A flow has one direction: a screen calls a client, that an
operation, the operation has a handler, the handler a service, this a table; or all of it backwards. So nothing is
reached by going down and up again, which would be whatever shares a helper.

Invariant: reads the index and nothing else; how much is looked at is bounded by counts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from surefoot.domain import Chunk, ChunkKey, Link, LinkKind, Ranking, Resolved, Scope, Source, Symbol
from surefoot.links.found import USED
from surefoot.links.keys import name_of, own_key, symbol_key
from surefoot.links.operations import handler_names, operation_keys
from surefoot.retrieve.calls import CALLED_BY, TYPES, Calls
from surefoot.retrieve.class_routes import ClassRoutes
from surefoot.retrieve.messages import Messages
from surefoot.retrieve.named_things import HANDLER, NOT_MEANT, definitions_meant
from surefoot.retrieve.rerank import Candidate, is_side_code
from surefoot.retrieve.root_index import RootIndex
from surefoot.retrieve.seen_chunks import MOST_NAMING, SeenChunks
from surefoot.retrieve.text_neighbours import Reached, TextNeighbours
from surefoot.store.links import AT_ONCE
from surefoot.words import folded

LOOKED_AT = 16  # hits among which those that are code or a design are followed
ANCHORS = 10
LATER = 0.08  # of the strength of the first, that each later one has less
STEPS = 6  # screen, client, handler, service, repository, table, and one to spare
DECAY = 0.9  # of a step
FEW = 3  # ways on that each count in full
HANDED = 0.7  # of the strength, for who takes a message, and for who makes it
BARE = 0.7  # the share of the strength for being reached, the rest for fitting the question
WEAKEST = 0.01
SURE = 0.75  # share of a call below which it counts less where its name is a common word
COMMON = 8  # chunks that hold such a name
MOST_COUNTED = 20
MOST_FOLLOWED = 24  # definitions in each direction
MOST_HANDED = 16  # and further ones, of which only messages are followed
MOST_OF_SCREEN = 8  # chunks of a file that is one screen
BUILT = frozenset({Source.CODE, Source.DESIGNS})
SCREENS = frozenset({"vue", "svelte", "tsx", "html"})


class Node(NamedTuple):
    """A chunk, or the definition in it that has this folded name, or the text that has this key."""

    chunk: int
    name: str = ""


Way = tuple[Node, float]  # and how much of the strength gets there
Step = Callable[[Node, Chunk], Iterator[list[Way]]]


class Direction(NamedTuple):
    """Down or up: every step, and that along messages alone."""

    every: Step
    handed: Step


def flow(index: RootIndex, resolved: Resolved, ranked: Sequence[Candidate], scope: Scope) -> Ranking:
    """What the flows lead to that the first hits are part of, the strongest first."""
    first = [hit for hit in ranked[:LOOKED_AT] if hit.key.root == index.root.path and _is_part(hit.chunk)]
    shown = {hit.key.chunk_id for hit in ranked[: resolved.query.k]}
    reached = Flow(index, resolved).from_chunks([hit.key.chunk_id for hit in first[:ANCHORS]], shown)
    inside = index.store.in_scope(list(reached)[:AT_ONCE], scope)
    ordered = sorted(((n, s) for n, s in reached.items() if n in inside), key=lambda item: (-item[1], item[0]))
    return Ranking("flow", tuple((ChunkKey(index.root.path, number), strength) for number, strength in ordered))


def _is_part(chunk: Chunk) -> bool:
    """Code and designs; a decision says why and is no step of a flow."""
    return chunk.source in BUILT and not own_key(chunk.symbol)


class Flow:
    """Where flows lead, for one question. Not to be shared between threads."""

    def __init__(self, index: RootIndex, resolved: Resolved) -> None:
        self.seen = SeenChunks(index, resolved)
        self._store = index.store
        self._calls = Calls(self.seen)
        self._messages = Messages(self.seen)
        self._routes = ClassRoutes(index.store)
        self._texts = TextNeighbours(self.seen, resolved)
        self._inside: dict[int, list[Symbol]] = {}
        self._common: dict[str, int] = {}

    def from_chunks(self, anchors: Sequence[int], shown: Collection[int] = ()) -> dict[int, float]:
        """What flows lead to from these chunks: more where several lead there, as to the middle of it.

        That one of the shown chunks leads to its own file says nothing: which of them are on a flow is what others say.
        """
        self.seen.load(anchors)
        missing: dict[int, float] = {}
        for direction in (Direction(self._down, self._handed_down), Direction(self._up, self._handed_up)):
            ways: dict[Node, list[Way]] = {}
            for place, number in enumerate(anchors):
                begin = Node(number, self._asked_for(number))
                for chunk, strength in self._walk(begin, 1 - LATER * place, direction, ways).items():
                    if number not in shown or not self._is_beside(chunk, number):
                        missing[chunk] = missing.get(chunk, 1.0) * (1 - strength)
        return {number: 1 - share for number, share in missing.items()}

    def _is_beside(self, number: int, other: int) -> bool:
        one, two = self.seen.chunk(number), self.seen.chunk(other)
        return one is not None and two is not None and one.span.path == two.span.path

    def _walk(
        self, begin: Node, strength: float, direction: Direction, ways: dict[Node, list[Way]]
    ) -> dict[int, float]:
        """What one hit leads to in one direction. `ways` are those that are known."""
        reached, edge = {begin: strength}, {begin: strength}
        for _ in range(STEPS):
            further: dict[Node, float] = {}
            for node, strong in edge.items():
                if node not in ways:
                    step = direction.every if len(ways) < MOST_FOLLOWED else direction.handed
                    is_near = len(ways) < MOST_FOLLOWED + MOST_HANDED
                    ways[node] = list(self._ways(node, step)) if is_near else []
                for other, share in ways[node]:
                    reaches = strong * share * DECAY
                    if reaches >= WEAKEST and reaches > reached.get(other, 0.0):
                        reached[other] = further[other] = reaches
            edge = further
        best: dict[int, float] = {}
        for node, strong in reached.items():
            best[node.chunk] = max(strong, best.get(node.chunk, 0.0))
        return best

    def _ways(self, node: Node, step: Step) -> Iterator[Way]:
        """Where it goes on, and the share of the strength that each gets: of many each gets less."""
        for of in self._whole_screen(node):
            chunk = self.seen.chunk(of.chunk)
            for group in step(of, chunk) if chunk is not None else ():
                best: dict[Node, float] = {}
                for other, score in group:
                    best[other] = max(best.get(other, 0.0), score)
                self.seen.load(other.chunk for other in best)
                kept = {other: score for other, score in best.items() if self._is_on_a_way(other)}
                crowd = min(1.0, (FEW / len(kept)) ** 0.5) if kept else 1.0
                for other, score in kept.items():
                    yield other, score * crowd * (BARE + (1 - BARE) * self.seen.fit(other.chunk))

    def _is_on_a_way(self, node: Node) -> bool:
        chunk = self.seen.chunk(node.chunk)
        return chunk is not None and _is_part(chunk) and not is_side_code(chunk.span.path)

    def _whole_screen(self, node: Node) -> Sequence[Node]:
        """A screen is all of its file: what its button does stands in another part than the button."""
        chunk = self.seen.chunk(node.chunk)
        if chunk is None or chunk.language not in SCREENS:
            return (node,)
        numbers = self._store.chunk_ids(chunk.span.path)[:MOST_OF_SCREEN]
        self.seen.load(numbers)
        return [Node(number) for number in numbers]

    def _down(self, node: Node, chunk: Chunk) -> Iterator[list[Way]]:
        links, is_code = self._links(node, chunk), chunk.source is Source.CODE
        used = [each for each in links if each.kind is LinkKind.OPERATION and (not is_code or each.score <= USED)]
        yield self._handlers(used)
        yield [way for link in links if link.kind is LinkKind.SYMBOL for way in self._definitions(link)]
        if is_code:
            called = self._calls.called(chunk, self._lines(node, chunk))
            yield [
                (Node(number, folded(symbol.name)), self._sure(folded(symbol.name), share / few))
                for number, symbol, share, few in called
            ]
            yield from self._handed_down(node, chunk)
            yield self._nodes(self._texts.shown_by(node.chunk, chunk, node.name))
            yield self._nodes(self._texts.read_in(chunk, self._lines(node, chunk)))

    def _up(self, node: Node, chunk: Chunk) -> Iterator[list[Way]]:
        links, is_code = self._links(node, chunk), chunk.source is Source.CODE
        served = [each for each in links if each.kind is LinkKind.OPERATION and not (is_code and each.score <= USED)]
        names = self._names(node, chunk)
        named = self._naming_names(names)
        beside = self.seen.beside(named, LinkKind.OPERATION)
        tables = {number for number, _ in beside if self._is_code(number)}
        served += [link for _, link in beside]
        yield self._users(served)
        yield [(self._at(number, link.line), link.score) for number, link in named if number not in tables]
        if is_code:
            for name in names:
                yield self._callers(self._calls.calling(chunk, name))
            yield self._nodes(self._texts.caused_by(node.chunk, chunk, node.name))
            yield from self._handed_up(node, chunk)
            if self._is_type(node, chunk):
                yield self._callers(self._calls.using(chunk.symbol.rpartition(".")[2], chunk.span.path))

    def _nodes(self, reached: Sequence[Reached]) -> list[Way]:
        return [
            (Node(each.chunk, each.key) if each.key else self._at(each.chunk, each.line), each.share)
            for each in reached
        ]

    def _handed_down(self, node: Node, chunk: Chunk) -> Iterator[list[Way]]:
        """Who takes the messages that a node makes, or is."""
        own = [each.name for each in self._of_node(node, chunk) if each.kind in TYPES]
        for name in dict.fromkeys([*own, *self._messages.made_in(chunk, self._lines(node, chunk))]):
            takers = self._messages.takers(name, chunk.span.path)
            yield [(Node(number, folded(symbol.name)), HANDED) for number, symbol in takers]

    def _handed_up(self, node: Node, chunk: Chunk) -> Iterator[list[Way]]:
        """The messages that a node takes, and who makes them."""
        for symbol in self._of_node(node, chunk):
            for message, number in self._messages.taken_by(symbol, chunk):
                yield [(Node(number, folded(message.name)), HANDED)]
                makers = self._messages.makers(message)
                yield [(self._at(maker, line), HANDED) for maker, line in makers.items()]

    def _of_node(self, node: Node, chunk: Chunk) -> list[Symbol]:
        """The definitions that a node is, with what stands in them: of a whole chunk all of them."""
        inside = self._symbols(node.chunk, chunk)
        meant = [each.span for each in inside if node.name in ("", folded(each.name))]
        return [each for each in inside if any(span.contains(each.span) for span in meant)]

    def _sure(self, name: str, share: float) -> float:
        """What only a name explains is less sure where many chunks hold that word."""
        if share >= SURE or not name:
            return share
        known = self._common.get(name)
        if known is None:
            known = self._common[name] = len(self._store.chunk_ids_with(name, MOST_COUNTED))
        return share * min(1.0, COMMON / max(1, known))

    def _callers(self, calling: Mapping[int, int]) -> list[Way]:
        self.seen.load(calling)
        nodes = [self._at(number, line) for number, line in calling.items()]
        return [(node, self._sure(node.name, CALLED_BY)) for node in nodes]

    @staticmethod
    def _is_type(node: Node, chunk: Chunk) -> bool:
        return chunk.kind in TYPES and node.name in ("", folded(chunk.symbol.rpartition(".")[2]))

    def _links(self, node: Node, chunk: Chunk) -> list[Link]:
        lines = self._lines(node, chunk)
        every = self.seen.links_of(node.chunk, chunk)
        links = [each for each in every if lines is None or each.line in lines]
        return self._routes.whole(chunk, links) if chunk.source is Source.CODE else links

    def _handlers(self, links: Sequence[Link]) -> list[Way]:
        keys = _keys(links)
        if not keys:
            return []
        found = self._store.naming(LinkKind.OPERATION, keys, MOST_NAMING)
        found += self._routes.handling([link.target for link in links])
        self.seen.load(number for number, _ in found)
        serving = [each for each in found if self._is_code(each[0]) and each[1].score > USED]
        tables = self.seen.beside(serving, LinkKind.SYMBOL)
        routed = {number for number, _ in tables}
        ways = [(self._at(number, link.line), 1.0) for number, link in serving if number not in routed]
        called = [Link(LinkKind.SYMBOL, symbol_key(name), 0, HANDLER) for key in keys for name in handler_names(key)]
        return ways + [way for link in (*called, *(link for _, link in tables)) for way in self._definitions(link)]

    def _users(self, links: Sequence[Link]) -> list[Way]:
        found = self._naming(links)
        return [(self._at(n, link.line), 1.0) for n, link in found if self._is_code(n) and link.score <= USED]

    def _naming(self, links: Sequence[Link]) -> list[tuple[int, Link]]:
        keys = _keys(links)
        found = self._store.naming(LinkKind.OPERATION, keys, MOST_NAMING) if keys else []
        self.seen.load(number for number, _ in found)
        return found

    def _naming_names(self, names: Sequence[str]) -> list[tuple[int, Link]]:
        """Code and designs that name what a chunk defines: the table, the entity, the document of a query."""
        keys = [key for name in names for key in (symbol_key(name), name_of(symbol_key(name)))]
        found = self._store.naming(LinkKind.SYMBOL, keys, MOST_NAMING) if keys else []
        self.seen.load(number for number, _ in found)
        return found

    def _definitions(self, link: Link) -> list[Way]:
        meant = definitions_meant(self._store, link)
        return [(Node(number, folded(symbol.name)), link.score / len(meant) ** 0.5) for symbol, number in meant]

    def _asked_for(self, number: int) -> str:
        """The definition in a chunk of several that fits the question best, if one does."""
        chunk = self.seen.chunk(number)
        if chunk is None or chunk.source is not Source.CODE:
            return ""
        fits = {each.name: self.seen.fits_words(each.name) for each in self._symbols(number, chunk)}
        best = max(fits, key=lambda name: fits[name], default="")
        return folded(best) if best and fits[best] > 0 and list(fits.values()).count(fits[best]) == 1 else ""

    def _symbols(self, number: int, chunk: Chunk) -> list[Symbol]:
        known = self._inside.get(number)
        if known is None:
            known = self._inside[number] = self._store.symbols_within(chunk.span)
        return known

    def _at(self, number: int, line: int) -> Node:
        """The innermost definition at a line of a chunk, counted from 0."""
        chunk = self.seen.chunk(number)
        if chunk is None or chunk.source is not Source.CODE:
            return Node(number)
        place = chunk.span.start + line
        holding = [each for each in self._symbols(number, chunk) if each.span.start <= place <= each.span.end]
        smallest = min(holding, key=lambda each: each.span.end - each.span.start, default=None)
        return Node(number, folded(smallest.name) if smallest is not None else "")

    def _lines(self, node: Node, chunk: Chunk) -> range | None:
        """The lines of a node in its chunk, counted from 0; None where that is all of it."""
        meant = [each for each in self._symbols(node.chunk, chunk) if node.name and folded(each.name) == node.name]
        if len(meant) != 1 or meant[0].span == chunk.span:
            return None
        return range(meant[0].span.start - chunk.span.start, meant[0].span.end - chunk.span.start + 1)

    def _names(self, node: Node, chunk: Chunk) -> list[str]:
        """The names of what a node is, each with its container."""
        inside = self._symbols(node.chunk, chunk)
        meant = [each.qualified_name for each in inside if node.name and folded(each.name) == node.name]
        return list(dict.fromkeys(meant)) or ([chunk.symbol] if chunk.symbol and chunk.kind not in NOT_MEANT else [])

    def _is_code(self, number: int) -> bool:
        chunk = self.seen.chunk(number)
        return chunk is not None and chunk.source is Source.CODE


def _keys(links: Sequence[Link]) -> list[str]:
    return list(dict.fromkeys(key for link in links for key in operation_keys(link.target)))
