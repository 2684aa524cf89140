"""From a function to what it calls, and to who calls it: so an endpoint leads to its table, and a table to its screens.

Nothing of this is stored. Names are looked up; of several things of one name those are meant that the type of what the
call is made on has, and what still has a name that many things have leads nowhere.

Invariant: reads the index and nothing else; how much is looked at is bounded by counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from surefoot.domain import Chunk, Source, Span, Symbol, SymbolKind
from surefoot.retrieve.receivers import Call, calls_in, declared_types, declared_with, is_alike
from surefoot.retrieve.rerank import is_side_code
from surefoot.retrieve.seen_chunks import Neighbour, SeenChunks
from surefoot.syntax.languages import language_of
from surefoot.words import folded

CALLS = 0.8  # of the strength, for a function that another one calls
CALLED_BY = 0.7  # and for one that calls it
# How sure it is what a call means, and that it is a step of the flow and no detail.
TYPED = 1.0  # on a field, a parameter or a variable whose type is declared
OWN = 0.9  # of the same file
ALIKE = 0.8  # on what is called like the class
LOOSE = 0.6  # by its name alone
OF_RESULT = 0.5  # on what another call returned
STATIC = 0.4  # on a class: a helper, mostly
USES = 0.6  # for the class on which something is called that it does not define itself: `save` of a repository
MOST_CALLS = 12  # of a chunk that are looked up
MOST_CALLERS = 8  # a function that more chunks call is a tool of all of them
MOST_HOLDING = 40  # chunks that hold the name, among which they are
FEW = 4  # definitions that a name may have, once it is said on what it is called
MOST_OF_NAME = 24  # definitions of a name among which those are
MOST_OF_FILE = 40  # chunks of a file in which types are looked for
SHORTEST = 4  # characters of a name that is looked for in texts
CALLABLE = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CLASS, SymbolKind.CONSTRUCTOR})
TYPES = frozenset({SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT})

# Languages that call each other; every other one calls its own alone.
_FAMILIES = MappingProxyType({
    **dict.fromkeys(("javascript", "typescript", "tsx", "vue", "svelte", "html"), "web"),
    **dict.fromkeys(("java", "kotlin", "scala"), "jvm"),
    **dict.fromkeys(("c", "cpp"), "c"),
})  # fmt: skip


class Calls:
    """Calls from and to chunks of code, for one question."""

    def __init__(self, seen: SeenChunks) -> None:
        self._seen = seen
        self._store = seen.store
        self._texts: dict[str, str] = {}
        self._types: dict[tuple[str, str], list[str]] = {}
        self._named: dict[str, list[tuple[Symbol, int]]] = {}
        self._calls: dict[Span, list[Call]] = {}
        self._defined: dict[Span, frozenset[tuple[str, int]]] = {}

    def from_chunk(self, chunk: Chunk, lines: range | None) -> list[Neighbour]:
        """What a chunk calls, or the lines of it that are meant."""
        called = self.called(chunk, lines)
        return [(self._seen.meaning(number, symbol, CALLS), CALLS / few) for number, symbol, _, few in called]

    def called(self, chunk: Chunk, lines: range | None) -> list[tuple[int, Symbol, float, int]]:
        """The definitions that are called there: chunk, symbol, how much that is worth, and of how many it is one."""
        defined = self._defined_in(chunk)
        calls: dict[tuple[str, str], Call] = {}
        for call in self._calls_in(chunk):
            if (lines is None or call.line in lines) and (call.name, call.line) not in defined:
                calls.setdefault((call.name, call.on), call)
        found: list[tuple[int, Symbol, float, int]] = []
        followed = 0
        for call in calls.values():
            meant, share = self._meant(call, chunk.span.path)
            found += [(number, symbol, share, len(meant)) for symbol, number in meant]
            followed += bool(meant)
            if followed >= MOST_CALLS:
                break
        return found

    def to_chunk(self, number: int, chunk: Chunk) -> list[Neighbour]:
        """Who calls the function that a chunk defines."""
        calling = self.calling(chunk, chunk.symbol) if chunk.kind in CALLABLE else {}
        found = {other: line for other, line in calling.items() if other != number}
        self._seen.load(found)
        for other, line in found.items():  # what is meant of each is the function around the call
            self._seen.point_at_line(other, line, CALLED_BY)
        return [(other, CALLED_BY) for other in found]

    def calling(self, chunk: Chunk, symbol: str) -> dict[int, int]:
        """The chunks that call one of the functions that a chunk defines, each with the line, counted from 0."""
        name = symbol.rpartition(".")[2]
        if len(name) < SHORTEST or not self._definitions(name):
            return {}
        holding = self._store.chunk_ids_with(name.lower(), MOST_HOLDING)
        lines = {other: self._call_of(name, chunk, held) for other, held in self._store.chunks(holding).items()}
        found = {other: line for other, line in lines.items() if line >= 0}
        return found if len(found) <= MOST_CALLERS else {}

    def _call_of(self, name: str, chunk: Chunk, held: Chunk) -> int:
        """The line of the first call of a chunk's function in code that is no test, from 0; -1 where there is none."""
        if held.source is not Source.CODE or is_side_code(held.span.path) or f"{name}(" not in held.text:
            return -1
        for call in self._calls_in(held):
            if call.name == name and (name, call.line) not in self._defined_in(held):
                meant, _ = self._meant(call, held.span.path)
                if any(symbol.span.path == chunk.span.path for symbol, _ in meant):
                    return call.line
        return -1

    def _meant(self, call: Call, path: str) -> tuple[Sequence[tuple[Symbol, int]], float]:
        """The definitions that a call in a file may mean, and how sure it is that it is a step and no detail."""
        family = family_of(path)
        every = [each for each in self._definitions(call.name) if family_of(each[0].span.path) == family]
        sure = OF_RESULT
        if call.is_own:
            own = [each for each in every if _stem(each[0].span.path) == _stem(path)]
            every, sure = (own, OWN) if own else (every, LOOSE)
        elif call.on:
            types = self._types_of(path, call.on)
            of_type = [each for each in every if _owner(each[0]) in types]
            classes = [] if of_type else self._classes(types, family)
            typed = STATIC if call.on[0].isupper() else TYPED
            if of_type or classes:
                return (of_type, typed) if of_type else (classes, typed * USES)
            alike = [each for each in every if is_alike(_owner(each[0]), call.on)]
            every = alike or [each for each in every if each[0].span.path != path] or every
            sure = ALIKE if alike else LOOSE
        return (every, sure) if len(every) <= FEW else ([], sure)

    def using(self, name: str, path: str) -> dict[int, int]:
        """The chunks that call something on a field of a type that a file defines, each with the first such line."""
        holding = self._store.chunk_ids_with(name.lower(), MOST_HOLDING)
        places = self._store.chunk_places(holding)
        family = family_of(path)
        paths = dict.fromkeys(
            p.span.path for p in places.values() if p.span.path != path and not is_side_code(p.span.path)
        )
        found: dict[int, int] = {}
        for other in [each for each in paths if family_of(each) == family][:MOST_CALLERS]:
            fields = declared_with(self._text_of(other), name)
            chunks = self._store.chunks(self._store.chunk_ids(other)[:MOST_OF_FILE]) if fields else {}
            for number, chunk in chunks.items():
                line = next((call.line for call in self._calls_in(chunk) if call.on in fields), -1)
                if line >= 0:
                    found[number] = line
        return found if len(found) <= MOST_CALLERS else {}

    def _classes(self, types: Sequence[str], family: str) -> list[tuple[Symbol, int]]:
        """The first of the types that is defined in these languages."""
        for name in types:
            found = [each for each in self._named_so(name) if each[0].kind in TYPES and _is_own(each[0], family)]
            if found:
                return found if len(found) <= FEW else []
        return []

    def _definitions(self, name: str) -> list[tuple[Symbol, int]]:
        """What may be called of this name, and is no test."""
        return [each for each in self._named_so(name) if each[0].kind in CALLABLE and _is_own(each[0])]

    def _named_so(self, name: str) -> list[tuple[Symbol, int]]:
        known = self._named.get(name)
        if known is None:
            known = self._named[name] = self._store.few_symbols(folded(name), MOST_OF_NAME)
        return known

    def _types_of(self, path: str, name: str) -> list[str]:
        """The types of a field, a parameter or a variable of a file; of what begins with a capital itself."""
        if name[0].isupper():
            return [name]
        known = self._types.get((path, name))
        if known is None:
            known = self._types[path, name] = declared_types(self._text_of(path), name)
        return known

    def _text_of(self, path: str) -> str:
        if path not in self._texts:
            chunks = self._store.chunks(self._store.chunk_ids(path)[:MOST_OF_FILE])
            self._texts[path] = "\n".join(chunk.text for chunk in chunks.values())
        return self._texts[path]

    def _defined_in(self, chunk: Chunk) -> frozenset[tuple[str, int]]:
        """The names that a chunk defines, each with its line, counted from 0: there it looks like a call."""
        known = self._defined.get(chunk.span)
        if known is None:
            inside = self._store.symbols_within(chunk.span)
            known = frozenset((each.name, each.name_line - chunk.span.start) for each in inside)
            self._defined[chunk.span] = known
        return known

    def _calls_in(self, chunk: Chunk) -> list[Call]:
        known = self._calls.get(chunk.span)
        if known is None:
            known = self._calls[chunk.span] = list(calls_in(chunk.text))
        return known


def _owner(symbol: Symbol) -> str:
    return symbol.container.rpartition(".")[2]


def _is_own(symbol: Symbol, family: str = "") -> bool:
    return not is_side_code(symbol.span.path) and (not family or family_of(symbol.span.path) == family)


def _stem(path: str) -> str:
    """What a template shares with the class behind it: `desk.component.html` with `desk.component.ts`."""
    return path.rpartition(".")[0]


def family_of(path: str) -> str:
    """The languages that the code of a file may call, by one name."""
    language = language_of(path, "")
    return _FAMILIES.get(language, language)
