"""A ticket, whichever tracker it is of, and the one way in which it is written as lines of text.

Invariant: the same ticket always gives the same lines, and none of them has the name or the address of a person that
a tracker keeps in a field of its own, or an e-mail address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_LINE = 2000  # characters: less than a chunk has, so that a page pasted as one line becomes several
LONGEST_TITLE = 300
LONGEST_PATH = 300  # of a comment's place

_MAIL = re.compile(r"(?<![\w.+%/-])(?!git@)[\w.+%-]{1,64}@(?:[\w-]{1,63}\.){1,8}[a-zA-Z]{2,24}\b")
_NOT_SHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_DATED = re.compile(r"(\d{4}-\d\d-\d\d)\)$")
_BREAK = re.compile(r"\r\n?")
SOMEBODY = "@somebody"  # in the place of a person who is mentioned
ADDRESS = "(e-mail address)"


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said about a ticket, and when ("2024-03-01", or empty). One without a text is not written.

    `place` is the line of code that it is about ("server/retry.py:12", or the file alone), as it was then.
    """

    date: str
    text: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as its tracker exported it. What is not known is empty; dates are days, "2024-03-01".

    `key` is as people write it: "#123" for an issue or pull request of GitHub and an issue of GitLab, "!45" for a merge
    request of GitLab, "PROJ-214" for Jira and Linear. `duplicate_of`, `parent` and `related` are such keys too.
    """

    key: str
    title: str
    state: str = ""
    kind: str = ""  # "issue", "pull request", "merge request", "bug", "story", ...
    created: str = ""
    updated: str = ""
    closed: str = ""
    labels: tuple[str, ...] = ()
    milestone: str = ""
    duplicate_of: str = ""
    parent: str = ""
    related: tuple[str, ...] = ()
    branch: str = ""
    commits: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    url: str = ""
    body: str = ""
    comments: tuple[Comment, ...] = ()

    @property
    def date(self) -> str:
        """The day that its state is of, as far as is known."""
        return self.closed or self.updated or self.created


@dataclass(frozen=True, slots=True)
class Places:
    """The lines of the file that the parts of a ticket stand on."""

    title: int
    body: int
    comments: tuple[int, ...] = ()  # of the first ones; the others stand where the last of these does

    def comment(self, position: int) -> int:
        """The line of a comment."""
        return self.comments[min(position, len(self.comments) - 1)] if self.comments else self.body


def signature(ticket: Ticket) -> str:
    """One line that says what the ticket is, with the state that it was in and the day of that."""
    state = ", ".join(filter(None, (ticket.state, ticket.date)))
    return f"{_heading(ticket)} ({state})" if state else _heading(ticket)


def dated(signature_of_ticket: str) -> str:
    """The day in the signature of a ticket; empty where it has none. Of two exports of one ticket the later counts."""
    found = _DATED.search(signature_of_ticket)
    return found[1] if found else ""


def lines_of(ticket: Ticket, places: Places) -> Iterator[tuple[str, int]]:
    """The lines of a ticket, each with the line of the file that it was made of."""
    yield from _cut(_heading(ticket), places.title)
    yield from _cut(_facts(ticket), places.title)
    body = shown(ticket.body)
    if body:
        yield "", places.body
        yield from _all(body, places.body)
    if ticket.files:
        yield "", places.body
        yield "Files:", places.body
        yield from ((one_line(path), places.body) for path in ticket.files)
    for position, comment in enumerate(ticket.comments):
        if not comment.text.strip():
            continue
        line = places.comment(position)
        yield "", line
        yield f"{heading_of(comment)}:", line
        yield from _all(shown(comment.text), line)


def heading_of(comment: Comment) -> str:
    """What is written above a comment."""
    about = f"Comment on {comment.place}" if comment.place else "Comment"
    return f"{about}, {comment.date}" if comment.date else about


def place_of(path: str, line: int) -> str:
    """A place in the code; of a path that is no path, or without a line, as much as there is."""
    path = one_line(path)
    if not path or len(path) > LONGEST_PATH:
        return ""
    return f"{path}:{line}" if line else path


def shown(text: str) -> str:
    """Text of a ticket with plain line ends, without what cannot be shown and without e-mail addresses."""
    text = _BREAK.sub("\n", text) if "\r" in text else text
    text = _MAIL.sub(ADDRESS, text) if "@" in text else text
    return _NOT_SHOWN.sub("\ufffd", text).strip("\n").rstrip()


def one_line(text: str) -> str:
    """The same in one line, white space folded."""
    return " ".join(shown(text).split())


def _heading(ticket: Ticket) -> str:
    title = one_line(ticket.title)
    title = title if len(title) <= LONGEST_TITLE else f"{title[:LONGEST_TITLE]}…"
    return f"{ticket.key}: {title}" if title else ticket.key


def _facts(ticket: Ticket) -> str:
    known = (
        ("State", ticket.state),
        ("Created", ticket.created),
        ("Updated", ticket.updated),
        ("Closed", ticket.closed),
        ("Labels", ", ".join(ticket.labels)),
        ("Milestone", ticket.milestone),
        ("Type", ticket.kind),
        ("Duplicate of", ticket.duplicate_of),
        ("Parent", ticket.parent),
        ("Related", ", ".join(ticket.related)),
        ("Branch", ticket.branch),
        ("Commits", ", ".join(ticket.commits)),
        ("URL", ticket.url),
    )
    return one_line(" | ".join(f"{name}: {fact}" for name, fact in known if fact))


def _all(text: str, line: int) -> Iterator[tuple[str, int]]:
    for each in text.split("\n"):
        yield from _cut(each, line)


def _cut(text: str, line: int) -> Iterator[tuple[str, int]]:
    """The text in lines that are not too long, cut after a blank where there is one."""
    start = 0
    while len(text) - start > LONGEST_LINE:
        blank = text.rfind(" ", start + LONGEST_LINE // 2, start + LONGEST_LINE)
        end = blank + 1 if blank > 0 else start + LONGEST_LINE
        yield text[start:end], line
        start = end
    yield text[start:], line
