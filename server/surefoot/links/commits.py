"""What a commit names: in its message whatever prose may, and the files and functions that it touched.

Invariant: pure functions of a chunk of a commit's text, be it all of it or a part of a long one.
"""

from __future__ import annotations

from collections.abc import Iterator

from surefoot.domain import LinkKind
from surefoot.links.found import Found, found
from surefoot.links.prose import in_prose
from surefoot.readings.commits import TouchedFile, touched_in

FORMER = 0.7  # the score of the name that a file had before


def links_of_commit(text: str) -> Iterator[Found]:
    """Everything that a commit names, message and files."""
    for number, line in enumerate(text.split("\n")):
        touched = touched_in(line)
        named = _of_file(touched[0]) if touched else in_prose(line)
        yield from (each._replace(line=number) for each in named)


def _of_file(touched: TouchedFile) -> Iterator[Found]:
    yield found(LinkKind.PATH, touched.path)
    if touched.before:
        yield found(LinkKind.PATH, touched.before, score=FORMER)
    yield from (found(LinkKind.SYMBOL, name) for name in touched.functions)
