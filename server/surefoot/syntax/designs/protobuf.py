"""Protocol buffers: messages with their fields, enums, services with their calls.

Invariant: linear, no recursion; a statement that is not understood names nothing, and its braces still count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType

from surefoot.domain import SymbolKind
from surefoot.syntax.designs.tokens import Comments, Text, Token, defined, tokens
from surefoot.syntax.symbols import Definition

_TOKEN = re.compile(
    r"//[^\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/)?|\"(?:[^\"\\\n]|\\.)*+\"?|'(?:[^'\\\n]|\\.)*+'?|[\w.]+|[{}\[\];=<>(),]"
)
_SCOPES = MappingProxyType({
    "message": SymbolKind.STRUCT, "enum": SymbolKind.ENUM, "service": SymbolKind.INTERFACE, "oneof": SymbolKind.FIELD,
    "rpc": SymbolKind.METHOD,
})  # fmt: skip
_VALUE_SCOPES = frozenset({SymbolKind.STRUCT, SymbolKind.ENUM, SymbolKind.FIELD})
_NAME = re.compile(r"[A-Za-z_]\w*\Z")
_NOT_FIELDS = frozenset({"option", "reserved", "extensions", "import", "syntax", "edition", "package"})
_LONGEST_STATEMENT = 4000  # tokens: a longer one is no protocol buffer


@dataclass(slots=True)
class _State:
    """What has been read: the scopes that are open (-1 for one without a name), and the statement under way."""

    text: Text
    definitions: list[Definition] = field(default_factory=list)
    scopes: list[int] = field(default_factory=list)
    words: list[Token] = field(default_factory=list)
    above: tuple[int, str] = (0, "")


def protobuf_definitions(text: str) -> list[Definition]:
    """Every message, enum, service, field and call, outer before inner."""
    state, comments, brackets = _State(Text(text)), Comments(), 0
    for token in tokens(_TOKEN, text):
        word = token[0]
        if word.startswith(("//", "/*")):
            comments.add(state.text, token)
        elif brackets or word == "[":
            brackets = max(0, brackets + (word == "[") - (word == "]"))
        elif word == "{":
            _open(state, token)
        elif word == "}":
            _close(state, token)
        elif word == ";":
            _end(state, token)
        elif len(state.words) < _LONGEST_STATEMENT:
            if not state.words:
                state.above = comments.above(state.text.line(token[1]))
            state.words.append(token)
    for index in state.scopes:  # braces that nobody closed
        if index >= 0:
            state.definitions[index].last = len(state.text.starts)
    return state.definitions


def _open(state: _State, brace: Token) -> None:
    words = state.words
    kind = _SCOPES.get(words[0][0]) if len(words) > 1 else None
    if kind is None or not _NAME.match(words[1][0]) or -1 in state.scopes[-1:]:
        state.scopes.append(_open_field(state, brace))
    else:
        state.scopes.append(_define(state, words[1], kind, brace[1]))
    state.words = []


def _open_field(state: _State, brace: Token) -> int:
    """A group, which is a field with a body of its own; anything else has no name."""
    names = [word[0] for word in state.words]
    is_group = "group" in names[:2] and "=" in names
    return _define(state, state.words[names.index("=") - 1], SymbolKind.STRUCT, brace[1]) if is_group else -1


def _define(state: _State, name: Token, kind: SymbolKind, end: int) -> int:
    parent = next((index for index in reversed(state.scopes) if index >= 0), -1)
    while parent >= 0 and state.definitions[parent].kind is SymbolKind.FIELD:
        parent = state.definitions[parent].parent  # fields of a `oneof` are fields of its message
    first, doc = state.above
    index = defined(state.definitions, name[0], kind, (first, state.text.line(name[1])), parent)
    made = state.definitions[index]
    made.signature = state.text.head(state.words[0][1], end, kind)
    made.doc = doc
    made.last = state.text.line(max(end - 1, 0))
    return index


def _close(state: _State, brace: Token) -> None:
    state.words = []
    if state.scopes:
        index = state.scopes.pop()
        if index >= 0:
            state.definitions[index].last = state.text.line(brace[1])


def _end(state: _State, semicolon: Token) -> None:
    words, state.words = state.words, []
    if len(words) < 2:
        return
    state.words = words
    scope = state.definitions[state.scopes[-1]].kind if state.scopes and state.scopes[-1] >= 0 else None
    if words[0][0] == "package" and not state.scopes:
        _define(state, words[1], SymbolKind.PACKAGE, semicolon[1])
    elif words[0][0] == "rpc" and scope is SymbolKind.INTERFACE:
        _define(state, words[1], SymbolKind.METHOD, semicolon[1])
    elif scope in _VALUE_SCOPES and words[0][0] not in _NOT_FIELDS:
        _end_value(state, scope, semicolon)
    state.words = []


def _end_value(state: _State, scope: SymbolKind | None, semicolon: Token) -> None:
    """`string name = 1;` in a message, `NAME = 1;` in an enum."""
    place = next((index for index, word in enumerate(state.words) if word[0] == "="), 0)
    if place and _NAME.match(state.words[place - 1][0]):
        kind = SymbolKind.ENUM_MEMBER if scope is SymbolKind.ENUM else SymbolKind.FIELD
        _define(state, state.words[place - 1], kind, semicolon[1])
