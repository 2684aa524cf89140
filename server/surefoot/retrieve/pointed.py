"""Places in a question: `a.py:3-9`, "`a.py`, lines 3 to 9", and what editors, compilers and stack traces write.

Invariant: a place is never invented; its path names an indexed file, and its numbers stand in the question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from surefoot.domain import Mention, MentionKind, Place, Query, Span
from surefoot.retrieve.product import folder_of, open_root
from surefoot.retrieve.root_index import RootIndex

MOST_PLACES = 20  # of a question: an answer cites a few, and the frames of a deep stack trace repeat themselves
MOST_FILES = 3  # that one path may mean; a bare `main.c:12` of many roots says little about any of them
FEWEST_PARTS = 2  # of a path from another machine that must fit: any project has a `main.py`

# Everything is possessive: a pasted log of 20,000 characters is read once, however it looks.
_NUMBER = r"(\d{1,7})"
_LINE = r"(?:lines?\s*+|L)"
_WORDED = rf"{_LINE}{_NUMBER}(?:\s*+(?:-|\u2013|\u2014|to|and|through|until)\s*+(?:{_LINE})?{_NUMBER})?+(?!\w)"
_AFTER = rf"\s*+[,(:]?+\s*+(?:(?:at|on|in)\s++)?+(?:the\s++)?+{_WORDED}\)?+"
_BEFORE = rf"\b{_WORDED}\s++(?:of|in|from)\s++(?:the\s++)?+(?:file\s++)?+"
_ATTACHED = (
    rf":L?+{_NUMBER}(?:[:.]\d{{1,5}})?+(?:\s?+[-\u2013]\s?+L?+{_NUMBER}(?::\d{{1,5}})?+)?+(?!\w)"
    rf"|\#L{_NUMBER}(?:C\d{{1,5}})?+(?:-L?+{_NUMBER}(?:C\d{{1,5}})?+)?+(?!\w)"
    rf"|\({_NUMBER}(?:,\s?\d{{1,5}})?+\)"
)
_IN_QUOTES = r"(?:`([^`\n]{1,400}+)`|\"([^\"\n]{1,400}+)\"|(?<!\w)'([^'\n]{1,400}+)')"
_BARE = r"((?<![\w$@~+./\\-])(?:[A-Za-z]:(?=[\\/]))?+[\w$@~+./\\-]++)"

_QUOTED_THEN_LINES = re.compile(rf"(?:\bFile\s++)?+{_IN_QUOTES}{_AFTER}", re.IGNORECASE)
_LINES_THEN_QUOTED = re.compile(_BEFORE + _IN_QUOTES, re.IGNORECASE)
_QUOTED = re.compile(_IN_QUOTES)
_BARE_WITH_LINES = re.compile(rf"{_BARE}(?:{_ATTACHED}|{_AFTER})", re.IGNORECASE)
_LINES_THEN_BARE = re.compile(_BEFORE + _BARE, re.IGNORECASE)
_ENDS_IN_LINES = re.compile(rf"(.+?)(?:{_ATTACHED})$", re.IGNORECASE)

_DRIVE = re.compile(r"[A-Za-z]:/")
_FILE_NAME = re.compile(r"[^/\\]*\.[A-Za-z][A-Za-z0-9+]{0,9}$")
_LEAD = re.compile(r"\W*+(?:in|at|see|look at)?+\W*+", re.IGNORECASE)
# What only points at the place, and what Python writes above every stack trace.
_POINTING = re.compile(r"\bhere\b|\bselect(?:ed|ion)\b|Traceback \(most recent call (?:last|first)\):", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pointed:
    """The places of a question, each as a mention too, and what else the question says."""

    places: tuple[Place, ...]
    mentions: tuple[Mention, ...]
    text: str


@dataclass(frozen=True, slots=True)
class _Written:
    """A path with line numbers as it stands in the text: all of it, and the part beside the path."""

    begin: int
    end: int
    numbers: tuple[int, int]  # where the text beside the path begins and ends
    path: str
    first: int
    last: int


def pointed_at(query: Query, roots: Sequence[RootIndex]) -> Pointed:
    """Find the places that the question names, and take them out of its words."""
    text = query.text
    places: dict[Place, None] = {}
    mentions: list[Mention] = []
    cuts: list[tuple[int, int]] = []
    for written in _written(text)[:MOST_PLACES]:
        found = [
            Place(index.root.path, Span(path, written.first, written.last))
            for index, path in _files(written.path, roots, query.open_file)
        ]
        if found:
            places.update(dict.fromkeys(found))
            targets = tuple(dict.fromkeys(str(place.span) for place in found))
            mentions.append(Mention(text[written.begin : written.end], MentionKind.PLACE, targets, is_code=True))
            cuts.append((written.begin, written.end))
        elif _looks_like_ours(written.path, roots):  # the file is reported as absent, not its lines
            cuts.append(written.numbers)
    return Pointed(tuple(places), tuple(mentions), _rest(text, cuts, points=bool(places)))


def names_lines(text: str) -> bool:
    """Whether lines of a file are named: then "here" and "it" are about them."""
    return any(_FILE_NAME.search(written.path) for written in _written(text))


def _rest(text: str, cuts: Sequence[tuple[int, int]], *, points: bool) -> str:
    for begin, end in sorted(cuts, reverse=True):
        text = f"{'' if points and _LEAD.fullmatch(text[:begin]) else text[:begin]} {text[end:]}"
    return _POINTING.sub(" ", text).lstrip(" \t\n,:;)") if points else text


def _written(text: str) -> list[_Written]:
    """All that is written as a place, in the order of the text and without overlaps."""
    if not any(map(str.isdecimal, text)):
        return []
    found: list[_Written] = []
    taken = bytearray(len(text))
    for written in (*_with_quotes(text), *_without_quotes(text)):
        if not any(taken[written.begin : written.end]):
            found.append(written)
            taken[written.begin : written.end] = b"\1" * (written.end - written.begin)
    return sorted(found, key=lambda written: written.begin)


def _with_quotes(text: str) -> Iterator[_Written]:
    for match in _QUOTED_THEN_LINES.finditer(text):
        *paths, first, last = match.groups()
        group = 1 + next(place for place, path in enumerate(paths) if path)
        yield _numbered(match, match[group], (match.end(group) + 1, match.end()), first, last)
    for match in _LINES_THEN_QUOTED.finditer(text):
        first, last, *paths = match.groups()
        group = 3 + next(place for place, path in enumerate(paths) if path)
        yield _numbered(match, match[group], (match.start(), match.start(group) - 1), first, last)
    for match in _QUOTED.finditer(text):
        inside = _ENDS_IN_LINES.match(next(filter(None, match.groups())))
        if inside:
            path, *numbers = filter(None, inside.groups())
            yield _numbered(match, path, (match.start() + 1 + len(path), match.end() - 1), *numbers)


def _without_quotes(text: str) -> Iterator[_Written]:
    for match in _BARE_WITH_LINES.finditer(text):
        path, *numbers = filter(None, match.groups())
        yield _numbered(match, path, (match.start() + len(path), match.end()), *numbers)
    for match in _LINES_THEN_BARE.finditer(text):
        first, last, path = match.groups()
        yield _numbered(match, path.rstrip("."), (match.start(), match.start(3)), first, last)


def _numbered(
    match: re.Match[str], path: str, numbers: tuple[int, int], first: str, last: str | None = None
) -> _Written:
    start = max(1, int(first))
    # `a.py:12:5-9` ends in columns.
    end = int(last) if last and int(last) >= start else start
    return _Written(match.start(), match.end(), numbers, path, start, end)


def _files(written: str, roots: Sequence[RootIndex], opened: Path | None) -> list[tuple[RootIndex, str]]:
    """The indexed files that the path means: the very one, or else the ones whose paths end so."""
    wanted = written.replace("\\", "/").removeprefix("./")
    if wanted.startswith("/") or _DRIVE.match(wanted):
        inside = _inside(Path(written), roots)
        return [inside] if inside else _ending_in_a_part_of(wanted, roots)[:MOST_FILES]
    fitting = _ending_in(wanted, roots) + _below_a_folder(wanted, roots)
    preferred = open_root(opened, roots)
    for choice in (
        [(index, path) for index, path in fitting if index.root.path / path == opened],
        [(index, path) for index, path in fitting if path == wanted and index in preferred],
        [(index, path) for index, path in fitting if wanted in (path, f"{folder_of(index.root)}/{path}")],
        [(index, path) for index, path in fitting if index in preferred],
    ):
        if choice:
            return choice[:MOST_FILES]
    return fitting[:MOST_FILES]


def _inside(path: Path, roots: Sequence[RootIndex]) -> tuple[RootIndex, str] | None:
    """The innermost root that holds the file, with the file's path there."""
    try:
        spellings = {path, path.resolve()}
    except (OSError, RuntimeError, ValueError):
        spellings = {path}
    named = [
        (index, spelling.relative_to(index.root.path).as_posix())
        for index in roots
        for spelling in spellings
        if spelling.is_relative_to(index.root.path)
    ]
    found = [(index, name) for index, name in named if index.store.file(name)]
    return max(found, key=lambda pair: len(pair[0].root.path.parts), default=None)


