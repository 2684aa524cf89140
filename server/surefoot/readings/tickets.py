"""Exports of issue trackers as text: GitHub, GitLab, Jira and Linear, as JSON, JSON lines or CSV.

Invariant: never raises, whatever the bytes are; a record that cannot be read is told, and the others are kept.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from surefoot.domain import Source, SymbolKind
from surefoot.readings import Reading, Record
from surefoot.readings.trackers import github, gitlab, jira, linear
from surefoot.readings.trackers.fields import Fields
from surefoot.readings.trackers.listing import Unread, places_of, records_of
from surefoot.readings.trackers.table import Broken, headers_of, rows_of
from surefoot.readings.trackers.ticket import Places, Ticket, lines_of, signature

LANGUAGE = "tickets"
MOST_PROBLEMS = 10  # that are listed of one file; the others are counted
UNKNOWN = (
    "This is no export of tickets that is known: of GitHub (JSON), GitLab, Jira (JSON or CSV) or Linear (CSV); "
    "export it in one of these forms, or move it out of the folder of tickets."
)

_OF_OBJECTS = (jira, gitlab, github)  # the most telling fields first
_OF_TABLES = (jira, gitlab, linear)


@dataclass(slots=True)
class _Tickets:
    """What was read so far: one ticket for each key, and what could not be read."""

    by_key: dict[str, tuple[Ticket, Places]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def complain(self, line: int, why: str) -> None:
        self.problems.append(f"Line {line:,}: {why}.")

    def add(self, ticket: Ticket, places: Places, complaints: Iterable[str], key_field: str) -> None:
        """Keep a ticket; of two with the same key the one that was changed later."""
        line = places.title
        for complaint in complaints:
            self.complain(line, f"{ticket.key}: {complaint}" if ticket.key else complaint)
        if not ticket.key:
            self.complain(line, f"the record has no '{key_field}' and was left out")
            return
        known = self.by_key.get(ticket.key)
        if known is not None:
            self.complain(line, f"{ticket.key} is in the file twice, and the one that was changed later is kept")
            if (ticket.updated or ticket.created) < (known[0].updated or known[0].created):
                return
            del self.by_key[ticket.key]
        self.by_key[ticket.key] = ticket, places


def read(path: str, content: bytes) -> Reading:
    """The tickets of an export."""
    del path  # the content alone tells what it is
    tickets = _Tickets()
    text = _decoded(content, tickets)
    head = text.lstrip("\ufeff \t\r\n\x1e")[:1]
    if head in {"{", "["}:
        _read_listing(text, tickets)
    elif head:
        _read_table(text, tickets)
    return _reading(tickets)


def _decoded(content: bytes, tickets: _Tickets) -> str:
    encoding = json.detect_encoding(content)  # by its marks, or by where the zeros of the first letters are
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        text, used = _decoded_leniently(content, encoding)
        tickets.complain(line, f"the file is not {encoding.upper()} as it should be and was read as {used}")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _decoded_leniently(content: bytes, encoding: str) -> tuple[str, str]:
    """Damaged UTF-8 with marks where it is broken; what has more broken letters than sound ones is Windows' own."""
    if encoding != "utf-8":
        return content.decode(encoding, "replace"), f"{encoding.upper()} with gaps"
    lenient = content.decode("utf-8", "replace")
    broken = lenient.count("\ufffd")
    sound = sum(character > "\x7f" for character in lenient) - broken
    if sound > broken or content[:3] == codecs.BOM_UTF8:
        return lenient, "UTF-8 with gaps"
    return content.decode("cp1252", "replace"), "Windows-1252"


def _read_listing(text: str, tickets: _Tickets) -> None:
    known = None
    for found in records_of(text):
        if isinstance(found, Unread):
            tickets.complain(found.line, found.why)
            continue
        values = found.value if isinstance(found.value, dict) else {}
        tracker = next((tracker for tracker in _OF_OBJECTS if tracker.is_record(values)), known if values else None)
        known = tracker or known
        if tracker is None:
            tickets.complain(found.line, "the record is no ticket of a tracker that is known and was left out")
            continue
        fields = Fields(values)
        ticket = tracker.ticket_of(fields)
        tickets.add(ticket, places_of(text, found), fields.complaints, tracker.KEY_FIELD)
    if known is None and not tickets.by_key and tickets.problems:
        tickets.problems[:] = [UNKNOWN]


def _read_table(text: str, tickets: _Tickets) -> None:
    columns = headers_of(text)
    tracker = next((tracker for tracker in _OF_TABLES if tracker.is_table(columns)), None)
    if tracker is None:
        tickets.problems.append(UNKNOWN)
        return
    for row in rows_of(text):
        if isinstance(row, Broken):
            tickets.complain(row.line, f"the table cannot be read from here on ({row.why})")
            return
        ticket = tracker.ticket_of_row(row)
        tickets.add(ticket, Places(row.line, row.line), row.complaints, tracker.KEY_COLUMN)


def _reading(tickets: _Tickets) -> Reading:
    texts: list[str] = []
    lines: list[int] = []
    records: list[Record] = []
    for ticket, places in tickets.by_key.values():
        if texts:
            texts.append("")
            lines.append(lines[-1])
        first = len(texts) + 1
        for text, line in lines_of(ticket, places):
            texts.append(text)
            lines.append(line)
        records.append(Record(ticket.key, SymbolKind.EVENT, first, len(texts), first, signature=signature(ticket)))
    return Reading(
        LANGUAGE, Source.TICKETS, "\n".join(texts), tuple(lines) or (1,), tuple(records), _bounded(tickets.problems)
    )


def _bounded(problems: list[str]) -> tuple[str, ...]:
    more = len(problems) - MOST_PROBLEMS
    if more <= 0:
        return tuple(problems)
    return (*problems[:MOST_PROBLEMS], f"And {more:,} more, which are not listed.")
