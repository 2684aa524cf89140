"""Tickets as Markdown with front matter: the file is the ticket, and its headings stand in it.

Invariant: a file without a key is a document with headings; nothing here looks at where the file lies.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from surefoot.domain import SymbolKind
from surefoot.readings.trackers.fields import day
from surefoot.readings.trackers.ticket import Ticket, signature
from surefoot.syntax.front_matter import FrontMatter, front_matter
from surefoot.syntax.prose import headings_of, sections
from surefoot.syntax.symbols import Definition

_KEYS = ("key", "ticket", "id", "number", "iid", "issue")
_STATES = ("state", "status")
_NUMBER = re.compile(r"(?:gh-?|#)?(\d{1,9})", re.IGNORECASE)
_WRITTEN = re.compile(r"[#!]\d{1,9}|[A-Za-z][A-Za-z0-9_]{0,30}-\d{1,9}")


def ticket_definitions(text: str) -> list[Definition]:
    """The ticket, where the file says which one it is, and the headings in it."""
    lines = text.split("\n")
    front = front_matter(lines)
    headings = sections(headings_of("markdown", lines), len(lines))
    ticket = _ticket(front, headings)
    if ticket is None:
        return headings
    whole = Definition(
        name=ticket.key,
        kind=SymbolKind.EVENT,
        start=0,
        end=0,
        first=1,
        last=len(lines),
        name_line=_name_line(ticket.key, front, lines),
        is_symbol=True,
        signature=signature(ticket),
    )
    for heading in headings:
        heading.parent += 1
        heading.container = f"{ticket.key}.{heading.container}" if heading.container else ticket.key
    return [whole, *headings]


def _ticket(front: FrontMatter, headings: Sequence[Definition]) -> Ticket | None:
    key = _key(front)
    if not key:
        return None
    title = front.text("title", "summary", "name") or (headings[0].name if headings else "")
    return Ticket(
        key,
        title.removeprefix(f"{key}:").strip(),
        front.text(*_STATES),
        created=day(front.text("created", "created_at", "date")),
        updated=day(front.text("updated", "updated_at")),
        closed=day(front.text("closed", "closed_at", "resolved", "completed", "merged")),
    )


def _key(front: FrontMatter) -> str:
    """The ticket's key as people write it. A bare number is one where a state says that this is a ticket."""
    written = front.text(*_KEYS).strip()
    if _WRITTEN.fullmatch(written):
        number = _NUMBER.fullmatch(written)
        return f"#{number[1]}" if number else written if written[0] in "#!" else written.upper()
    number = _NUMBER.fullmatch(written) if front.text(*_STATES) else None
    return f"#{number[1]}" if number else ""


def _name_line(key: str, front: FrontMatter, lines: Sequence[str]) -> int:
    """The line that has the key, or else the one that says it in another way."""
    head = lines[: max(front.end, 1)]
    said = next((place for place, line in enumerate(head, 1) if key in line), 0)
    return said or front.line(*_KEYS) or 1
