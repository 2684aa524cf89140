"""GraphQL: types with their fields, and what may be asked, changed and listened to.

Invariant: linear, no recursion; what stands outside of definitions names nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType

from surefoot.domain import SymbolKind
from surefoot.syntax.designs.tokens import Comments, Text, Token, defined, tokens
from surefoot.syntax.docs import docstring_text
from surefoot.syntax.symbols import Definition

_TOKEN = re.compile(
    r"#[^\n]*|\"\"\"(?:[^\"\\]|\\[\s\S]|\"(?!\"\"))*+(?:\"\"\")?|\"(?:[^\"\\\n]|\\.)*+\"?|[A-Za-z_]\w*|\$\w+|[{}()\[\]:=|&@!]"
)
_KINDS = MappingProxyType({
    "type": SymbolKind.STRUCT, "input": SymbolKind.STRUCT, "interface": SymbolKind.INTERFACE, "enum": SymbolKind.ENUM,
    "union": SymbolKind.CLASS, "scalar": SymbolKind.CLASS, "directive": SymbolKind.FUNCTION,
    "query": SymbolKind.FUNCTION, "mutation": SymbolKind.FUNCTION, "subscription": SymbolKind.FUNCTION,
    "fragment": SymbolKind.FUNCTION, "schema": SymbolKind.MODULE,
})  # fmt: skip
_WITH_FIELDS = frozenset({"type", "input", "interface", "enum"})
OPERATIONS = frozenset({"Query", "Mutation", "Subscription"})  # the types whose fields are what a server does
_CONTINUING = frozenset({"=", "|", "&", ":", "@", "$", "implements", "on"})  # after these a keyword is a name


_FIELD = re.compile(r"\s*[(:]")  # what follows the name of a field


@dataclass(slots=True)
class _State:
    """What has been read, and which definition and field are under way (-1 for none)."""

    text: Text
    definitions: list[Definition] = field(default_factory=list)
    comments: Comments = field(default_factory=Comments)
    keyword: str = ""
    outer: int = -1
    inner: int = -1
    starts: tuple[int, int] = (0, 0)  # of the definition and of the field
    body: int = -1  # where the braces of the definition begin
    described: Token | None = None
    previous: Token = ("", 0, 0)
    braces: int = 0
    brackets: int = 0


def graphql_definitions(text: str) -> list[Definition]:
    """Every type, field, enum value, operation and fragment, outer before inner."""
    state = _State(Text(text))
    for token in tokens(_TOKEN, text):
        if token[0].startswith("#"):
            state.comments.add(state.text, token)
        elif token[0].startswith('"') and not state.brackets and state.previous[0] not in {"=", ":"}:
            state.described = token
        else:
            _read(state, token)
            is_named = state.outer >= 0 or not (state.keyword or token[0] == "extend")
            state.described = None if is_named else state.described
            state.previous = token
    _end_outer(state)
    return state.definitions


def _read(state: _State, token: Token) -> None:
    word = token[0]
    if word in {"(", "["}:
        state.brackets += 1
    elif word in {")", "]"}:
        state.brackets = max(0, state.brackets - 1)
    elif state.brackets:
        return
    elif word == "{":
        state.body = token[1] if state.braces == 0 else state.body
        state.braces += 1
    elif word == "}":
        _close(state, token)
    elif state.braces == 0:
        _read_outside(state, token)
    elif state.braces == 1 and state.keyword in _WITH_FIELDS:
        _read_field(state, token)


def _close(state: _State, brace: Token) -> None:
    state.braces = max(0, state.braces - 1)
    if state.braces == 0:
        _end_inner(state)
        state.previous = brace
        _end_outer(state)


def _read_outside(state: _State, token: Token) -> None:
    """A keyword begins a definition, and the name behind it names it."""
    word, before = token[0], state.previous[0]
    if state.keyword and state.outer < 0:  # the name of what has just begun
        if word == "@":
            return
        kind = _KINDS[state.keyword]
        state.outer = _begin(state, token, kind, state.starts[0], -1)
        # What extends a type is no second definition of it.
        state.definitions[state.outer].is_symbol = not state.text.text.startswith("extend", state.starts[0])
    elif word in _KINDS and before not in _CONTINUING:
        _end_outer(state)
        state.keyword = word if word != "schema" else ""
        state.starts = (state.previous[1] if before == "extend" else token[1], 0)


def _read_field(state: _State, token: Token) -> None:
    is_name = token[0].isidentifier() and state.previous[0] != "@"
    if state.keyword != "enum":
        is_name = is_name and _FIELD.match(state.text.text, token[2]) is not None
    if not is_name or state.previous[0] in {":", "="}:
        return
    _end_inner(state)
    kind = SymbolKind.ENUM_MEMBER if state.keyword == "enum" else SymbolKind.FIELD
    if state.outer >= 0 and state.definitions[state.outer].name in OPERATIONS:
        kind = SymbolKind.METHOD
    state.inner = _begin(state, token, kind, token[1], state.outer)
    state.starts = (state.starts[0], token[1])


def _begin(state: _State, name: Token, kind: SymbolKind, start: int, parent: int) -> int:
    opening = state.described[1] if state.described is not None else start
    first, doc = state.comments.above(state.text.line(opening))
    index = defined(state.definitions, name[0], kind, (first, state.text.line(name[1])), parent)
    state.definitions[index].doc = docstring_text(state.described[0]) if state.described is not None else doc
    return index


def _end_inner(state: _State) -> None:
    if state.inner >= 0:
        _end(state, state.inner, state.starts[1], state.previous[2])
        state.inner = -1


def _end_outer(state: _State) -> None:
    _end_inner(state)
    if state.outer >= 0:
        made = state.definitions[state.outer]
        _end(state, state.outer, state.starts[0], state.previous[2])
        if state.body >= 0 and made.kind is not SymbolKind.FUNCTION:
            made.signature = state.text.head(state.starts[0], state.body, made.kind)
    state.keyword, state.outer, state.body = "", -1, -1


def _end(state: _State, index: int, start: int, end: int) -> None:
    made = state.definitions[index]
    made.last = max(made.name_line, state.text.line(max(end - 1, 0)))
    made.signature = state.text.head(start, end, made.kind)