def _ending_in(wanted: str, roots: Sequence[RootIndex]) -> list[tuple[RootIndex, str]]:
    lowered = f"/{wanted.lower().lstrip('/')}"
    name = lowered.rpartition("/")[2]
    return [
        (index, path)
        for index in roots
        for path in index.store.paths_named(name)
        if f"/{path.lower()}".endswith(lowered)
    ]


def _below_a_folder(wanted: str, roots: Sequence[RootIndex]) -> list[tuple[RootIndex, str]]:
    """Files that are written with their root's own folder before them, as editors do where several are open."""
    folder, _, path = wanted.partition("/")
    return [(index, path) for index in roots if folder == folder_of(index.root) and index.store.file(path)]


def _ending_in_a_part_of(wanted: str, roots: Sequence[RootIndex]) -> list[tuple[RootIndex, str]]:
    """A stack trace may come from another machine: the longest end of its path that fits counts."""
    parts = wanted.strip("/").split("/")
    ends = ("/".join(parts[begin:]) for begin in range(len(parts) - FEWEST_PARTS + 1))
    return next((found for end in ends if (found := _ending_in(end, roots))), [])


def _looks_like_ours(path: str, roots: Sequence[RootIndex]) -> bool:
    """Whether a path that is not indexed is one of a kind that is: `gone.py`, and not `example.com`."""
    if not _FILE_NAME.search(path):
        return False
    ending = f".{path.rpartition('.')[2].lower()}"
    return any(index.store.has_ending(ending) for index in roots)
