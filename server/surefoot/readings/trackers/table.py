"""The rows of a CSV export, each with the line that it begins on.

Invariant: never raises; a row that does not fit its headers is told, and read as far as it goes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from surefoot.readings.trackers.fields import day

DELIMITERS = ",;\t"
LONGEST_CELL = 64 * 1024 * 1024  # characters; Python's own limit of 131,072 is less than a long ticket has
MOST_HEADERS = 5000  # exports of all fields with all comments have hundreds


@dataclass(frozen=True, slots=True)
class Row:
    """One record: the values of each column, of which there may be several of one name; empty ones are left out."""

    columns: dict[str, list[int]]
    cells: Sequence[str]
    line: int
    complaints: list[str] = field(default_factory=list)

    def has_column(self, name: str) -> bool:
        """Whether the export has such a column."""
        return name in self.columns

    def all(self, name: str) -> list[str]:
        """What stands in the columns of this name."""
        places = self.columns.get(name, ())
        return [cell for place in places if place < len(self.cells) and (cell := self.cells[place]).strip()]

    def first(self, *names: str) -> str:
        """What stands in the first of these columns that has something."""
        return next((cell for name in names for cell in self.all(name)), "")

    def split(self, name: str) -> tuple[str, ...]:
        """The parts of a list with commas."""
        return tuple(part.strip() for part in self.first(name).split(",") if part.strip())

    def day(self, *names: str) -> str:
        """A date as "2024-03-01"."""
        value = self.first(*names)
        found = day(value) if value else ""
        if value and not found:
            self.complaints.append(f"'{value[:40]}' is no date that can be told and was left out")
        return found


@dataclass(frozen=True, slots=True)
class Broken:
    """The rest of a table that could not be read, from this line on."""

    line: int
    why: str


def rows_of(text: str) -> Iterator[Row | Broken]:
    """The records of a table, whose first row has its headers; none for what has no headers."""
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_CELL))
    reader = csv.reader(io.StringIO(text), delimiter=_delimiter(text))
    columns: dict[str, list[int]] = {}
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield Broken(line, str(error))
            return
        if cells is None:
            return
        if not any(map(str.strip, cells)):
            continue
        if columns:
            yield _row(columns, cells, line)
        else:
            columns = _columns(cells)


def headers_of(text: str) -> frozenset[str]:
    """The names of the columns; none where the first row cannot be read."""
    try:
        first = next(csv.reader(io.StringIO(text[:1_000_000].lstrip("\n")), delimiter=_delimiter(text)), [])
    except csv.Error:
        return frozenset()
    return frozenset(_columns(first))


def _columns(cells: Sequence[str]) -> dict[str, list[int]]:
    columns: dict[str, list[int]] = {}
    for place, cell in enumerate(cells[:MOST_HEADERS]):
        columns.setdefault(cell.strip(), []).append(place)
    return columns


def _row(columns: dict[str, list[int]], cells: Sequence[str], line: int) -> Row:
    row, wanted = Row(columns, cells, line), sum(map(len, columns.values()))
    # Some programs leave out the empty cells at the end; what goes beyond the headers is a stray comma or quote.
    if len(cells) > wanted and any(map(str.strip, cells[wanted:])):
        row.complaints.append(f"it has {len(cells):,} cells for {wanted:,} columns")
    elif len(cells) < wanted:
        row.complaints.append(f"it has only {len(cells):,} cells for {wanted:,} columns")
    return row


def _delimiter(text: str) -> str:
    head = text.lstrip("\n").partition("\n")[0]
    return max(DELIMITERS, key=head.count)
