"""Where the values of a JSON text stand, so that what is read of them can be shown with its line.

Invariant: each value is decoded at most once a level, so that the time is linear in the length of the text.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

_DECODER = json.JSONDecoder(strict=False)  # people put bare tabs and newlines into strings, and all tools read them
_SPACE = re.compile(r"[ \t\r\n]*")
_NEWLINE = re.compile("\n")

# What decoding raises for text that is no JSON, or that nests deeper than anybody writes.
BROKEN = (ValueError, RecursionError)


def json_text(content: bytes) -> str:
    """The text of a JSON file, in whichever UTF it is."""
    return content.decode(json.detect_encoding(content), "replace")


class Places:
    """A JSON text by the offsets of its values. Raises one of `BROKEN` where it is none."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._newlines = [match.start() for match in _NEWLINE.finditer(text)]

    @property
    def start(self) -> int:
        """Where the outermost value stands."""
        return self._after_space(0)

    def value(self, start: int) -> Any:
        """The value that stands there."""
        return _DECODER.raw_decode(self._text, start)[0]

    def line(self, start: int) -> int:
        """The 1-based line of an offset."""
        return bisect_right(self._newlines, start - 1) + 1

    def members(self, start: int) -> dict[str, int]:
        """Where the values of an object stand, by their keys; nothing where no object stands."""
        found = {}
        for place in self._parts(start, "{", "}"):
            key, end = _DECODER.raw_decode(self._text, place)
            colon = self._after_space(end)
            if not isinstance(key, str) or self._text[colon : colon + 1] != ":":
                raise ValueError("An object has no colon after a key.")
            found[key] = self._after_space(colon + 1)
        return found

    def items(self, start: int) -> list[int]:
        """Where the values of an array stand; nothing where no array stands."""
        return list(self._parts(start, "[", "]"))

    def _parts(self, start: int, opening: str, closing: str) -> Iterator[int]:
        if self._text[start : start + 1] != opening:
            return
        place = self._after_space(start + 1)
        while self._text[place : place + 1] != closing:
            yield place
            end = self._end_of(place, is_member=opening == "{")
            place = self._after_space(end)
            if self._text[place : place + 1] == ",":
                place = self._after_space(place + 1)
            elif self._text[place : place + 1] != closing:
                raise ValueError("A comma is missing.")

    def _end_of(self, start: int, *, is_member: bool) -> int:
        _, end = _DECODER.raw_decode(self._text, start)
        if is_member:
            _, end = _DECODER.raw_decode(self._text, self._after_space(self._after_space(end) + 1))
        return end

    def _after_space(self, start: int) -> int:
        match = _SPACE.match(self._text, start)
        return match.end() if match is not None else start
