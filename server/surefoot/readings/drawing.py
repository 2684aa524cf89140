"""Drawings as text, whichever program they are of: pages, frames, what stands on shapes, what is connected.

The text of a drawing has one thing a line, so that it is easy to read back:

    Page: Checkout                      a page, by its name
    - Cart                              a shape, by the text on it: a label; also a frame in this one
    Cart -> Payment service: pays       a connection, with what stands on its line, if anything

    Frame: Checkout > Payment form      a frame, group or container in the page, by the path of names to it
    - Pay button

Each label stands once in its frame. Labels are guesses at names of code, so links made of them carry a score.

Invariant: the same frames always give the same text, and no text of the drawing spreads over two lines of it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from surefoot.domain import Source, SymbolKind
from surefoot.readings import Reading, Record

LANGUAGE = "drawing"
MOST_DEEP = 8  # frames within frames: what nests deeper is told with the frame at this depth
LABEL_LIMIT = 400  # characters: a longer text on a shape is a paragraph, and its beginning says what it is about
NAME_LIMIT = 200
UNNAMED = "(no name)"

_TAG = re.compile(r"<[^<>]*>")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(slots=True)
class Connection:
    """A line from one shape to another, by what stands on them and on itself."""

    start: str
    end: str
    label: str
    line: int

    def __str__(self) -> str:
        joined = f"{self.start or UNNAMED} -> {self.end or UNNAMED}"
        return f"{joined}: {self.label}" if self.label else joined


@dataclass(slots=True)
class Frame:
    """A page, or a frame in it. `line` is that of the file; `labels` have theirs. A closed one frames nothing more."""

    name: str
    line: int
    labels: dict[str, int] = field(default_factory=dict)
    connections: list[Connection] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    is_closed: bool = False

    def add(self, label: str, line: int) -> None:
        """A shape with this text, unless it has none or stands there already."""
        if label:
            self.labels.setdefault(label, line)

    def connect(self, connection: Connection) -> None:
        """A connection; where neither of its ends has a text, what stands on it is a text like others."""
        if connection.start or connection.end:
            self.connections.append(connection)
        else:
            self.add(connection.label, connection.line)


def one_line(text: object) -> str:
    """What stands on a shape as one line without control characters; empty where it is no text."""
    if not isinstance(text, str):
        return ""
    plain = " ".join(_CONTROL.sub(" ", text).split())
    return plain if len(plain) <= LABEL_LIMIT else f"{plain[:LABEL_LIMIT].rstrip()} …"


def without_markup(text: str) -> str:
    """The text of a label that is written in HTML."""
    return html.unescape(_TAG.sub(" ", text)) if "<" in text or "&" in text else text


def reading_of_drawing(pages: Sequence[Frame], problems: Sequence[str] = ()) -> Reading:
    """The reading of a drawing with these pages."""
    written = _Written()
    for page in pages:
        written.frame(page, ())
    return Reading(
        LANGUAGE,
        Source.DESIGNS,
        "\n".join(written.texts),
        tuple(written.lines) or (1,),
        tuple(written.records),
        tuple(problems),
    )


def no_drawing(why: str) -> Reading:
    """The reading of a file that holds none, for this reason."""
    return Reading(LANGUAGE, Source.DESIGNS, "", (1,), (), (why,))


@dataclass(slots=True)
class _Written:
    texts: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)

    def frame(self, frame: Frame, above: tuple[str, ...]) -> None:
        """A page or frame with all that is in it; readers nest frames no deeper than `MOST_DEEP`."""
        path = (*above, frame.name)
        if self.texts:
            self._line("", frame.line)
        first = self._line(f"{'Frame' if above else 'Page'}: {' > '.join(path)}", frame.line)
        place = len(self.records)
        for label, line in frame.labels.items():
            number = self._line(f"- {label}", line)
            self.records.append(_record((*path, label), number, number, detail=True))
        for inner in frame.frames:  # so that a page of nothing but frames says something, too
            self._line(f"- {inner.name}", inner.line)
        for connection in frame.connections:
            self._line(str(connection), connection.line)
        for inner in frame.frames:
            self.frame(inner, path)
        self.records.insert(place, _record(path, first, len(self.texts)))

    def _line(self, text: str, line: int) -> int:
        self.texts.append(text)
        self.lines.append(max(line, 1))
        return len(self.texts)


def _record(path: tuple[str, ...], first: int, last: int, *, detail: bool = False) -> Record:
    # A label is no definition that code refers to: it has the kind of a heading, as hover and outlines expect it.
    *above, name = (part[:NAME_LIMIT] for part in path)
    return Record(name, SymbolKind.STRING, first, last, first, ".".join(above), " > ".join((*above, name)), detail)
