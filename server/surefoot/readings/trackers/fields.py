"""The fields of one exported record, read with the types that they should have.

Invariant: never raises; a field of another type counts as missing, and a complaint says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

Values = Mapping[str, object]

_ISO = re.compile(r"(\d{4})[-/.](\d\d?)[-/.](\d\d?)(?!\d)")
_DAY_MONTH = re.compile(r"(?<!\d)(\d\d?)[\s/.-]+([A-Za-z]{3})[a-z]*\.?[\s/.-]+(\d{4}|\d\d)(?!\d)")
_MONTH_DAY = re.compile(r"\b([A-Za-z]{3})[a-z]*\.?\s+(\d\d?),?\s+(\d{4})\b")
_NUMERIC = re.compile(r"(\d\d?)[/.-](\d\d?)[/.-](\d{4})\b")
_MONTHS = tuple("jan feb mar apr may jun jul aug sep oct nov dec".split())
_MONTHS_OF_A_YEAR = 12
LONGEST_SHOWN = 40  # characters of a value in a complaint
LARGEST_NUMBER = 10**12  # of a ticket
MOST_ITEMS = 500  # of one list in one ticket


@dataclass(slots=True)
class Fields:
    """One record, and what is wrong with it."""

    values: Values
    complaints: list[str] = field(default_factory=list)

    def text(self, *names: str) -> str:
        """The first of these fields that is there; numbers are taken as they are written."""
        name, value = self._first(names)
        if isinstance(value, str):
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value) if abs(value) < LARGEST_NUMBER else ""
        return self._complain(name, value, "text")

    def number(self, name: str) -> int:
        """A number from 1 on; 0 where there is none."""
        value = self.values.get(name)
        if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= len(str(LARGEST_NUMBER)):
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value < LARGEST_NUMBER:
            return value
        self._complain(name, value, "number from 1 on")
        return 0

    def day(self, *names: str) -> str:
        """A date as "2024-03-01"."""
        name, value = self._first(names)
        if value is None or value == "":
            return ""
        found = day(value)
        return found or self._complain(name, value, "date that can be told")

    def name(self, *names: str) -> str:
        """A text, or the name of an object that has one."""
        name, value = self._first(names)
        if value is None or isinstance(value, str):
            return value or ""
        return name_in(value) or self._complain(name, value, "name")

    def names(self, name: str) -> tuple[str, ...]:
        """The names in a list of texts or of objects that have one."""
        return tuple(filter(None, map(name_in, self.items(name))))

    def items(self, name: str) -> list[object]:
        """A list."""
        value = self.values.get(name)
        if isinstance(value, list):
            return value[:MOST_ITEMS]
        self._complain(name, value, "list")
        return []

    def objects(self, name: str) -> Iterator[Fields]:
        """The objects in a list; complaints about them are kept with those of this record."""
        return (Fields(item, self.complaints) for item in self.items(name) if isinstance(item, dict))

    def inner(self, name: str) -> Fields:
        """An object; an empty one where there is none."""
        value = self.values.get(name)
        if not isinstance(value, dict):
            self._complain(name, value, "object")
        return Fields(value if isinstance(value, dict) else {}, self.complaints)

    def has(self, *names: str) -> bool:
        """Whether any of these fields is there and not null."""
        return any(self.values.get(name) is not None for name in names)

    def _first(self, names: tuple[str, ...]) -> tuple[str, object]:
        return next(((name, value) for name in names if (value := self.values.get(name)) is not None), (names[0], None))

    def _complain(self, name: str, value: object, wanted: str) -> str:
        if value is not None:
            self.complaints.append(f"'{name}' is no {wanted} and was left out: {_brief(value)}")
        return ""


def name_in(value: object) -> str:
    """What a label, a milestone or a status is called."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return next((name for key in ("name", "title", "value") if isinstance(name := value.get(key), str)), "")
    return ""


def day(value: object) -> str:
    """The day of a date in any of the ways that trackers write it; empty where it cannot be told."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _of_clock(value)
    if not isinstance(value, str):
        return ""
    head = value.strip()[:60]
    if found := _ISO.match(head):
        return _written(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_MONTH.search(head):
        year = int(found[3]) if len(found[3]) > 2 else 2000 + int(found[3])
        return _written(year, _month(found[2]), int(found[1]))
    if found := _MONTH_DAY.search(head):
        return _written(int(found[3]), _month(found[1]), int(found[2]))
    if found := _NUMERIC.match(head):
        return _of_numbers(int(found[1]), int(found[2]), int(found[3]))
    return ""


def _of_numbers(first: int, second: int, year: int) -> str:
    """03/01/2024 is another day in America; only where one number is no month it is known which is which."""
    if first > _MONTHS_OF_A_YEAR or first == second:
        return _written(year, second, first)
    return _written(year, first, second) if second > _MONTHS_OF_A_YEAR else ""


def _of_clock(value: float) -> str:
    try:
        seconds = value / 1000 if abs(value) > 10**11 else value  # Jira's databases count milliseconds
        return datetime.fromtimestamp(seconds, UTC).date().isoformat()
    except (OverflowError, OSError, ValueError):
        return ""


def _month(name: str) -> int:
    return _MONTHS.index(name.lower()) + 1 if name.lower() in _MONTHS else 0


def _written(year: int, month: int, day_of_month: int) -> str:
    try:
        return date(year, month, day_of_month).isoformat()
    except ValueError:
        return ""


def _brief(value: object) -> str:
    shown = " ".join(repr(value).split()) if isinstance(value, str | int | float | bool) else type(value).__name__
    return shown if len(shown) <= LONGEST_SHOWN else f"{shown[:LONGEST_SHOWN]}…"
