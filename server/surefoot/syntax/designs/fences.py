"""Mermaid diagrams within Markdown: their nodes are found like those of a file of their own.

Invariant: the sections stay as they are, and every diagram lies within the one around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from surefoot.syntax.designs.mermaid import diagram_definitions
from surefoot.syntax.lines import LINE_CAP
from surefoot.syntax.symbols import Definition

MERMAID = "mermaid"
MOST_DIAGRAMS = 200  # of one document

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*(\{?\.?[\w-]*)")


def with_diagrams(sections: Sequence[Definition], lines: Sequence[str]) -> list[Definition]:
    """The sections of a document and the diagrams in them, outer before inner."""
    whole = list(sections)
    added: list[tuple[Definition, Definition | None]] = []  # each with what it lies in
    for first, last in islice(_diagrams(lines), MOST_DIAGRAMS):
        found = diagram_definitions(lines[first - 1 : last], first)
        outer = _around(sections, first)
        for each in found:
            inside = found[each.parent] if each.parent >= 0 else outer
            each.container = inside.qualified_name if inside else ""
            added.append((each, inside))
        if found:
            _give_to(_short_ones(sections, outer), found[0])
    if not added:
        return whole
    parents = {id(each): sections[each.parent] if each.parent >= 0 else None for each in sections}
    parents |= {id(each): outer for each, outer in added}
    whole = sorted([*whole, *(each for each, _ in added)], key=lambda each: (each.first, -each.last))
    places = {id(each): place for place, each in enumerate(whole)}
    for each in whole:
        parent = parents[id(each)]
        each.parent = places[id(parent)] if parent is not None else -1
    return whole


def _diagrams(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The lines between the fences of each diagram, 1-based and inclusive."""
    fence, first = "", 0
    for number, line in enumerate(lines, 1):
        marker = _FENCE.match(line)
        if marker is None:
            continue
        if not fence:
            fence, first = marker[1], number + 1 if marker[2].strip("{.") == MERMAID else 0
        elif marker[1].startswith(fence):
            if 0 < first < number:
                yield first, number - 1
            fence = ""


def _around(sections: Sequence[Definition], line: int) -> Definition | None:
    """The innermost section that a line lies in."""
    return next((each for each in reversed(sections) if each.first <= line <= each.last), None)


def _short_ones(sections: Sequence[Definition], section: Definition | None) -> Iterator[Definition]:
    """The section and those around it, as long as they fit into one chunk."""
    while section is not None and section.last - section.first < LINE_CAP:
        yield section
        section = sections[section.parent] if section.parent >= 0 else None


def _give_to(around: Iterable[Definition], diagram: Definition) -> None:
    """What is told of a diagram is told of the sections as well with which it may be shown as one."""
    for section in around if diagram.doc else ():
        section.doc = f"{section.doc}\n{diagram.doc}".strip()
