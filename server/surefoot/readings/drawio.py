"""Drawings of draw.io (diagrams.net): XML, each page plain or compressed.

Invariant: no document type, and so no entity, is ever expanded; no address that stands in a drawing is opened.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote
from xml.parsers import expat

from surefoot.readings import Reading
from surefoot.readings.drawing import (
    MOST_DEEP,
    Connection,
    Frame,
    no_drawing,
    one_line,
    reading_of_drawing,
    without_markup,
)

MOST_INFLATED = 32 * 1024 * 1024  # bytes of all compressed pages: thousands of shapes take one million
MOST_ABOVE = 40  # frames around a shape that are looked at
MOST_CELLS = 100_000  # of all pages; what comes after that is told as a problem
_WRAPPERS = frozenset({"object", "UserObject"})  # around a cell that has properties; the label stands here


def read(path: str, content: bytes) -> Reading | None:
    """The texts, shapes and connections of a drawing."""
    return read_xml(path.rpartition("/")[2].partition(".")[0], content)


def read_xml(name: str, content: bytes, line: int = 0) -> Reading:
    """The drawing in an XML. Where that stands in another file, `line` is the one that it stands on there."""
    try:
        pages = _pages(content, name, line)
    except expat.ExpatError as error:
        where = "" if line else f"line {error.lineno} of "
        return no_drawing(f"The drawing is damaged: {where}its XML cannot be read.")
    except (LookupError, ValueError):
        return no_drawing("The drawing is damaged: its XML is in an encoding that cannot be read.")
    except _NoDrawingError as error:
        return no_drawing(str(error))
    if not pages:
        return no_drawing("The file holds no drawing of draw.io.")
    problems = [f"Page '{page.frame.name}' {page.problem}" for page in pages if page.problem]
    sound = [page.frame for page in pages if not page.problem]
    return reading_of_drawing(sound, problems) if sound else no_drawing(problems[0])


class _NoDrawingError(Exception):
    """The XML is none of draw.io's, for the reason that is its text."""


@dataclass(slots=True)
class _Cell:
    identity: str
    parent: str
    label: str
    line: int
    is_edge: bool = False
    source: str = ""
    target: str = ""


@dataclass(slots=True)
class _Page:
    frame: Frame
    problem: str = ""
    text: list[str] = field(default_factory=list)  # a compressed page
    cells: dict[str, _Cell] = field(default_factory=dict)


def _pages(content: bytes, name: str, line: int) -> list[_Page]:
    outer = _Xml(name, line)
    outer.parse(content)
    left = MOST_INFLATED
    for page in outer.pages:
        compressed = "".join(page.text).strip()
        if compressed and not page.cells:
            left -= _inflate(page, compressed, left, outer)
        if not page.problem:
            _fill(page)
    return outer.pages


def _inflate(page: _Page, compressed: str, most: int, outer: _Xml) -> int:
    """Read the cells of a page that is deflated; all of them stand on the line of the page. Returns its bytes."""
    text = b""
    try:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        text = inflater.decompress(base64.b64decode(compressed, validate=False), most + 1)
        if len(text) > most:
            page.problem = "is too large to be read."
            return most
        inner = _Xml(page.frame.name, line=page.frame.line, count=outer.count)
        inner.parse(unquote(text.decode("utf-8", "replace")).encode("utf-8", "replace"))
        outer.count = inner.count
        page.cells = {key: cell for part in inner.pages for key, cell in part.cells.items()}
        page.problem = next((part.problem for part in inner.pages if part.problem), "")
    except (zlib.error, binascii.Error, LookupError, ValueError, expat.ExpatError, _NoDrawingError):
        page.problem = "is damaged and cannot be read."
    return len(text)


