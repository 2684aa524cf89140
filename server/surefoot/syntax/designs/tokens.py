"""Tokens of languages with braces, the comments that stand above them, and definitions made of them.

Invariant: one pass over the text, no recursion; a token never spans what a later one begins in.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from surefoot.domain import SymbolKind
from surefoot.syntax.docs import comment_text
from surefoot.syntax.signatures import fold
from surefoot.syntax.symbols import Definition

HEAD_LIMIT = 4000  # characters of a definition's head that are looked at for its signature

Token = tuple[str, int, int]  # its text, and where it begins and ends


@dataclass(slots=True)
class Text:
    """A text, with the places of its lines."""

    text: str
    starts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.starts = [0, *(match.end() for match in re.finditer("\n", self.text))]

    def line(self, place: int) -> int:
        """The 1-based line of a character."""
        return bisect_right(self.starts, place)

    def opens_line(self, place: int) -> bool:
        """Whether nothing but white space stands before `place` on its line."""
        return not self.text[self.starts[self.line(place) - 1] : place].strip()

    def head(self, start: int, end: int, kind: SymbolKind) -> str:
        """The characters between two places as a signature."""
        return fold(self.text[start : min(end, start + HEAD_LIMIT)], kind)


@dataclass(slots=True)
class Comments:
    """The comments that were read last, as long as they stand on lines below each other."""

    first: int = 0
    last: int = -1
    parts: list[str] = field(default_factory=list)

    def add(self, text: Text, token: Token) -> None:
        """Remember a comment that has its lines for itself."""
        if not text.opens_line(token[1]):
            return
        first = text.line(token[1])
        if first != self.last + 1:
            self.first, self.parts = first, []
        self.parts.append(token[0])
        self.last = text.line(max(token[1], token[2] - 1))

    def above(self, line: int) -> tuple[int, str]:
        """The first line of what stands directly above `line`, and what it says; the line itself without any."""
        if not self.parts or self.last != line - 1:
            return line, ""
        return self.first, comment_text("\n".join(self.parts))


def tokens(pattern: re.Pattern[str], text: str) -> Iterator[Token]:
    """What the pattern finds, in order."""
    for match in pattern.finditer(text):
        yield match[0], match.start(), match.end()


def defined(definitions: list[Definition], name: str, kind: SymbolKind, lines: tuple[int, int], parent: int) -> int:
    """Append a definition that begins on the first of `lines` and is named on the second; the caller ends it."""
    outer = definitions[parent].qualified_name if parent >= 0 else ""
    first, name_line = lines
    definitions.append(
        Definition(name, kind, 0, 0, first, name_line, name_line, is_symbol=True, container=outer, parent=parent)
    )
    return len(definitions) - 1
