"""From a function to what it calls, and to who calls it: so an endpoint leads to its table, and a table to its screens.

Nothing of this is stored. Names are looked up, and what has a name that many things have leads nowhere.

Invariant: reads the index and nothing else; how much is looked at is bounded by counts.
"""

from __future__ import annotations

import re

from surefoot.domain import Chunk, Source, SymbolKind
from surefoot.retrieve.rerank import is_side_code
from surefoot.retrieve.seen_chunks import Neighbour, SeenChunks
from surefoot.words import folded

CALLS = 0.8  # of the strength, for a function that another one calls
CALLED_BY = 0.7  # and for one that calls it
MOST_CALLS = 12  # of a chunk that are looked up
MOST_CALLERS = 8  # a function that more chunks call is a tool of all of them
MOST_HOLDING = 40  # chunks that hold the name, among which they are
FEW = 4  # definitions that a name may have
SHORTEST = 4  # characters of a name that is looked for in texts
CALLABLE = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CLASS, SymbolKind.CONSTRUCTOR})

_CALLED = re.compile(r"(?<![\w@])([A-Za-z_]\w{2,60})\(")


class Calls:
    """Calls from and to chunks of code, for one question."""

    def __init__(self, seen: SeenChunks) -> None:
        self._seen = seen
        self._store = seen.store

    def from_chunk(self, chunk: Chunk, lines: range | None) -> list[Neighbour]:
        """What a chunk calls, or the lines of it that are meant."""
        defined = self._defined_in(chunk)
        names: dict[str, None] = {}
        for line, text in enumerate(chunk.text.split("\n")):
            if lines is None or line in lines:
                names |= dict.fromkeys(name for name in _CALLED.findall(text) if (name, line) not in defined)
        found: list[Neighbour] = []
        for name in list(names)[:MOST_CALLS]:
            meant = self._store.few_symbols(folded(name), FEW)
            meant = [each for each in meant if each[0].kind in CALLABLE and not is_side_code(each[0].span.path)]
            found += [(self._seen.meaning(number, symbol, CALLS), CALLS / len(meant)) for symbol, number in meant]
        return found

    def to_chunk(self, number: int, chunk: Chunk) -> list[Neighbour]:
        """Who calls the function that a chunk defines."""
        name = chunk.symbol.rpartition(".")[2]
        own = self._store.few_symbols(folded(name), FEW) if len(name) >= SHORTEST else []
        if chunk.kind not in CALLABLE or not own:
            return []
        holding = [other for other in self._store.chunk_ids_with(name.lower(), MOST_HOLDING) if other != number]
        lines = {other: self._call_of(name, held) for other, held in self._store.chunks(holding).items()}
        found = {other: line for other, line in lines.items() if line >= 0}
        if len(found) > MOST_CALLERS:
            return []
        self._seen.load(found)
        for other, line in found.items():  # what is meant of each is the function around the call
            self._seen.point_at_line(other, line, CALLED_BY)
        return [(other, CALLED_BY / len(own)) for other in found]

    def _call_of(self, name: str, chunk: Chunk) -> int:
        """The line of the first call of that name in code that is no test, counted from 0; -1 where there is none."""
        if chunk.source is not Source.CODE or is_side_code(chunk.span.path) or f"{name}(" not in chunk.text:
            return -1
        defined = self._defined_in(chunk)
        call = re.compile(rf"(?<!\w){re.escape(name)}\(")
        lines = enumerate(chunk.text.split("\n"))
        return next((line for line, text in lines if call.search(text) and (name, line) not in defined), -1)

    def _defined_in(self, chunk: Chunk) -> frozenset[tuple[str, int]]:
        """The names that a chunk defines, each with its line, counted from 0: there it looks like a call."""
        inside = self._store.symbols_within(chunk.span)
        return frozenset((each.name, each.name_line - chunk.span.start) for each in inside)
