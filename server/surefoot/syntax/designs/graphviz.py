"""Graphviz: graphs, clusters, nodes with labels, edges.

Invariant: one pass over the tokens, no recursion; braces that nobody closes end with the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from surefoot.syntax.designs.diagrams import Diagram, moved
from surefoot.syntax.designs.tokens import Text
from surefoot.syntax.symbols import Definition

_TOKEN = re.compile(
    r"//[^\n]*|^\#[^\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/)?"
    r"|\"(?:[^\"\\]|\\.)*+\"?|<(?:[^<>]|<[^<>]*>)*+>?|[\w.\x80-\uffff]+|->|--|[{}\[\]=;,:]",
    re.MULTILINE | re.DOTALL,
)
_COMMENTS = ("//", "/*", "#")
_MARKUP = re.compile(r"[|{}]|<\w+>")  # of a record: ports and fields
_DEFAULTS = frozenset({"node", "edge", "graph"})


@dataclass(slots=True)
class _Statement:
    """Nodes that stand before and behind the last edge, and the attributes."""

    rows: list[list[str]] = field(default_factory=lambda: [[]])
    label: str = ""
    line: int = 0
    words: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _State:
    text: Text
    found: list[Definition] = field(default_factory=list)
    diagram: Diagram | None = None
    depth: int = 0
    statement: _Statement = field(default_factory=_Statement)


def graphviz_definitions(text: str) -> list[Definition]:
    """Every graph of a file, with its clusters and nodes."""
    state, tokens = _State(Text(text)), _tokens(text)
    place = 0
    while place < len(tokens):
        place = _read(state, tokens, place)
    if state.diagram is not None:
        _end_graph(state, len(state.text.starts))
    return state.found


def _tokens(text: str) -> list[tuple[str, int]]:
    return [(match[0], match.start()) for match in _TOKEN.finditer(text) if not match[0].startswith(_COMMENTS)]


def _read(state: _State, tokens: list[tuple[str, int]], place: int) -> int:
    """Take in the token at a place, and whatever belongs to it; return where to go on."""
    word, start = tokens[place]
    line, diagram = state.text.line(start), state.diagram
    if diagram is None:
        return _begin_graph(state, tokens, place)
    if word == "[":
        return _attributes(state, tokens, place + 1)
    if word == "{" and not state.statement.rows[-1] and len(state.statement.rows) > 1:
        return _set(state, tokens, place + 1)
    if word == "{":
        _end_statement(state)
        state.depth += 1
        diagram.open_group("", line)
    elif word == "}":
        _close(state, line)
    elif word in {";", ","}:
        _end_statement(state)
    elif word in {"->", "--"}:
        state.statement.rows.append([])
        state.statement.line = state.statement.line or line  # what comes before it may be a whole cluster
    elif word == ":":  # a port of a node
        return place + 2
    elif word.lower() == "subgraph":
        return _subgraph(state, diagram, tokens, place)
    elif place + 2 < len(tokens) and tokens[place + 1][0] == "=":
        _end_statement(state)
        if word.lower() == "label":
            diagram.name_group(_bare(tokens[place + 2][0]), line)
        return place + 3
    else:
        _name(state, _bare(word), line)
    return place + 1


def _begin_graph(state: _State, tokens: list[tuple[str, int]], place: int) -> int:
    """`digraph name {`; whatever else stands outside of graphs is passed over."""
    word, start = tokens[place]
    if word.lower() not in {"graph", "digraph"}:
        return place + 1
    name, after = "", place + 1
    if after < len(tokens) and tokens[after][0] != "{":
        name, after = _bare(tokens[after][0]), after + 1
    if after >= len(tokens) or tokens[after][0] != "{":
        return place + 1
    line = state.text.line(start)
    # What stands above the first graph belongs to it.
    state.diagram = Diagram("graph", line if state.found else 1, len(state.text.starts), name, line)
    state.depth = 0
    return after + 1


def _set(state: _State, tokens: list[tuple[str, int]], place: int) -> int:
    """The nodes that an edge leads to all at once: `a -> {b c}`."""
    while place < len(tokens) and tokens[place][0] not in {"{", "}"}:
        if tokens[place][0] not in {";", ","}:
            state.statement.rows[-1].append(_bare(tokens[place][0]))
        place += 1
    return place + 1


def _subgraph(state: _State, diagram: Diagram, tokens: list[tuple[str, int]], place: int) -> int:
    line = state.text.line(tokens[place][1])
    _end_statement(state)
    name, after = "", place + 1
    if after < len(tokens) and tokens[after][0] != "{":
        name, after = _bare(tokens[after][0]), after + 1
    if after < len(tokens) and tokens[after][0] == "{":
        state.depth += 1
        diagram.open_group(name.removeprefix("cluster").strip("_"), line)
        return after + 1
    return after


def _attributes(state: _State, tokens: list[tuple[str, int]], place: int) -> int:
    while place < len(tokens) and tokens[place][0] != "]":
        if tokens[place][0].lower() in {"label", "xlabel"} and place + 2 < len(tokens) and tokens[place + 1][0] == "=":
            state.statement.label = state.statement.label or _bare(tokens[place + 2][0])
            place += 2
        place += 1
    _end_statement(state)
    return place + 1


def _name(state: _State, word: str, line: int) -> None:
    """A node; one that follows another without an edge begins a new statement."""
    if state.statement.rows[-1]:
        _end_statement(state)
    state.statement.rows[-1].append(word)
    state.statement.line = state.statement.line or line


def _end_statement(state: _State) -> None:
    statement, state.statement = state.statement, _Statement()
    diagram, rows = state.diagram, [row for row in statement.rows if row]
    if diagram is None or not rows or rows[0][0].lower() in _DEFAULTS:
        return
    is_edge = len(rows) > 1
    for name in (name for row in rows for name in row):
        diagram.node(name, statement.line, "" if is_edge else _MARKUP.sub(" ", statement.label))
    for start, end in pairwise(rows):
        diagram.join(start, end, statement.label)


def _close(state: _State, line: int) -> None:
    _end_statement(state)
    if state.depth == 0:
        _end_graph(state, line)
        return
    state.depth -= 1
    if state.diagram is not None:
        state.diagram.close_group(line)


def _end_graph(state: _State, line: int) -> None:
    _end_statement(state)
    if state.diagram is not None:
        state.diagram.last = line
        state.found += moved(state.diagram.definitions(), len(state.found))
    state.diagram = None


def _bare(word: str) -> str:
    if word.startswith('"'):
        return word[1:].removesuffix('"').replace('\\"', '"')
    return word[1:-1] if word.startswith("<") else word
