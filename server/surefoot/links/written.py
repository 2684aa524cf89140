"""Tickets that are written as a team's own patterns say: "Bug 402", "rt.example.com/Ticket/Display.html?id=402".

A pattern is a text with `{number}` in it, and no regular expression. Letter case and the kind of white space do not
matter, and a pattern is found as whole words only.

Invariant: pure; the time is a small multiple of the length of the text for each pattern, whatever either of them is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from surefoot.domain import NUMBER, TicketPattern
from surefoot.links.keys import ticket_key

_DIGITS = r"0{0,6}([1-9][0-9]{0,8})"
_GAP = r"\s{1,10}"  # a blank of a pattern; the line may end there
_AFTER_NUMBER = r"(?!\w|[.,-]\d)"
_AFTER_WORD = r"(?!\w)"
_BEFORE_WORD = r"(?<!\w)"
_BEFORE_NUMBER = r"(?<![\w.,-])"
_BEFORE_ADDRESS = r"(?<![\w.-])"  # another host may end as this one begins


@dataclass(frozen=True, slots=True)
class Written:
    """A ticket as it is written at a place of a text, and the key that it has."""

    begin: int
    text: str
    key: str


@dataclass(frozen=True, slots=True)
class _Way:
    """A pattern, made ready. `sign` is what every text has in which it is found, in lower case."""

    sign: str
    form: re.Pattern[str]
    name: str


def tickets_written(text: str, patterns: Sequence[TicketPattern]) -> Iterator[Written]:
    """The tickets of a text that are written as one of the patterns says."""
    if not patterns:
        return
    lowered = text.lower()
    for way in _ways(tuple(patterns)):
        if way.sign in lowered:
            for match in way.form.finditer(text):
                yield Written(match.start(), match[0], ticket_key(way.name.replace(NUMBER, match[1])))


@lru_cache(maxsize=64)
def _ways(patterns: tuple[TicketPattern, ...]) -> tuple[_Way, ...]:
    return tuple(map(_way, patterns))


def _way(pattern: TicketPattern) -> _Way:
    before, _, after = pattern.template.partition(NUMBER)
    form = f"{_begin(before)}{_plain(before)}{_DIGITS}{_plain(after)}{_end(after)}"
    sign = max(f"{before} {after}".lower().split(), key=len)
    return _Way(sign, re.compile(form, re.IGNORECASE), pattern.name)


def _plain(part: str) -> str:
    """A part of a pattern, of which each character means itself."""
    return re.sub(r"(?:\\ )+", lambda _: _GAP, re.escape(part))


def _begin(before: str) -> str:
    if not before:
        return _BEFORE_NUMBER
    if not _is_word(before[0]):
        return ""
    return _BEFORE_ADDRESS if "/" in before else _BEFORE_WORD


def _end(after: str) -> str:
    if not after:
        return _AFTER_NUMBER
    return _AFTER_WORD if _is_word(after[-1]) else ""


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
