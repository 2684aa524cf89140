"""What people call a place that is no lines of a text file: a ticket, a commit, a page, a shape of a drawing.

Invariant: pure functions of a chunk; a label is one line, and empty for what is best called by its path.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from surefoot.domain import COMMIT, Chunk, Source
from surefoot.readings.commits import NAME_DIGITS, subject_and_date

if TYPE_CHECKING:
    from surefoot.syntax.front_matter import FrontMatter

LONGEST = 200  # characters of a label: it stands in lists
LONGEST_URL = 2000  # characters
CUT = " …"

_DECISION = re.compile(r"[A-Z]{2,10}-\d+(?:\.|$)")
_URL = re.compile(r"https?://[^\s\"'<>\\^`{|}]+", re.IGNORECASE)
_URL_OF_EXPORT = re.compile(r"(?:^|\|)\s*URL:\s*(\S+)", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
FRONT_MATTER_LINES = 60  # at most, at the head of a file


def label_of(chunk: Chunk) -> str:
    """The chunk's label: "#123: Title (closed, 2024-03-01)", "commit 3f2a91c0de, 2024-03-01: Subject", "page 3"."""
    if chunk.source is Source.COMMITS:
        return _one_line(_commit(chunk))
    if chunk.source is Source.TICKETS:
        return _one_line(chunk.signature or chunk.symbol)
    if is_decision(chunk):
        return _one_line(chunk.signature or chunk.symbol)
    return _one_line(_record(chunk)) if chunk.file_line > 0 else ""


def is_decision(chunk: Chunk) -> bool:
    """Whether it is a record of a decision or a part of one: "ADR-7" with its title, its state and its day."""
    return chunk.source is Source.DESIGNS and _DECISION.match(chunk.symbol) is not None


def called(chunk: Chunk) -> str:
    """A place by its name and where it is: "Client.retry (server/client.py:9-14)"; a commit by its label alone."""
    label = label_of(chunk)
    if chunk.source is Source.COMMITS:
        return label
    return f"{label or chunk.symbol or 'lines'} ({chunk.shown})"


def _commit(chunk: Chunk) -> str:
    digits = chunk.symbol or chunk.span.path.removeprefix(COMMIT)[:NAME_DIGITS]
    subject, date = subject_and_date(chunk.signature)
    return "".join((f"commit {digits}", f", {date}" if date else "", f": {subject}" if subject else ""))


def _record(chunk: Chunk) -> str:
    """The path of names to a record, as "Checkout > Pay button"; what it says of itself, where that has its name."""
    name = " > ".join(part for part in chunk.symbol.split(".") if part.strip())
    return chunk.signature if chunk.signature and chunk.symbol.rpartition(".")[2] in chunk.signature else name


def _one_line(label: str) -> str:
    folded = " ".join(_CONTROL.sub(" ", label).split())
    return folded if len(folded) <= LONGEST else folded[:LONGEST].rstrip() + CUT


def url_of(head: str) -> str:
    """The web address that a ticket has for itself, of http or https; `head` are its first lines.

    A ticket's own words may say "URL:" too, so only the lines that our exports and front matter have it on count.
    """
    lines = head.split("\n", 2)
    of_export = _URL_OF_EXPORT.search(lines[1]) if len(lines) > 1 else None
    written = of_export[1] if of_export is not None else _front_matter(head).text("url")
    found = _URL.match(written)
    return found[0] if found is not None and len(found[0]) <= LONGEST_URL else ""


def synced_on(text: str) -> str:
    """The day on which a file with a ticket was fetched, where its front matter tells it: "2024-03-01"."""
    found = _DAY.match(_front_matter(text).text("synced"))
    return found[0] if found is not None else ""


def _front_matter(text: str) -> FrontMatter:
    from surefoot.syntax.front_matter import front_matter  # noqa: PLC0415 - an index that is current needs it not

    return front_matter(text.split("\n", FRONT_MATTER_LINES)[:FRONT_MATTER_LINES])
