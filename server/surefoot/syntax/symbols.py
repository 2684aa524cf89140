"""Definitions of a tree: what the query found, nested, named, and with the comments that stand above them.

Invariant: one pass of the query per file and no recursion, so that deep nesting costs time and never the stack.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from surefoot.domain import Span, Symbol, SymbolKind
from surefoot.syntax.docs import comment_text, docstring_text
from surefoot.syntax.signatures import fold

if TYPE_CHECKING:
    from tree_sitter import Node

    from surefoot.syntax.grammar import Grammar

# Names of captures that are no SymbolKind. A type alias names a type, and the protocol has no kind for aliases.
_CAPTURED = MappingProxyType({"type": SymbolKind.CLASS, "macro": SymbolKind.FUNCTION})
CLASS_LIKE = frozenset({SymbolKind.CLASS, SymbolKind.STRUCT, SymbolKind.INTERFACE, SymbolKind.ENUM})
CALLABLE = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CONSTRUCTOR, SymbolKind.OPERATOR})
# Two of these in one statement, as in `int x, y;`, stand side by side and not in each other; nor are they members
# of a function: what a constructor's parameters declare belongs to its class.
VALUES = frozenset({
    SymbolKind.VARIABLE, SymbolKind.CONSTANT, SymbolKind.FIELD, SymbolKind.PROPERTY, SymbolKind.EVENT,
    SymbolKind.ENUM_MEMBER,
})  # fmt: skip
_NAMED_BY_SYMBOL = frozenset({SymbolKind.METHOD, SymbolKind.PROPERTY})  # `attr_reader :name` in Ruby
_CONSTRUCTORS = frozenset({"constructor", "__construct"})

# Parents that belong to the definition inside them; the value says whether they open its signature as well.
_WRAPPERS = MappingProxyType({
    "decorated_definition": False, "export_statement": True, "template_declaration": True,
    "ambient_declaration": True,
})  # fmt: skip
# Parents that belong to it where both begin on one line, as in `const x = 1` or `int x;`.
_STATEMENTS = frozenset({
    "lexical_declaration", "variable_declaration", "expression_statement", "type_declaration", "const_declaration",
    "var_declaration", "declaration_command", "statement", "field_declaration", "declaration",
})  # fmt: skip
_BODIES = frozenset({
    "function_body", "class_body", "enum_class_body", "do_block", "extension_body", "block",
    "keyframe_block_list",
})  # fmt: skip
_FILE_SCOPED = frozenset({"file_scoped_namespace_declaration", "namespace_definition"})

_GENERIC = re.compile(r"<[^<>]*>|\[[^\[\]]*\]")
_SEPARATOR = re.compile(r"::|\.|:|#|\\|->")
_NAME_LIMIT = 200  # characters: a longer "name" is a selector list or an error


@dataclass(slots=True)
class Definition:
    """One definition of a file, or a nameless scope such as a Rust `impl`. Lines are 1-based and inclusive."""

    name: str
    kind: SymbolKind
    start: int  # bytes
    end: int
    first: int
    last: int
    name_line: int
    is_symbol: bool
    scope: str = ""  # a container that is written out, as in `void A::b()`
    container: str = ""
    parent: int = -1
    signature: str = ""
    doc: str = ""
    is_alone: bool = False  # it makes a chunk of its own, however short it is

    @property
    def qualified_name(self) -> str:
        """As in Symbol."""
        return f"{self.container}.{self.name}" if self.container else self.name


@dataclass(slots=True)
class Outline:
    """The definitions of a file, outer before inner, and the documentation of the file itself."""

    definitions: list[Definition]
    doc: str = ""

    def symbols(self, path: str) -> tuple[Symbol, ...]:
        """The named definitions as values of the domain."""
        return tuple(
            Symbol(
                name=each.name, kind=each.kind, span=Span(path, each.first, each.last), name_line=each.name_line,
                container=each.container, signature=each.signature, doc=each.doc,
            )
            for each in self.definitions
            if each.is_symbol
        )  # fmt: skip


@dataclass(slots=True)
class SourceText:
    """The bytes of a file with the places of its lines."""

    data: bytes
    line_starts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        starts, position = [0], self.data.find(b"\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.data.find(b"\n", position + 1)
        self.line_starts = starts

    def line(self, byte: int) -> int:
        """The 1-based line of a byte."""
        return bisect_right(self.line_starts, byte)

    def last_line(self, start: int, end: int) -> int:
        """The line on which a node ends; a newline that closes it does not count."""
        return self.line(max(start, end - 1))

    def text(self, start: int, end: int) -> str:
        """The characters between two bytes."""
        return self.data[start:end].decode("utf-8", "replace")

    def opens_line(self, byte: int) -> bool:
        """Whether nothing but white space stands before `byte` on its line."""
        return not self.data[self.line_starts[self.line(byte) - 1] : byte].strip()


def outline(grammar: Grammar, root: Node, source: SourceText) -> Outline:
    """Every definition below `root`."""
    found = _Findings()
    for pattern, captures in grammar.matches(root):
        found.add(pattern, captures, source)
    file_doc = found.docstrings.pop(root.id, "")
    definitions = [_define(candidate, found, source) for candidate in found.candidates.values()]
    definitions.sort(key=lambda each: (each.start, -each.end))
    _nest(definitions)
    return Outline(definitions, file_doc)


@dataclass(slots=True)
class _Candidate:
    """One match that defines: the best of those that name the same place."""

    pattern: int
    kind: SymbolKind
    node: Node
    name: Node
    is_symbol: bool
    is_path: bool
    scope: Node | None
    body: Node | None


@dataclass(slots=True)
class _Findings:
    """What the query found, by the place that later steps look it up with."""

    candidates: dict[int, _Candidate] = field(default_factory=dict)  # by the first byte of the name
    docstrings: dict[int, str] = field(default_factory=dict)  # by the id of the node that they document
    above: dict[int, tuple[int, int, bool]] = field(default_factory=dict)  # last line -> bytes, is it a comment

    def add(self, pattern: int, captures: Mapping[str, list[Node]], source: SourceText) -> None:
        """Sort one match into its place."""
        if "comment" in captures or "attribute" in captures:
            is_comment = "comment" in captures
            node = captures["comment" if is_comment else "attribute"][0]
            start, end = node.start_byte, node.end_byte
            self.above[source.last_line(start, end)] = (start, end, is_comment)
        elif "docstring" in captures:
            node = captures["docstring"][0]
            documented = captures["documented"][0].id
            if documented not in self.docstrings:
                self.docstrings[documented] = docstring_text(source.text(node.start_byte, node.end_byte))
        else:
            self._add_candidates(pattern, captures)

    def _add_candidates(self, pattern: int, captures: Mapping[str, list[Node]]) -> None:
        label, nodes = next(item for item in captures.items() if item[0].startswith(("definition", "container")))
        is_symbol = label.startswith("definition")
        nodes = nodes if is_symbol else captures["container"]
        names = captures.get("name") or captures.get("path") or captures.get("container.name") or nodes
        kind = _kind(label) if is_symbol else SymbolKind.CLASS
        for name in names:
            known = self.candidates.get(name.start_byte)
            if known is None or pattern < known.pattern:
                self.candidates[name.start_byte] = _Candidate(
                    pattern, kind, nodes[0], name, is_symbol, "path" in captures,
                    captures.get("scope", [None])[0], captures.get("body", [None])[0],
                )  # fmt: skip


def _kind(label: str) -> SymbolKind:
    name = label.removeprefix("definition.")
    return _CAPTURED.get(name) or SymbolKind(name)


def _define(candidate: _Candidate, found: _Findings, source: SourceText) -> Definition:
    node, outer, head = candidate.node, candidate.node, candidate.node.start_byte
    first_line = source.line(head)
    while (parent := outer.parent) is not None:
        opens = _WRAPPERS.get(parent.type)
        if opens is None and (parent.type not in _STATEMENTS or source.line(parent.start_byte) != first_line):
            break
        outer = parent
        head = head if opens is False else parent.start_byte
    start, end = outer.start_byte, outer.end_byte
    body = candidate.body or _body(node)
    if body is not None:
        end = max(end, body.end_byte)
    head_end = body.start_byte if body is not None and body.start_byte > candidate.name.start_byte else end
    scope, name = _names(candidate, source)
    above_line, comment = _above(source.line(start), found, source)
    return Definition(
        name=name,
        kind=candidate.kind,
        start=start,
        end=len(source.data) if body is None and node.type in _FILE_SCOPED else end,
        first=above_line,
        last=source.last_line(start, end),
        name_line=source.line(candidate.name.start_byte),
        is_symbol=candidate.is_symbol and bool(name),
        scope=scope,
        signature=fold(source.text(head, head_end), candidate.kind),
        doc=found.docstrings.get(node.id) or comment,
    )


def _body(node: Node) -> Node | None:
    found = node.child_by_field_name("body")
    if found is not None:
        return found
    return next((child for child in node.named_children if child.type in _BODIES), None)


def _names(candidate: _Candidate, source: SourceText) -> tuple[str, str]:
    """The container that is written out, and the bare name."""
    text = " ".join(source.text(candidate.name.start_byte, candidate.name.end_byte)[: 4 * _NAME_LIMIT].split())
    if candidate.scope is not None:
        return _bare(source.text(candidate.scope.start_byte, candidate.scope.end_byte)), text
    if not candidate.is_symbol:
        return "", _bare(text)
    if candidate.is_path:
        return _split_path(text)
    if candidate.kind in _NAMED_BY_SYMBOL:
        text = text.lstrip(":")
    return "", text.strip("\"'`")[:_NAME_LIMIT].replace("\\", ".").replace("::", ".")


def _bare(type_text: str) -> str:
    """`*A[T]`, `&'a mut A<T>` and `fmt::A` as `A`, so that methods of one type share one container."""
    while (shorter := _GENERIC.sub("", type_text)) != type_text:
        type_text = shorter
    words = re.findall(r"\w+", type_text)
    return words[-1] if words else type_text.strip()


def _split_path(text: str) -> tuple[str, str]:
    """`ns::A<T>::b`, `M.f` and `A.prototype.b` as container and name; operators stay whole."""
    head, operator, tail = text.partition("operator") if re.search(r"\boperator\W", text) else (text, "", "")
    while (shorter := _GENERIC.sub("", head)) != head:
        head = shorter
    parts = [part.strip() for part in _SEPARATOR.split(head)]
    parts = [part for part in parts if part and part not in {"prototype", "module", "exports", "this", "self"}]
    if operator:
        return ".".join(parts), f"operator{tail.split('(')[0] or tail[:2]}".strip()
    return ".".join(parts[:-1])[:_NAME_LIMIT], (parts[-1] if parts else "")[:_NAME_LIMIT]


def _above(line: int, found: _Findings, source: SourceText) -> tuple[int, str]:
    """The first line of what stands directly above `line` and belongs to it, and what its comments say."""
    comments: list[str] = []
    while (entry := found.above.get(line - 1)) is not None:
        start, end, is_comment = entry
        if not source.opens_line(start):
            break
        line = source.line(start)
        if is_comment:
            comments.append(source.text(start, end).rstrip("\n"))
    return line, comment_text("\n".join(_aligned(reversed(comments))))


def _aligned(comments: Iterable[str]) -> Iterator[str]:
    """Line comments one a line; of several block comments only the last, which is the nearest."""
    blocks = list(comments)
    if len(blocks) > 1 and blocks[-1].startswith(("/*", "@")):
        blocks = blocks[-1:]
    yield from blocks


def _nest(definitions: list[Definition]) -> None:
    """Give every definition its parent, its container and the kind that it has there."""
    stack: list[int] = []
    for index, each in enumerate(definitions):
        while stack and (definitions[stack[-1]].end < each.end or definitions[stack[-1]].end <= each.start):
            stack.pop()
        while stack and each.kind in VALUES and definitions[stack[-1]].kind in VALUES | CALLABLE:
            stack.pop()
        each.parent = stack[-1] if stack else -1
        outer = definitions[each.parent].qualified_name if stack else ""
        each.container = ".".join(part for part in (outer, each.scope) if part)
        _settle_kind(each, definitions[each.parent] if stack else None)
        stack.append(index)


def _settle_kind(each: Definition, parent: Definition | None) -> None:
    last_container = each.container.rsplit(".", 1)[-1]
    in_class = bool(each.scope) or (parent is not None and parent.kind in CLASS_LIKE)
    if each.kind is SymbolKind.FUNCTION and in_class:
        each.kind = SymbolKind.METHOD
    if each.kind is SymbolKind.METHOD and (each.name in _CONSTRUCTORS or each.name == last_container):
        each.kind = SymbolKind.CONSTRUCTOR
    if each.kind is SymbolKind.VARIABLE and each.name.isupper():
        each.kind = SymbolKind.CONSTANT
