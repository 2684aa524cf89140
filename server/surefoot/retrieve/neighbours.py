"""The graph around one symbol: where it is defined, what it contains, what it names and what names it.

Invariant: every node stands where it says at this moment, and every edge joins two nodes of the graph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from surefoot.domain import (
    EdgeKind,
    NeighbourEdge,
    NeighbourKind,
    NeighbourNode,
    Neighbours,
    Reference,
    ReferenceKind,
    Source,
    Span,
    Symbol,
    SymbolKind,
)
from surefoot.retrieve.named import Named, known_definitions
from surefoot.retrieve.references import MOST_SHOWN, Page, innermost, references
from surefoot.retrieve.root_index import RootIndex
from surefoot.retrieve.working_tree import Definition, WorkingTree
from surefoot.syntax.languages import is_document, language_of

# Of each kind of edge: more than this is a picture that nobody can read.
MOST_CONTAINED = 30
MOST_NAMED = 20
MOST_NAMING = 30
MOST_WORDS = 400  # of the symbol's lines that are looked up
_NAME = re.compile(r"[^\W\d][\w$]{2,}")
# What is named by a word in code: headings and keys of data files are called so by chance.
_BY_CHANCE = frozenset({SymbolKind.STRING, SymbolKind.KEY, SymbolKind.VARIABLE, SymbolKind.FIELD})


@dataclass(slots=True)
class _Graph:
    nodes: dict[str, NeighbourNode] = field(default_factory=dict)
    edges: dict[NeighbourEdge, None] = field(default_factory=dict)
    is_whole: bool = True

    def add(self, node: NeighbourNode) -> str:
        self.nodes.setdefault(node.id, node)
        return node.id

    def join(self, source: str, target: str, kind: EdgeKind) -> None:
        if source != target:
            self.edges[NeighbourEdge(source, target, kind)] = None


def neighbours(named: Named, tree: WorkingTree) -> Neighbours:
    """What stands around the most likely definition of a name. Raises QueryError where it has none."""
    middle = standing_definition(named, tree)
    graph = _Graph()
    center = graph.add(_symbol_node(middle))
    _add_place(middle, center, tree, graph)
    _add_contained(middle, center, tree, graph)
    _add_named(middle, center, tree, graph)
    _add_naming(middle, center, tree, graph)
    return Neighbours(center, tuple(graph.nodes.values()), tuple(graph.edges), graph.is_whole)


def standing_definition(named: Named, tree: WorkingTree) -> Definition:
    """The most likely definition of a name that is there now. Raises QueryError where there is none."""
    known = known_definitions(named, tree)
    return next((now for each in known if (now := tree.standing(each)) is not None), known[0])


def _add_place(middle: Definition, center: str, tree: WorkingTree, graph: _Graph) -> None:
    symbol = middle.symbol
    around = [
        other
        for other in tree.symbols(middle.index, symbol.span.path)
        if other != symbol and other.qualified_name == symbol.container and other.span.contains(symbol.span)
    ]
    if around:
        holder = graph.add(_symbol_node(Definition(middle.index, around[-1])))
        graph.join(holder, center, EdgeKind.CONTAINS)
    else:
        graph.join(graph.add(_file_node(middle.index, symbol.span.path, tree)), center, EdgeKind.DEFINES)


def _add_contained(middle: Definition, center: str, tree: WorkingTree, graph: _Graph) -> None:
    symbol = middle.symbol
    inside = [
        other
        for other in tree.symbols(middle.index, symbol.span.path)
        if other.container == symbol.qualified_name and other != symbol
    ]
    graph.is_whole &= len(inside) <= MOST_CONTAINED
    for other in inside[:MOST_CONTAINED]:
        graph.join(center, graph.add(_symbol_node(Definition(middle.index, other))), EdgeKind.CONTAINS)


def _add_named(middle: Definition, center: str, tree: WorkingTree, graph: _Graph) -> None:
    named = list(islice(_named_in(middle, tree), MOST_NAMED + 1))
    graph.is_whole &= len(named) <= MOST_NAMED
    for each in named[:MOST_NAMED]:
        graph.join(center, graph.add(_symbol_node(each)), EdgeKind.NAMES)


def _named_in(middle: Definition, tree: WorkingTree) -> Iterator[Definition]:
    """What the symbol's lines name, where it is clear what that is: one definition, or one in the same file."""
    span = middle.symbol.span
    lines = tree.lines(middle.index, span.path)[span.start - 1 : span.end]
    names = dict.fromkeys(_NAME.findall("\n".join(lines)))
    for name in islice((name for name in names if name != middle.symbol.name), MOST_WORDS):
        found = [each for each in tree.definitions(name) if each.symbol.kind not in _BY_CHANCE]
        near = [each for each in found if each.index is middle.index and each.symbol.span.path == span.path]
        clear = near if len(near) == 1 else found
        now = tree.standing(clear[0]) if len(clear) == 1 else None
        if now is not None and not span.contains(now.symbol.span):
            yield now


def _add_naming(middle: Definition, center: str, tree: WorkingTree, graph: _Graph) -> None:
    used = references(Named(middle.symbol.name), tree, Page(0, MOST_SHOWN))
    graph.is_whole &= used.is_exact and used.next_offset is None
    by_root = {index.root: index for index in tree.indexes}
    naming: dict[str, NeighbourNode] = {}
    for reference in used.references:
        index = by_root[reference.root]
        if reference.kind in {ReferenceKind.DEFINITION, ReferenceKind.TEXT} or _is_inside(middle, index, reference):
            continue
        node = _naming_node(index, reference.path, reference.line, tree)
        naming.setdefault(node.id, node)
    graph.is_whole &= len(naming) <= MOST_NAMING
    for node in list(naming.values())[:MOST_NAMING]:
        graph.join(center, graph.add(node), EdgeKind.NAMED_BY)


def _is_inside(middle: Definition, index: RootIndex, reference: Reference) -> bool:
    place = Span(reference.path, reference.line, reference.line)
    return index is middle.index and middle.symbol.span.contains(place)


def _naming_node(index: RootIndex, path: str, line: int, tree: WorkingTree) -> NeighbourNode:
    """The definition around the line; of a document, and of loose lines, the file."""
    around = innermost(tree.symbols(index, path), line)
    lines = tree.lines(index, path)
    if around is None or _source(path, lines) is Source.DOCS:
        return _file_node(index, path, tree)
    return _symbol_node(Definition(index, around))


def _source(path: str, lines: list[str]) -> Source:
    return Source.DOCS if is_document(path, language_of(path, lines[0] if lines else "")) else Source.CODE


def _symbol_node(definition: Definition) -> NeighbourNode:
    symbol: Symbol = definition.symbol
    root = definition.index.root
    name = f"{root.path}\n{symbol.span.path}\n{symbol.qualified_name}\n{symbol.name_line}"
    return NeighbourNode(name, NeighbourKind.SYMBOL, symbol.qualified_name, root, symbol.span, symbol.kind)


def _file_node(index: RootIndex, path: str, tree: WorkingTree) -> NeighbourNode:
    end = max(1, len(tree.lines(index, path)))
    return NeighbourNode(f"{index.root.path}\n{path}", NeighbourKind.FILE, path, index.root, Span(path, 1, end))
