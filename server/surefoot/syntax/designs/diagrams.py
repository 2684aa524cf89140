"""Diagrams that are written as text, as far as all notations share it: nodes, groups of them, and what joins them.

The nodes are found by the text that is shown for them, and by their name in the text where none is. What joins two of
them is told by these texts as well ("Cart -> Payment service: pays") in the documentation of the diagram, as the lines
of the file often have nothing but `a --> b`.

Invariant: definitions come in the order of their lines, outer before inner, and lie within the diagram.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from surefoot.domain import SymbolKind
from surefoot.syntax.symbols import Definition

NAME_LIMIT = 200  # characters of a name
MOST_EDGES = 200  # that are told in the documentation of a diagram
MOST_PAIRS = 400  # that one statement joins: `a & b & c --> d & e` is nine
SHORTEST_NAME = 2  # letters of a node without a text: `A` alone names nothing

_BREAK = re.compile(r"<br ?/?>|\\[nlr]", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_QUOTES = "\"'`"


def label_of(text: str) -> str:
    """What is shown for a text of a diagram: one line, without quotes and markup."""
    plain = _BREAK.sub(" ", text)
    plain = html.unescape(_TAG.sub("", plain)) if "<" in plain or "&" in plain else plain
    plain = " ".join(plain.replace("**", "").split())
    while len(plain) > 1 and plain[0] == plain[-1] and plain[0] in _QUOTES:
        plain = plain[1:-1].strip()
    return plain[:NAME_LIMIT].strip(_QUOTES[2:])


@dataclass(slots=True)
class _Part:
    """A node or a group; `group` is the number of the one around it, or -1."""

    label: str
    first: int
    last: int
    group: int
    is_shown: bool = False  # a text of its own is shown for it
    name_line: int = 0  # where that stands; 0 is the first line


@dataclass(slots=True)
class Diagram:
    """One diagram while it is read. `kind` is what its notation calls it; lines are 1-based."""

    kind: str
    first: int
    last: int
    title: str = ""
    title_line: int = 0  # where the title stands; 0 is the first line
    _nodes: dict[str, _Part] = field(default_factory=dict)
    _groups: list[_Part] = field(default_factory=list)
    _open: list[int] = field(default_factory=list)
    _edges: dict[tuple[str, str, str], None] = field(default_factory=dict)

    def node(self, identity: str, line: int, label: str = "") -> None:
        """A node is named here; the first text that is shown for it stays, and so does the line of that."""
        known = self._nodes.get(identity)
        shown = label_of(label)
        if known is None:
            group = self._open[-1] if self._open else -1
            self._nodes[identity] = _Part(shown or label_of(identity), line, line, group, bool(shown))
        elif shown and not known.is_shown:
            known.label, known.first, known.last, known.is_shown = shown, line, line, True
            known.group = self._open[-1] if self._open else -1  # a part lies within the lines of its group

    def reach(self, identity: str, line: int) -> None:
        """The lines of a node, as of a class with its members, go down to this one."""
        known = self._nodes.get(identity)
        if known is not None and known.first < line:
            known.last = line

    def join(self, starts: Iterable[str], ends: Iterable[str], label: str = "") -> None:
        """Each of the first nodes leads to each of the others."""
        ends = list(ends)
        pairs = [(start, end) for start in starts for end in ends]
        for start, end in pairs[:MOST_PAIRS]:
            self._edges[start, end, label_of(label)] = None

    def open_group(self, label: str, line: int) -> None:
        """What follows lies in a group, until it is closed."""
        self._groups.append(_Part(label_of(label), line, self.last, self._open[-1] if self._open else -1))
        self._open.append(len(self._groups) - 1)

    def close_group(self, line: int) -> None:
        """The group that was opened last ends here."""
        if self._open:
            self._groups[self._open.pop()].last = line

    def name_group(self, label: str, line: int) -> None:
        """The group that was opened last has this text; outside of groups it is the title."""
        if self._open:
            group = self._groups[self._open[-1]]
            group.label, group.name_line = label_of(label), line
        else:
            self.entitle(label, line)

    def entitle(self, title: str, line: int) -> None:
        """The diagram has this title."""
        self.title, self.title_line = label_of(title), line

    def definitions(self) -> list[Definition]:
        """The diagram, a symbol where it has a title, its groups and its nodes; parents count from it."""
        found = [_definition(self.title or self.kind, self.first, self.last, f"{self.kind} {self.title}".strip())]
        found[0].name_line = self.title_line or self.first
        found[0].doc = "\n".join(self._told())
        parts = sorted([*self._groups_to_show(), *self._nodes_to_show()], key=lambda part: part[:2])
        places: dict[int, int] = {}
        for _, number, part in parts:
            definition = _definition(part.label, part.first, min(part.last, self.last), part.label)
            definition.name_line = part.name_line or part.first
            definition.parent = self._parent(part.group, places)
            definition.container = found[definition.parent].qualified_name
            if number >= 0:
                places[number] = len(found)
            found.append(definition)
        found[0].is_symbol = bool(self.title)
        return found if len(found) > 1 or self.title else []  # what names nothing is no more than its lines

    def _groups_to_show(self) -> Iterator[tuple[tuple[int, int, int], int, _Part]]:
        for number, each in enumerate(self._groups):
            if each.label:
                yield (each.first, -each.last, 0), number, each

    def _nodes_to_show(self) -> Iterator[tuple[tuple[int, int, int], int, _Part]]:
        for each in self._nodes.values():
            if each.is_shown or len(each.label) >= SHORTEST_NAME:
                yield (each.first, -each.last, 1), -1, each

    def _parent(self, group: int, places: dict[int, int]) -> int:
        """The definition of the innermost group that has one."""
        while group >= 0 and group not in places:
            group = self._groups[group].group
        return places.get(group, 0)

    def _told(self) -> list[str]:
        labels = {identity: node.label for identity, node in self._nodes.items()}
        edges = list(self._edges)[:MOST_EDGES]
        told = (f"{labels.get(start, start)} -> {labels.get(end, end)}" for start, end, _ in edges)
        return [f"{pair}: {label}" if label else pair for pair, (_, _, label) in zip(told, edges, strict=True)]


def _definition(name: str, first: int, last: int, signature: str) -> Definition:
    # A label is no definition that code refers to: it has the kind of a heading, as hover and outlines expect it.
    return Definition(
        name, SymbolKind.STRING, 0, 0, first, max(first, last), first, is_symbol=bool(name), signature=signature
    )


def moved(definitions: Iterable[Definition], down: int) -> list[Definition]:
    """Definitions of one of several diagrams in a list that holds those of others already: `down` counts these."""
    found = list(definitions)
    for each in found:
        each.parent = each.parent + down if each.parent >= 0 else -1
    return found
