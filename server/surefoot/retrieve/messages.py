"""From who makes a command or an event to who takes it, and back: `publish(LotSold(…))` to `def bill(event: LotSold)`.

No call joins the two: a bus, a mediator or a framework hands the message over. What joins them is its class. One makes
an object of it; another one takes it as a parameter or is registered for it by a decorator, and is called, marked or
kept as handlers are.

Invariant: reads the index and nothing else; how much is looked at is bounded by counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from surefoot.domain import Chunk, Source, Span, Symbol, SymbolKind
from surefoot.retrieve.calls import MOST_CALLERS, MOST_HOLDING, TYPES, family_of
from surefoot.retrieve.rerank import is_side_code
from surefoot.retrieve.seen_chunks import SeenChunks
from surefoot.words import folded

MOST_MADE = 12  # classes of which a function makes objects, that are followed
MOST_LOOKED_UP = 24  # names that may be such classes
MOST_TAKEN = 6  # classes that a function takes, that are looked up
MOST_TAKERS = MOST_CALLERS  # what more functions take is handed around everywhere, and is no message to any of them
MOST_CLASSES = 2  # of one name, of which each may be meant
FUNCTIONS = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD})
CONSTRUCTORS = frozenset({"__init__", "constructor"})

_CLASS = r"(?:[a-z]\w{0,60}(?:\.|::))?([A-Z]\w{2,60})"
# `LotSold(…)`, `new LotSold(…)`, `events.LotSold{…}`.
_MADE = re.compile(rf"(?<![\w@.]){_CLASS}(?:<[\w, ]{{0,80}}>)?(?:\s?\(|{{)")
_TAKEN = re.compile(rf"(?<![\w.]){_CLASS}")
# `@handles(LotSold)`, `@EventListener(LotSold.class)`.
_REGISTERED = re.compile(r"@[\w.]{1,80}\(([^()]{0,200})\)")
_COMMENT = re.compile(r"\s*(?:/|\*|#(?!\[)|--)")
# `@EventListener`, `LotHandler.handle`, `handlers.py`, `on_lot_sold`.
_HANDLES = re.compile(
    r"(?i:handle|listen|subscri|consum|observe|receiver|incoming|reactor|projection|saga)|@(?:\w{1,40}\.)?on\b|\b[oO]n(?:_|[A-Z])"
)


class Messages:
    """Messages between functions, for one question."""

    def __init__(self, seen: SeenChunks) -> None:
        self._seen = seen
        self._store = seen.store
        self._takers: dict[tuple[str, str], list[tuple[int, Symbol]]] = {}
        self._makers: dict[tuple[str, str], dict[int, int]] = {}
        self._classes: dict[tuple[str, str], list[tuple[Symbol, int]]] = {}

    def made_in(self, chunk: Chunk, lines: range | None) -> Iterator[str]:
        """The classes of which a chunk makes objects, or the lines of it that are meant."""
        written = chunk.text.split("\n")
        text = chunk.text if lines is None else "\n".join(written[lines.start : lines.stop])
        names = list(dict.fromkeys(match[1] for match in _MADE.finditer(text)))[:MOST_LOOKED_UP]
        known = [name for name in names if self._meant(name, chunk.span.path)]
        yield from known[:MOST_MADE]

    def takers(self, name: str, path: str) -> list[tuple[int, Symbol]]:
        """The functions that take messages of a class, which code of a file names, each with its chunk."""
        family = family_of(path)
        known = self._takers.get((name, family))
        if known is None:
            known = self._takers[name, family] = list(self._taking(name, family))
        return known if len(known) <= MOST_TAKERS else []

    def taken_by(self, symbol: Symbol, chunk: Chunk) -> list[tuple[Symbol, int]]:
        """The classes of the messages that a function of a chunk takes, each with its chunk."""
        return [each for name in _taken(symbol, chunk) for each in self._meant(name, symbol.span.path)]

    def makers(self, message: Symbol) -> dict[int, int]:
        """The chunks that make messages of a class, each with the first line that does, counted from 0."""
        family = family_of(message.span.path)
        known = self._makers.get((message.name, family))
        if known is None:
            lines = {number: _making(message, chunk) for number, chunk in self._holding(message.name, family)}
            known = self._makers[message.name, family] = {number: line for number, line in lines.items() if line >= 0}
        return known if len(known) <= MOST_CALLERS else {}

    def _meant(self, name: str, path: str) -> list[tuple[Symbol, int]]:
        """The classes that a name in a file may mean, each with its chunk."""
        family = family_of(path)
        known = self._classes.get((name, family))
        if known is None:
            every = self._store.few_symbols(folded(name), MOST_HOLDING)
            known = self._classes[name, family] = [
                each
                for each in every
                if each[0].name == name and each[0].kind in TYPES and _is_own(each[0].span, family)
            ]
        return known if len(known) <= MOST_CLASSES else []

    def _taking(self, name: str, family: str) -> Iterator[tuple[int, Symbol]]:
        for number, chunk in self._holding(name, family):
            may_handle = _HANDLES.search(f"{_file(chunk.span)} {chunk.symbol} {chunk.text}")
            for symbol in self._store.symbols_within(chunk.span) if may_handle else ():
                if name in _taken(symbol, chunk):
                    yield number, symbol

    def _holding(self, name: str, family: str) -> Iterator[tuple[int, Chunk]]:
        """Code of these languages that holds a name."""
        numbers = self._store.chunk_ids_with(name.lower(), MOST_HOLDING)
        self._seen.load(numbers)
        for number in numbers:
            chunk = self._seen.chunk(number)
            if chunk is not None and chunk.source is Source.CODE and _is_own(chunk.span, family) and name in chunk.text:
                yield number, chunk


def _making(message: Symbol, chunk: Chunk) -> int:
    """The first line of a chunk, from 0, that makes an object of a class; -1 where none does."""
    for number, line in enumerate(chunk.text.split("\n")):
        place = chunk.span.start + number
        is_made = any(match[1] == message.name for match in _MADE.finditer(line))
        if is_made and not message.span.contains(Span(chunk.span.path, place, place)):
            return number
    return -1


def _taken(symbol: Symbol, chunk: Chunk) -> list[str]:
    """The names of what a function takes or is registered for, if it is a handler; the first ones."""
    if symbol.kind not in FUNCTIONS or symbol.name in CONSTRUCTORS:
        return []
    before, _, behind = symbol.signature.partition(f"{symbol.name}(")
    lines = chunk.text.split("\n")[max(0, symbol.span.start - chunk.span.start) : symbol.name_line - chunk.span.start]
    marks = "\n".join([*(line for line in lines if not _COMMENT.match(line)), before])
    if not _HANDLES.search(f"{_file(symbol.span)} {symbol.qualified_name} {marks}"):
        return []
    registered = " ".join(match[1] for match in _REGISTERED.finditer(marks))
    names = dict.fromkeys(match[1] for match in _TAKEN.finditer(f"{registered} {_within(behind)}"))
    return list(names)[:MOST_TAKEN]


def _file(place: Span) -> str:
    return place.path.rpartition("/")[2]


def _within(text: str) -> str:
    """The beginning of a text, up to the bracket that closes what stands open before it."""
    depth = 1
    for position, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return text[:position]
    return text


def _is_own(place: Span, family: str) -> bool:
    return family_of(place.path) == family and not is_side_code(place.path)
