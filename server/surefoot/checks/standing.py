"""Whether lines hold the name that is said to stand there, and if not, where it stands.

Invariant: the place that is given instead is that of a definition which is there now.

Lines hold a name where a definition of it lies in them or they lie in one, or where they use it. Lines that overlap a
definition and neither hold it nor lie in it were counted in another version of the file: they have moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from surefoot.checks.files import File
from surefoot.checks.words import pattern_of
from surefoot.domain import Span, Symbol
from surefoot.retrieve.working_tree import Definition, WorkingTree


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of a file that are there."""

    file: File
    first: int
    last: int


def holds(tree: WorkingTree, lines: Lines, name: str, definitions: Sequence[Definition]) -> bool:
    """Whether the name stands in the lines, or they in its definition; without a name, only the latter."""
    index, path = lines.file
    text = tree.lines(index, path)
    first, last = _trimmed(text, lines.first, lines.last)
    here = [each.symbol for each in definitions if each.index is index and each.symbol.span.path == path]
    if any(_fits(symbol, first, last) for symbol in here):
        return True
    if not name:
        return False
    pattern = pattern_of(name)
    counted = (number for number in range(first, last + 1) if not _is_in(here, number))
    return any(pattern.search(text[number - 1]) for number in counted)


def _fits(symbol: Symbol, first: int, last: int) -> bool:
    span = symbol.span
    return (span.start <= first and last <= span.end) or (first <= symbol.name_line and last >= span.end)


def _is_in(symbols: Sequence[Symbol], line: int) -> bool:
    return any(symbol.span.start <= line <= symbol.span.end for symbol in symbols)


def _trimmed(text: Sequence[str], first: int, last: int) -> tuple[int, int]:
    """The lines without the empty ones around them."""
    last = min(last, len(text))
    while first < last and not text[first - 1].strip():
        first += 1
    while last > first and not text[last - 1].strip():
        last -= 1
    return first, last


def nearest(definitions: Sequence[Definition], file: File | None, line: int) -> Definition | None:
    """The definition that is most likely meant: in this file and near the line, or else the most likely one."""
    index, path = file if file is not None else (None, "")
    here = [each for each in definitions if each.index is index and each.symbol.span.path == path]
    # A constructor has the name of its class, and the class is meant.
    here = [each for each in here if not any(_is_within(each.symbol, other.symbol) for other in here)]
    if here:
        return min(here, key=lambda each: abs(each.symbol.name_line - line))
    return definitions[0] if definitions else None


def _is_within(inner: Symbol, outer: Symbol) -> bool:
    return inner.container == outer.qualified_name and inner != outer and outer.span.contains(inner.span)


def around(tree: WorkingTree, lines: Lines) -> Symbol | None:
    """The definition that the lines are about: the one they begin, or the innermost that holds them."""
    symbols = tree.symbols(*lines.file)
    begun = [symbol for symbol in symbols if lines.first in {symbol.name_line, symbol.span.start}]
    if begun:
        return min(begun, key=lambda symbol: abs(symbol.span.end - lines.last))
    holding = [symbol for symbol in symbols if symbol.span.start <= lines.first and lines.last <= symbol.span.end]
    return min(holding, key=lambda symbol: symbol.span.end - symbol.span.start, default=None)


def whole_or_first(symbol: Symbol, *, is_range: bool) -> Span:
    """The lines to write: all of the definition where a range was written, else the line of its name."""
    return symbol.span if is_range else Span(symbol.span.path, symbol.name_line, symbol.name_line)
