"""From a function to what it calls, and to who calls it: so an endpoint leads to its table, and a table to its screens.

Nothing of this is stored. Names are looked up, and what has a name that many things have leads nowhere.

Invariant: reads the index and nothing else; how much is looked at is bounded by counts.
"""

from __future__ import annotations

import re

from surefoot.domain import Chunk, Source, SymbolKind
from surefoot.retrieve.rerank import is_side_code
from surefoot.retrieve.seen_chunks import SeenChunks
from surefoot.words import folded

Neighbour = tuple[int, float]

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
        text = chunk.text if lines is None else "\n".join(chunk.text.split("\n")[lines.start : lines.stop])
        names = list(dict.fromkeys(_CALLED.findall(text)))[:MOST_CALLS]
        found: list[Neighbour] = []
        for name in names:
            meant = self._store.few_symbols(folded(name), FEW) if name != chunk.symbol else []
            meant = [each for each in meant if each[0].kind in CALLABLE and not is_side_code(each[0].span.path)]
            found += [(self._seen.meaning(number, symbol, CALLS), CALLS / len(meant)) for symbol, number in meant]
        return found

    def to_chunk(self, number: int, chunk: Chunk) -> list[Neighbour]:
        """Who calls the function that a chunk defines."""
        name = chunk.symbol.rpartition(".")[2]
        own = self._store.few_symbols(folded(name), FEW) if len(name) >= SHORTEST else []
        if chunk.kind not in CALLABLE or not own:
            return []
        call = re.compile(rf"(?<![\w.]){re.escape(name)}\(|\.{re.escape(name)}\(")
        holding = [other for other in self._store.chunk_ids_with(name.lower(), MOST_HOLDING) if other != number]
        self._seen.load(holding)
        found = [other for other in holding if self._calls(other, call)]
        return [(other, CALLED_BY / len(own)) for other in found] if len(found) <= MOST_CALLERS else []

    def _calls(self, number: int, call: re.Pattern[str]) -> bool:
        """Whether code that is no test has such a call; what is meant of it is the function around the call."""
        chunk = self._seen.chunk(number)
        if chunk is None or chunk.source is not Source.CODE or is_side_code(chunk.span.path):
            return False
        match = call.search(chunk.text)
        if match is not None:
            self._seen.point_at_line(number, chunk.text.count("\n", 0, match.start()), CALLED_BY)
        return match is not None
