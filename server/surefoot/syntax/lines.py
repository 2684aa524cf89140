"""Lines of a file, and how to cut a range of them that is too long for one chunk.

Invariant: a cut falls between two lines, never inside one, and every line stays in exactly one range.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate

LINE_CAP = 60  # lines of one chunk: about a screen, and what a reader takes in as one thing
CHARACTER_CAP = 2400  # characters of one chunk: about 600 tokens, so that several fit into a small model's context
SMALL_TAIL = 6  # lines: a shorter last piece is not worth a chunk of its own
TAIL_SLACK = 1.2  # how far over the caps a chunk may go to take in such a piece

Range = tuple[int, int]  # first and last line, 1-based and inclusive


@dataclass(slots=True)
class Lines:
    """The lines of a text, 1-based, with the sums that make any range measurable at once."""

    all: list[str]
    _sums: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._sums = [0, *accumulate(len(line) + 1 for line in self.all)]

    def __len__(self) -> int:
        return len(self.all)

    def text(self, first: int, last: int) -> str:
        """The lines of a range, verbatim."""
        return "\n".join(self.all[first - 1 : last])

    def is_blank(self, line: int) -> bool:
        """Whether the line holds white space only."""
        return not self.all[line - 1].strip()

    def characters(self, first: int, last: int) -> int:
        """The length of a range with its newlines."""
        return self._sums[last] - self._sums[first - 1]

    def opens(self, line: int, column: int) -> bool:
        """Whether nothing but indentation stands before `column`, which may be a byte: indents are ASCII."""
        return not self.all[line - 1][:column].strip()

    def fits(self, first: int, last: int, slack: float = 1.0) -> bool:
        """Whether a range is short enough for one chunk; a single line always is."""
        if first >= last:
            return True
        is_short = last - first < slack * LINE_CAP
        return is_short and self.characters(first, last) <= slack * CHARACTER_CAP

    def trimmed(self, first: int, last: int) -> Range | None:
        """The range without blank lines at its ends; None when nothing remains."""
        while first <= last and self.is_blank(first):
            first += 1
        while last >= first and self.is_blank(last):
            last -= 1
        return (first, last) if first <= last else None


def windows(lines: Lines, first: int, last: int) -> list[Range]:
    """The range in windows that fit, cut after a blank line where one stands in the second half."""
    found: list[Range] = []
    while not lines.fits(first, last):
        end = first
        while end < last and lines.fits(first, end + 1):
            end += 1
        middle = first + (end - first) // 2
        end = next((line for line in range(end, middle, -1) if lines.is_blank(line)), end)
        found.append((first, end))
        first = end + 1
    if first <= last:
        found.append((first, last))
    return found


def pack(lines: Lines, starts: list[int], first: int, last: int) -> list[Range]:
    """The range in pieces that fit, each as full as the cuts before `starts` allow; what has no cut stays long."""
    atoms = list(zip([first, *starts], [*(start - 1 for start in starts), last], strict=True))
    pieces: list[Range] = []
    for start, end in atoms:
        if pieces and lines.fits(pieces[-1][0], end):
            pieces[-1] = (pieces[-1][0], end)
        else:
            pieces.append((start, end))
    return pieces
