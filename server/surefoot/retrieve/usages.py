"""Where else a name stands: counted in the index, and the few places that tell most about how it is used.

Invariant: a definition of the name is no usage of it; every place that is returned holds the name at this moment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from enum import IntEnum
from itertools import islice

from surefoot.domain import Chunk, Source, Span, Usage
from surefoot.retrieve.rerank import is_side_code
from surefoot.retrieve.root_index import RootIndex

SHOWN_USAGES = 3
COUNTED_CHUNKS = 150  # chunks scanned for usages; a name in more of them is counted as "at least"

Lines = Callable[[str], list[str]]  # a file's path to its lines as they are now

_WORD = re.compile(r"[\w$]+")
_HASH_LANGUAGES = frozenset("bash elixir julia make perl python r ruby toml yaml".split())
_HASH_COMMENT = re.compile(r"(?:^|\s)#")
_COMMENT = re.compile(r"(?:^|\s)(?://|/\*|<!--|--\s|;;)|^\s*\*(?:\s|$)")
_QUOTES = re.compile(r"\"\"\"|'''")


class Telling(IntEnum):
    """How a line names something, the most telling first."""

    CODE = 0
    TEST = 1
    TEXT = 2  # a comment, a docstring, a string
    DOCUMENT = 3


def usages(
    index: RootIndex, name: str, definitions: Collection[tuple[str, int]], place: Span, lines: Lines
) -> tuple[int, bool, tuple[Usage, ...]]:
    """How many indexed lines name it, whether that is all, and the few most telling ones that still do, closest first.

    `definitions` are the files and lines, as indexed, on which the name is defined: they are not counted.
    """
    word = "".join(_WORD.findall(name.lower())).strip("_$")
    pattern = re.compile(rf"(?<![\w$]){re.escape(name)}(?![\w$])")
    chunks = index.store.mentioning(word, COUNTED_CHUNKS + 1) if word else []
    found = [
        (telling, Usage(index.root, chunk.span.path, number, line.strip()))
        for chunk in chunks[:COUNTED_CHUNKS]
        if name in chunk.text and chunk.file_line == 0  # the lines of a reading are none of an editor
        for number, line, telling in named_in(chunk, name, pattern)
        if (chunk.span.path, number) not in definitions
    ]
    found.sort(key=lambda pair: _order(pair[0], pair[1], place))
    standing = (usage for _, usage in found if _stands(usage, pattern, lines))
    return len(found), len(chunks) <= COUNTED_CHUNKS, tuple(islice(standing, SHOWN_USAGES))


def named_in(chunk: Chunk, name: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, str, Telling]]:
    """The lines of a chunk that hold the name, and what each of them tells."""
    in_docstring = _begins_in_docstring(chunk.text)
    for number, line in enumerate(chunk.text.split("\n"), start=chunk.span.start):
        quotes = len(_QUOTES.findall(line))
        match = pattern.search(line) if name in line else None
        if match is not None:
            comment = _HASH_COMMENT if chunk.language in _HASH_LANGUAGES else _COMMENT
            is_text = in_docstring or quotes > 0 or _is_quoted(line, match) or _is_after(comment, line, match)
            yield number, line, _telling(chunk, is_text=is_text)
        in_docstring ^= quotes % 2 == 1


def _begins_in_docstring(text: str) -> bool:
    """Whether the lines are cut out of a docstring: then the first quotes that they have stand alone and close it."""
    if len(_QUOTES.findall(text)) % 2 == 0:
        return False
    first = next(line for line in text.split("\n") if _QUOTES.search(line))
    return _QUOTES.sub("", first).strip() == "" or first.rstrip().endswith(('"""', "'''"))


def _telling(chunk: Chunk, *, is_text: bool) -> Telling:
    if chunk.source is Source.DOCS:
        return Telling.DOCUMENT
    if is_text:
        return Telling.TEXT
    return Telling.TEST if is_side_code(chunk.span.path) else Telling.CODE


def _is_quoted(line: str, name: re.Match[str]) -> bool:
    around = line[max(0, name.start() - 1) : name.start()], line[name.end() : name.end() + 1]
    return all(mark in {'"', "'", "`"} for mark in around)


def _is_after(comment: re.Pattern[str], line: str, name: re.Match[str]) -> bool:
    begin = comment.search(line)
    return begin is not None and begin.start() < name.start()


def _order(telling: Telling, usage: Usage, place: Span) -> tuple[Telling, int, str, int]:
    """Who looks at a test wants to see it before the code that it tests."""
    is_here = usage.path == place.path and telling is Telling.TEST
    shown_as = Telling.CODE if is_here else telling
    return shown_as, _far(usage, place), usage.path, abs(usage.line - place.start)


def _stands(usage: Usage, pattern: re.Pattern[str], lines: Lines) -> bool:
    text = lines(usage.path)
    return usage.line <= len(text) and pattern.search(text[usage.line - 1]) is not None


def _far(usage: Usage, place: Span) -> int:
    if usage.path == place.path:
        return 0
    return 1 if _folder(usage.path) == _folder(place.path) else 2


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
