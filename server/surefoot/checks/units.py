"""The parts of a text within which a name and a place belong together: a sentence, a list item, a table row.

Invariant: the units cover the text in order and without overlaps; what is inside a fence is one unit per line.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

_FENCE = re.compile(r"[ \t>]{0,8}(`{3,}|~{3,})")
_STARTS_ITEM = re.compile(r"\s*(?:[-*+\u2022]\s|\d{1,3}[.)]\s|\||#|>|$)")
_IS_WHOLE = re.compile(r"\s*(?:\||#{1,6}\s)")  # rows and headings end with their line
_SENTENCE_END = re.compile(r"[.!?][)\]\"'*_]{0,3}\s+(?=[A-Z`\"'(\[*_0-9])")
_ABBREVIATED = re.compile(r"(?:\be\.g|\bi\.e|\bcf|\bvs|\betc|\bapprox|\bl|\bll|\bfig|\bno)\.$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Units:
    """Where each unit begins, and which of them are code."""

    starts: list[int]
    fenced: list[bool]

    def number_of(self, offset: int) -> int:
        """The unit that holds an offset."""
        return bisect_right(self.starts, offset) - 1

    def is_code(self, offset: int) -> bool:
        """Whether the offset lies in a fenced block."""
        return self.fenced[self.number_of(offset)]


def units_of(text: str) -> Units:
    """Cut the text into its units."""
    starts, fenced = [0], [False]
    fence, offset, ended = "", 0, False
    for line in text.splitlines(keepends=True):
        mark = _FENCE.match(line)
        inside = bool(fence)
        if mark and not fence:
            fence = mark.group(1)
        elif mark and fence and mark.group(1).startswith(fence):
            fence = ""
        if inside or fence or _STARTS_ITEM.match(line) or fenced[-1] or ended:
            _begin(starts, fenced, offset, is_code=inside or bool(fence))
        if not inside and not fence:
            for end in _SENTENCE_END.finditer(line):
                if not _ABBREVIATED.search(line, max(0, end.start() - 8), end.start() + 1):
                    _begin(starts, fenced, offset + end.end(), is_code=False)
        offset += len(line)
        ended = bool(_IS_WHOLE.match(line))
    return Units(starts, fenced)


def _begin(starts: list[int], fenced: list[bool], offset: int, *, is_code: bool) -> None:
    if starts[-1] == offset:
        fenced[-1] = is_code
    else:
        starts.append(offset)
        fenced.append(is_code)