class _Xml:
    """The cells of each page, as they stand in the XML; no tree is built, so that depth costs nothing."""

    def __init__(self, name: str, line: int = 0, count: int = 0) -> None:
        self.pages: list[_Page] = []
        self._name, self._line = name, line
        self._wrapper: dict[str, str] = {}
        self.count = count  # of the cells so far
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def parse(self, content: bytes) -> None:
        """Read the whole of it."""
        self._parser.Parse(content, True)  # noqa: FBT003 - the signature of expat

    def _refuse(self, *_: object) -> None:
        raise _NoDrawingError("The drawing declares a document type, as none of draw.io does, and is not read.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "diagram":
            self._begin_page(one_line(attributes.get("name")))
        elif name == "mxGraphModel" and not self.pages:
            self._begin_page("")
        elif name in _WRAPPERS:
            self._wrapper = attributes
        elif name == "mxCell" and self.pages:
            self._cell({**attributes, **self._wrapped()})

    def _begin_page(self, name: str) -> None:
        line = self._line or self._parser.CurrentLineNumber
        self.pages.append(_Page(Frame(name or (f"Page {len(self.pages) + 1}" if self.pages else self._name), line)))

    def _wrapped(self) -> dict[str, str]:
        label = self._wrapper.get("label", "")
        return {"id": self._wrapper.get("id", ""), "value": label} if self._wrapper else {}

    def _cell(self, attributes: dict[str, str]) -> None:
        self.count += 1
        page = self.pages[-1]
        if self.count > MOST_CELLS:
            page.problem = f"comes after the first {MOST_CELLS:,} shapes, which is where reading stops."
            return
        identity = attributes.get("id") or f"\0{self.count}"
        page.cells.setdefault(
            identity,
            _Cell(
                identity,
                attributes.get("parent", ""),
                one_line(without_markup(attributes.get("value", ""))),
                self._line or self._parser.CurrentLineNumber,
                attributes.get("edge") == "1",
                attributes.get("source", ""),
                attributes.get("target", ""),
            ),
        )

    def _end(self, name: str) -> None:
        if name in _WRAPPERS:
            self._wrapper = {}

    def _text(self, text: str) -> None:
        if self.pages and not self.pages[-1].cells:
            self.pages[-1].text.append(text)


def _fill(page: _Page) -> None:
    """Sort the cells of a page into its frames."""
    cells = page.cells
    on_edges = _on_edges(cells)
    frames = _frames(page, on_edges)
    for cell in cells.values():
        above = next((key for key in _above(cell, cells) if key in frames), "")
        frame = frames[above] if above else page.frame
        if cell.identity in frames:
            frame.frames.append(frames[cell.identity])
        elif cell.is_edge:
            label = " ".join([cell.label, *on_edges.get(cell.identity, ())]).strip()
            frame.connect(Connection(_end(cell.source, cells), _end(cell.target, cells), label, cell.line))
        elif cell.parent not in on_edges:
            frame.add(cell.label, cell.line)


def _on_edges(cells: dict[str, _Cell]) -> dict[str, list[str]]:
    """The labels of connections that are cells of their own, by the connection."""
    found: dict[str, list[str]] = {}
    for cell in cells.values():
        if not cell.is_edge and cell.parent in cells and cells[cell.parent].is_edge:
            found.setdefault(cell.parent, []).append(cell.label)
    return found


def _frames(page: _Page, on_edges: dict[str, list[str]]) -> dict[str, Frame]:
    """The cells with a text that hold others: groups, containers, tables, layers with a name."""
    cells = page.cells
    holders = {cell.parent for cell in cells.values()} - on_edges.keys()
    named = {key for key, cell in cells.items() if key in holders and cell.label and not cell.is_edge}
    chains = {key: list(_above(cells[key], cells)) for key in named}
    return {
        key: Frame(cells[key].label, cells[key].line)
        for key, above in chains.items()
        # Where not all that is above has been looked at, there may be any number of frames.
        if len(above) < MOST_ABOVE - 1 and sum(each in named for each in above) < MOST_DEEP - 1
    }


def _above(cell: _Cell, cells: dict[str, _Cell]) -> Iterator[str]:
    """What the cell lies in, from the inside out; a cell that lies in itself is damage, and lies in nothing then."""
    seen = {cell.identity}
    while cell.parent in cells and cell.parent not in seen and len(seen) < MOST_ABOVE:
        seen.add(cell.parent)
        yield cell.parent
        cell = cells[cell.parent]


def _end(identity: str, cells: dict[str, _Cell]) -> str:
    """What stands on the shape at the end of a connection, or else on what it lies in."""
    cell = cells.get(identity)
    if cell is None or cell.label:
        return cell.label if cell is not None else ""
    return next((cells[above].label for above in _above(cell, cells) if cells[above].label), "")
