"""The records of a JSON export: of a list, of lists one after the other, of a reply with a list in it, of JSON lines.

Invariant: never raises, and each record that is whole is found, however the text around it is broken, unless that is
so in a thousand places.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from surefoot.readings.trackers.ticket import Places

_BETWEEN = re.compile(r"[\s,\x1e]*")  # the record separator is that of JSON text sequences
_LIST_IN_REPLY = re.compile(r'"(?:issues|items|nodes|values|results|data)"\s*:\s*\[')
_LISTS = ("issues", "items", "nodes", "values", "results", "data")
REPLY_HEAD = 20_000  # characters of a reply before its list
_PROPERTY = re.compile(r'^([ \t]*)"(title|summary|body|description|comments|notes|comment)"[ \t]*:', re.MULTILINE)
_TITLES, _BODIES = frozenset({"title", "summary"}), frozenset({"body", "description"})
_COMMENT_LISTS = frozenset({"comments", "notes", "comment"})
MOST_UNREAD = 1000  # records of one file, after which it is given up: to tell where each one breaks takes a look at all
LONGEST_NUMBER = 30  # digits; Python raises beyond some thousands, and no field that is read has as many


def _whole(digits: str) -> int:
    return int(digits) if len(digits) <= LONGEST_NUMBER else 0


# Lenient about line breaks in strings, which some programs leave as they are.
_DECODER = json.JSONDecoder(strict=False, parse_int=_whole)


@dataclass(frozen=True, slots=True)
class Found:
    """A record, where it stands in the text, and the line that it begins on."""

    value: object
    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that is no record, from this line on."""

    line: int
    why: str


@dataclass(slots=True)
class _Scan:
    """How far the text was read."""

    text: str
    position: int = 0
    line: int = 1
    _counted: int = 0
    depth: int = 0
    resume: int = -1  # the end of the reply whose list is being read

    def line_here(self) -> int:
        self.line += self.text.count("\n", self._counted, self.position)
        self._counted = self.position
        return self.line


def records_of(text: str) -> Iterator[Found | Unread]:
    """The records in the order of the text, and what could not be read."""
    scan = _Scan(text)
    unread = 0
    while (mark := _next(scan)) != "":
        if mark == "[":
            scan.depth += 1
            scan.position += 1
        elif mark in "]}":
            _close(scan, mark)
        elif mark == "{" and scan.depth == 0 and _enters_reply(scan):
            scan.depth += 1
        else:
            found = _record(scan)
            yield found
            unread += isinstance(found, Unread)
            if unread >= MOST_UNREAD:
                yield Unread(scan.line_here(), f"{unread:,} records could not be read, and what follows was left out")
                return
    if scan.depth > 0:
        yield Unread(scan.line_here(), "the list is not closed; the file seems to be cut off")


def places_of(text: str, found: Found) -> Places:
    """The lines of the properties of a record that is written over several lines."""
    if text.find("\n", found.start, found.end) < 0:
        return Places(found.line, found.line)
    title = body = 0
    depths = {"title": 1 << 20, "body": 1 << 20, "comments": -1}
    comments: list[int] = []
    line, counted = found.line, found.start
    for match in _PROPERTY.finditer(text, found.start, found.end):
        line, counted = line + text.count("\n", counted, match.start()), match.start()
        depth, name = len(match[1]), match[2]
        if name in _TITLES and depth < depths["title"]:
            title, depths["title"] = line, depth
        elif depths["comments"] >= 0 and name == "body" and depth > depths["comments"]:
            comments.append(line)
        elif name in _BODIES and depth < depths["body"]:
            body, depths["body"] = line, depth
        if name in _COMMENT_LISTS and (depths["comments"] < 0 or depth <= depths["comments"]):
            depths["comments"] = depth
    return Places(title or found.line, body or found.line, tuple(comments))


def _next(scan: _Scan) -> str:
    """The character that stands next, after blanks and commas; empty at the end."""
    between = _BETWEEN.match(scan.text, scan.position)
    scan.position = between.end() if between else scan.position
    return scan.text[scan.position : scan.position + 1]


def _close(scan: _Scan, mark: str) -> None:
    scan.position += 1
    if mark == "]":
        scan.depth = max(scan.depth - 1, 0)
        if scan.depth == 0 and scan.resume >= 0:
            scan.position, scan.resume = max(scan.resume, scan.position), -1


def _enters_reply(scan: _Scan) -> bool:
    """Go to the list in a reply, where this is one."""
    listed = _LIST_IN_REPLY.search(scan.text, scan.position, scan.position + REPLY_HEAD)
    if listed is None:
        return False
    try:
        value, end = _DECODER.raw_decode(scan.text, scan.position)
    except (ValueError, RecursionError):
        if scan.text.find("\n{", scan.position) >= 0:  # broken lines of JSON, each of which stands for itself
            return False
        end = len(scan.text)  # a reply that was cut off
    else:
        if not any(isinstance(value.get(name), list) for name in _LISTS) or _is_ticket(value):
            return False
    scan.position, scan.resume = listed.end(), end
    return True


def _is_ticket(value: dict[str, object]) -> bool:
    return "title" in value or "fields" in value or "number" in value or "iid" in value


def _record(scan: _Scan) -> Found | Unread:
    start, line = scan.position, scan.line_here()
    try:
        value, scan.position = _DECODER.raw_decode(scan.text, start)
    except (ValueError, RecursionError) as error:
        return _unread(scan, start, line, error)
    return Found(value, start, scan.position, line)


def _unread(scan: _Scan, start: int, line: int, error: Exception) -> Unread:
    """Go to the next line that begins as this record does."""
    begin = scan.text.rfind("\n", 0, start) + 1
    indent = scan.text[begin:start]
    following = scan.text.find(f"\n{indent}{{", start) if not indent.strip() else -1
    is_last = following < 0
    scan.position = len(scan.text) if is_last else following + 1
    scan.depth = 0 if is_last else scan.depth  # that the list isn't closed either says nothing new
    scan.resume = -1
    return Unread(line, f"the record that begins here is no whole JSON and was left out{_where(error, scan.text)}")


def _where(error: Exception, text: str) -> str:
    if not isinstance(error, json.JSONDecodeError):
        return " (it nests beyond all measure)"
    return (
        " (the file ends in it)"
        if not text[error.pos :].strip()
        else f" (line {error.lineno:,}, column {error.colno:,})"
    )
