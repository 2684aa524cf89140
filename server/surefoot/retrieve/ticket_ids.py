"""Tickets that a question names: "#123", "GH-123", "issue 123", "PROJ-214", "proj 214", "decision 7", or a page of one.

A project may have said how it writes them besides; that counts before the usual ways do.
The index folds names to letters and digits, and "#123" to a mere number. So a ticket is looked for only where it is
written as one, and its name has to mean the very one; a number alone is a number.

Invariant: a mention's targets are names that stand in the index; what surely means a ticket and is in no index is a
mention all the same, so that the answer can say what it lacks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from surefoot.domain import Mention, MentionKind, TicketPattern
from surefoot.links.keys import ticket_key
from surefoot.links.tickets import NO_PROJECTS, ticket_addresses
from surefoot.links.written import tickets_written
from surefoot.retrieve.root_index import RootIndex
from surefoot.store.names import BEFORE, grams_of
from surefoot.words import fold

MOST_IDS = 60  # of a question that are looked up; a pasted list of commits has more, and says little about any
MOST_TARGETS = 8
LOOKED_AT = 20_000  # characters of the question
MOST_OF_A_PROJECT = 400  # names with the letters of a project that are looked at, to see whether it has tickets
COLOUR = 6  # digits of "#112233", which is no ticket unless there is one

_NUMBER = r"(\d{1,7})(?![\w-]|\.\d)"
_HASH = re.compile(rf"(?<![\w&#/])(?:[\w.-]+/[\w.-]+)?#{_NUMBER}")
_BANG = re.compile(rf"(?<![\w!])!{_NUMBER}")
_GITHUB = re.compile(rf"(?<![\w-])GH-{_NUMBER}", re.IGNORECASE)
_WORDED = re.compile(
    r"\b(issue|ticket|bug|pr|pull request|mr|merge request|adr|decision(?: record)?)s?\s+"
    rf"(?:no\.?\s*|number\s+)?{_NUMBER}",
    re.IGNORECASE,
)
_KEY = re.compile(r"(?<![\w./-])([A-Za-z][A-Za-z0-9_]{1,15})([- ])(\d{1,7})(?![\w-]|\.\d)")
_END_OF_ADDRESS = ".,;:!?)]>'\""


@dataclass(frozen=True, slots=True)
class TicketId:
    """A ticket as it is written in a question, and the keys that it may have.

    `is_sure` says that it can be nothing else, so that it is missing where no index has it. "proj-214" is so where its
    `project` has tickets.
    """

    text: str
    keys: tuple[str, ...]
    is_sure: bool
    project: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", tuple(filter(None, map(ticket_key, self.keys))))


def ticket_mentions(text: str, roots: Sequence[RootIndex]) -> list[Mention]:
    """The tickets that a question names, in all roots."""
    ids = _ids(text[:LOOKED_AT], patterns_of(roots))[:MOST_IDS]
    if not ids:
        return []
    wanted = {fold(written) for each in ids for written in (*each.keys, each.text)}
    spelt = [index.store.spellings(wanted) for index in roots]
    mentions: dict[str, Mention] = {}
    for each in ids:
        folds = dict.fromkeys(fold(written) for written in (*each.keys, each.text))
        names = (name for known in spelt for key in folds for name in known.get(key, ()))
        targets = tuple(dict.fromkeys(name for name in names if ticket_key(name) in each.keys))[:MOST_TARGETS]
        if targets:
            mentions.setdefault(each.text, Mention(each.text, MentionKind.SYMBOL, targets, is_code=True))
        elif each.is_sure or ("-" in each.text and each.project and _has_tickets(each.project, roots)):
            mentions.setdefault(each.text, Mention(each.text, MentionKind.UNRESOLVED, is_code=True))
    return list(mentions.values())


def patterns_of(roots: Iterable[RootIndex]) -> tuple[TicketPattern, ...]:
    """How tickets are written in these roots, besides the usual ways."""
    return tuple(dict.fromkeys(pattern for index in roots for pattern in index.store.ticket_patterns()))


def is_ticket_name(name: str) -> bool:
    """Whether a symbol of this name is a ticket, as far as a name tells."""
    return ticket_key(name) == name != ""


def _ids(text: str, patterns: Sequence[TicketPattern]) -> list[TicketId]:
    """All that is written as a ticket, in the order of the text; of two at one place the first pattern's."""
    found: dict[int, TicketId] = {}
    taken = bytearray(len(text))
    for begin, each in _written(text, patterns):
        end = begin + len(each.text)
        if not any(taken[begin:end]):
            found[begin] = each
            taken[begin:end] = b"\1" * (end - begin)
    return [found[begin] for begin in sorted(found)]


def _written(text: str, patterns: Sequence[TicketPattern]) -> Iterator[tuple[int, TicketId]]:
    for own in tickets_written(text, patterns):
        yield own.begin, TicketId(own.text, (own.key,), is_sure=True)
    alone = text.strip()
    if alone.isascii() and alone.isdecimal():  # nothing else was asked
        yield text.index(alone), TicketId(alone, (f"#{alone}", f"!{alone}"), is_sure=False)
    for address in ticket_addresses(text):
        written = text[address.line :].split(maxsplit=1)[0].rstrip(_END_OF_ADDRESS)
        yield address.line, TicketId(written, (address.target,), is_sure=True)
    for match in _HASH.finditer(text):
        yield match.start(), TicketId(match[0], (f"#{match[1]}",), is_sure=len(match[1]) < COLOUR)
    for match in _BANG.finditer(text):
        yield match.start(), TicketId(match[0], (f"!{match[1]}",), is_sure=False)
    for match in _GITHUB.finditer(text):
        yield match.start(), TicketId(match[0], (f"#{match[1]}",), is_sure=True)
    for match in _WORDED.finditer(text):
        yield match.start(), _worded(match)
    for match in _KEY.finditer(text):
        project = match[1].upper()
        is_sure = match[1] == project and match[2] == "-" and project not in NO_PROJECTS
        yield match.start(), TicketId(match[0], (f"{project}-{match[3]}",), is_sure, project)


def _worded(match: re.Match[str]) -> TicketId:
    word, number = match[1].lower(), match[2]
    keys = {"p": (f"#{number}", f"!{number}"), "m": (f"!{number}", f"#{number}"), "a": (f"ADR-{number}",)}
    keys["d"] = keys["a"]  # "decision 7"
    is_sure = word in {"issue", "ticket", "pull request", "merge request", "adr"}
    return TicketId(match[0], keys.get(word[0], (f"#{number}",)), is_sure)


def _has_tickets(project: str, roots: Iterable[RootIndex]) -> bool:
    """Whether any ticket of the project is indexed."""
    key = fold(project)
    grams, lengths = grams_of(f"{BEFORE}{key}"), (len(key) + 1, len(key) + 7)
    for index in roots:
        near = index.store.names_holding([grams], lengths, MOST_OF_A_PROJECT)
        written = index.store.spellings([name for name in near if name[len(key) :].isdecimal()])
        if any(name.upper().startswith(f"{project}-") for names in written.values() for name in names):
            return True
    return False
