"""Reads YAML of more lines than its grammar can count, part by part: each with the keys that it stands below.

A part is cut off where a key begins, so that nothing is cut apart but what nobody writes: a file of one giant entry.

Invariant: every line, up to a bound, is in one part, and what is found in a part has the lines of the whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from surefoot.syntax.symbols import Definition, Outline

MOST_LINES = 32_000  # the scanner counts them in 16 bits, and reads nothing rightly beyond 32,767
PART_LINES = 16_000
MOST_READ = 320_000  # lines, of which definitions are read: some three seconds. Counted, so that a file reads the same
MOST_ABOVE = 2  # keys that a part stands below: an interface has its schemas below two

_KEY = re.compile(r"( *)(?![\s#%&*!|>@`{}\[\],-]|\?\s)(?:\"[^\"]*\"|'[^']*'|[^#]*?[^\s#]):(\s|$)")
_OPENS = re.compile(r"[^#]*:\s*(?:#.*)?$")  # and what is below it stands on the lines that follow

Reader = Callable[[str], Outline]


@dataclass(frozen=True, slots=True)
class _Part:
    """Consecutive lines, 1-based and inclusive, and the lines of the keys that they stand below."""

    above: tuple[int, ...]
    first: int
    last: int

    def line(self, number: int) -> int:
        """The line of the file that a line of the part is."""
        count = len(self.above)
        return self.above[number - 1] if number <= count else self.first + number - count - 1

    def text(self, lines: Sequence[str]) -> str:
        """What is read of it."""
        return "\n".join([*(lines[number - 1] for number in self.above), *lines[self.first - 1 : self.last]])

    def begin(self, line: int) -> int:
        """The first of the keys that stand directly above a line, or else the line: what is further up is not its."""
        for number in reversed(self.above):
            line -= number == line - 1
        return line


@dataclass(slots=True)
class _Whole:
    """What was found so far; a key above several parts is one definition."""

    definitions: list[Definition] = field(default_factory=list)
    above: dict[tuple[int, str], int] = field(default_factory=dict)
    doc: str = ""

    def add(self, part: _Part, found: Outline) -> None:
        """Take over what a part has."""
        self.doc = self.doc or found.doc
        places: list[int] = []
        for each in found.definitions:
            places.append(self._place(part, each))
            if places[-1] == len(self.definitions):
                each.parent = places[each.parent] if each.parent >= 0 else -1
                self.definitions.append(each)

    def _place(self, part: _Part, each: Definition) -> int:
        """Where a definition is or will be, with the lines of the file."""
        is_above = each.name_line <= len(part.above)
        each.name_line, each.last = part.line(each.name_line), part.line(each.last)
        each.first = max(part.line(each.first), part.begin(each.name_line if is_above else part.first))
        if not is_above:
            return len(self.definitions)
        place = self.above.setdefault((each.name_line, each.name), len(self.definitions))
        if place < len(self.definitions):
            self.definitions[place].last = max(self.definitions[place].last, each.last)
        return place


def outline_in_parts(lines: Sequence[str], read: Reader) -> Outline:
    """Every definition of the file; `read` finds those of one part."""
    whole = _Whole()
    for part in _parts(lines, 1, min(len(lines), MOST_READ), ()):
        whole.add(part, read(part.text(lines)))
    return Outline(whole.definitions, whole.doc)


def _parts(lines: Sequence[str], first: int, last: int, above: tuple[int, ...]) -> Iterator[_Part]:
    """The lines of a mapping in parts, as full as its keys allow; an entry that is too long, in parts of its own."""
    begin = first
    for start, end in _entries(lines, first, last):
        if end - begin >= PART_LINES and begin < start:
            yield _Part(above, begin, start - 1)
            begin = start
        opening = _opening(lines, start, end)
        if end - start >= PART_LINES and opening and len(above) < MOST_ABOVE:
            yield from _parts(lines, opening + 1, end, (*above, opening))
            begin = end + 1
    if begin <= last:
        yield _Part(above, begin, last)


def _entries(lines: Sequence[str], first: int, last: int) -> Iterator[tuple[int, int]]:
    """The first and last lines of the entries, each with the comments above it."""
    indent, start = -1, first
    for number in range(first, last + 1):
        key = _KEY.match(lines[number - 1])
        if key is None or indent not in {-1, len(key[1])}:
            continue
        if indent >= 0:
            begin = number
            while lines[begin - 2].lstrip().startswith("#") and begin - 1 > start:
                begin -= 1
            yield start, begin - 1
            start = begin
        indent = len(key[1])
    yield start, last


def _opening(lines: Sequence[str], start: int, end: int) -> int:
    """The line of an entry's key where nothing but its mapping follows; 0 where it is written in another way."""
    number = next((number for number in range(start, end + 1) if _KEY.match(lines[number - 1])), 0)
    return number if number and _OPENS.match(lines[number - 1]) else 0
