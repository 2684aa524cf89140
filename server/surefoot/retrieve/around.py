"""What stands around a symbol that is explained: who calls it, what it calls, and the tests and tickets that name it.

Invariant: every sentence stands in the lines that come with it as they are now; a call is told only where it is clear
which of several definitions it means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from surefoot.domain import Chunk, LinkKind, Query, Resolved, Source, Span, Symbol, SymbolKind, Told
from surefoot.links.keys import own_key, symbol_key
from surefoot.retrieve.calls import ALIKE, CALLABLE, STATIC, TYPED, Calls
from surefoot.retrieve.references import innermost
from surefoot.retrieve.rerank import is_side_code
from surefoot.retrieve.seen_chunks import SeenChunks
from surefoot.retrieve.usages import Telling, named_in
from surefoot.retrieve.working_tree import Definition, WorkingTree
from surefoot.syntax.languages import language_of

MOST_CALLERS = 4
MOST_CALLED = 4
MOST_TESTS = 2
MOST_TICKETS = 3
MOST_HOLDING = 60  # chunks that hold the name, among which callers are looked for
MOST_LINES = 400  # of the symbol that are looked through for calls
MOST_NAMING = 24  # links to the name
SURE = frozenset({TYPED, ALIKE, STATIC})  # of what is called on something: its type is declared, or it is called so
IMPORTS = frozenset({"python", "javascript", "typescript", "tsx", "vue", "svelte"})  # what is not imported is another

_STRING = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`")
_NOTHING_ASKED = Resolved(Query(""), (), ())
_OWN = r"(?<![\w$])(?:self|this|cls|Self)\s{0,4}(?:\.|->|::)\s{0,4}"


def around(middle: Definition, tree: WorkingTree) -> tuple[Told, ...]:
    """What the index can say of a definition beyond its own lines, each with the place that says so."""
    found = _Around(middle, tree)
    code, tests = _code_and_tests(found.callers())
    called = islice(found.called(), MOST_CALLED)
    tickets = islice(found.tickets(), MOST_TICKETS)
    return (*code[:MOST_CALLERS], *called, *tests[:MOST_TESTS], *tickets)


def callers_of(middle: Definition, tree: WorkingTree) -> Iterator[Told]:
    """Everything that calls a definition: code, then tests."""
    code, tests = _code_and_tests(_Around(middle, tree).callers())
    yield from (*code, *tests)


def called_by(middle: Definition, tree: WorkingTree) -> Iterator[Told]:
    """Everything that a definition calls."""
    return _Around(middle, tree).called()


def _code_and_tests(callers: Iterable[Told]) -> tuple[list[Told], list[Told]]:
    every = list(callers)
    tests = [told for told in every if is_side_code(told.chunk.span.path)]
    return [told for told in every if told not in tests], tests


class _Around:
    """One look around a definition."""

    def __init__(self, middle: Definition, tree: WorkingTree) -> None:
        self._index, self._symbol, self._tree = middle.index, middle.symbol, tree
        self._store = middle.index.store
        self._calls = Calls(SeenChunks(middle.index, _NOTHING_ASKED))

    def callers(self) -> Iterator[Told]:
        """Each definition that calls the symbol, with the first line that does."""
        symbol, told = self._symbol, set[tuple[str, str]]()
        if symbol.kind not in CALLABLE:
            return
        chunks = self._store.chunks(self._store.chunk_ids_with(symbol.name.lower().strip("_$"), MOST_HOLDING))
        for chunk in chunks.values():
            if chunk.source is not Source.CODE or f"{symbol.name}(" not in chunk.text:
                continue
            for caller, line in self._calling_lines(chunk):
                place = chunk.span.path, caller.qualified_name
                if place not in told and any(_is_same(each, symbol) for each in self._meant(chunk, caller, line)):
                    told.add(place)
                    yield self._call(chunk, caller, line, symbol)

    def _calling_lines(self, chunk: Chunk) -> Iterator[tuple[Symbol, int]]:
        """The lines of a chunk that may call the symbol, each with the definition around it, outside of the symbol."""
        symbols, lines = self._tree.symbols(self._index, chunk.span.path), self._lines(chunk.span)
        for line, text in enumerate(lines, chunk.span.start):
            around = innermost(symbols, line) if _calls(self._symbol.name, text) else None
            own = self._symbol.span.contains(Span(chunk.span.path, line, line))
            if around is None or own or around.name_line == line or around.kind not in CALLABLE:
                continue
            if self._is_code(around.span, line, self._symbol.name):
                yield around, line

    def called(self) -> Iterator[Told]:
        """Each definition that the symbol's lines call, with the first line that does."""
        symbol, told = self._symbol, set[tuple[str, str]]()
        if symbol.kind not in CALLABLE - {SymbolKind.CLASS}:
            return
        chunks = self._store.chunks(self._store.chunk_ids(symbol.span.path))
        for chunk in chunks.values():
            first, last = max(chunk.span.start, symbol.span.start), min(chunk.span.end, symbol.span.end)
            lines = (line for line in range(first, min(last, first + MOST_LINES) + 1) if line != symbol.name_line)
            for line in lines:
                for target in self._meant(chunk, symbol, line):
                    place = target.span.path, target.qualified_name
                    is_other = place not in told and not _is_same(target, symbol)
                    if is_other and self._is_code(symbol.span, line, target.name):
                        told.add(place)
                        yield self._call(chunk, symbol, line, target)

    def tickets(self) -> Iterator[Told]:
        """The tickets that name the symbol so that no other can be meant."""
        symbol = self._symbol
        keys = [symbol_key(symbol.qualified_name)] if symbol.container else []
        if len(self._tree.definitions(symbol.name)) == 1:
            keys.append(symbol_key(symbol.name))
        links = self._store.naming(LinkKind.SYMBOL, keys, MOST_NAMING) if keys else []
        chunks, told = self._store.chunks([number for number, _ in links]), set[str]()
        for chunk in chunks.values():
            key = own_key(chunk.symbol)
            if chunk.source is Source.TICKETS and key and key not in told and symbol.name in chunk.text:
                told.add(key)
                yield Told(f"{key} names `{symbol.name}`.", self._index.root, chunk)

    def _call(self, chunk: Chunk, caller: Symbol, line: int, target: Symbol) -> Told:
        span = Span(chunk.span.path, line, line)
        text = self._lines(span)[0]
        facts = (caller.qualified_name, caller.kind, caller.signature)
        place = Chunk(span, Source.CODE, chunk.language, text, *facts)
        return Told(f"`{caller.qualified_name}` calls `{target.name}`.", self._index.root, place)

    def _meant(self, chunk: Chunk, caller: Symbol, line: int) -> list[Symbol]:
        """What is called on a line for certain."""
        text = "".join(self._lines(Span(chunk.span.path, line, line)))
        at = line - chunk.span.start
        found = self._calls.called(chunk, range(at, at + 1))
        return [
            symbol
            for name in dict.fromkeys(symbol.name for _, symbol, _, _ in found)
            for symbol in self._certain([each[1:] for each in found if each[1].name == name], caller, text)
        ]

    def _certain(self, meant: Sequence[tuple[Symbol, float, int]], caller: Symbol, text: str) -> list[Symbol]:
        """Which of the definitions of one name is called in a line; none where that is open."""
        name, text = re.escape(meant[0][0].name), _STRING.sub("", text)
        members = [symbol for symbol, _, _ in meant if symbol.container and _is_member(caller, symbol.container)]
        if re.search(rf"{_OWN}{name}\(", text):
            return members if len(members) == 1 else []
        if re.search(rf"(?<![\w.$>:]){name}\(", text):
            plain = [symbol for symbol, _, _ in meant if not symbol.container and self._is_known(symbol, caller)]
            is_bare = language_of(caller.span.path) not in IMPORTS  # there, members are called by `self.` or `this.`
            return plain if len(plain) == 1 and not (members and is_bare) else members if is_bare else []
        made = [symbol for symbol, _, _ in meant if re.search(rf"{_made(symbol)}\.{name}\(", text)]
        return made if len(made) == 1 else [symbol for symbol, share, few in meant if few == 1 and share in SURE]

    def _is_known(self, symbol: Symbol, caller: Symbol) -> bool:
        """Whether a file knows a function of another one: one that is imported is also named without a call."""
        path = caller.span.path
        if path == symbol.span.path or language_of(path) not in IMPORTS:
            return True
        text = "\n".join(self._tree.lines(self._index, path))
        return re.search(rf"(?<![\w.$]){re.escape(symbol.name)}\b(?!\s*[(:=])", text) is not None

    def _is_code(self, around: Span, line: int, name: str) -> bool:
        """Whether a line of a definition has a name outside of comments and docstrings."""
        pattern = re.compile(rf"(?<![\w$]){re.escape(name)}\(")
        text = "\n".join(self._lines(around))
        whole = Chunk(around, Source.CODE, language_of(around.path), text)
        found = named_in(whole, name, pattern)
        return any(number == line and telling in {Telling.CODE, Telling.TEST} for number, _, telling in found)

    def _lines(self, span: Span) -> list[str]:
        return self._tree.lines(self._index, span.path)[span.start - 1 : span.end]


def _made(member: Symbol) -> str:
    """An object of its class, made on the spot."""
    return rf"(?<![\w$]){re.escape(member.container.rpartition('.')[2] or '?')}\([^()]*\)"


def _calls(name: str, text: str) -> bool:
    return f"{name}(" in _STRING.sub("", text)


def _is_member(caller: Symbol, container: str) -> bool:
    return f"{caller.qualified_name}.".startswith(f"{container}.")


def _is_same(one: Symbol, other: Symbol) -> bool:
    return one.span.path == other.span.path and one.qualified_name == other.qualified_name
