"""Notebooks of Jupyter (.ipynb, formats 3 and 4): prose, code and the beginnings of what it printed, in order.

A notebook counts as a document: what people ask it is what was tried and why, its code is mostly a use of the code that
stands elsewhere, and the functions in it are symbols all the same.

Invariant: of prose and code no line is left out; pictures and other data are never read.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from surefoot.domain import Source, SymbolKind
from surefoot.readings import Code, Reading, Record
from surefoot.readings.json_places import BROKEN, Places, json_text

LANGUAGE = "notebook"
OUTPUT_LINES = 4  # of what a cell printed: enough to see a result or an error, and no table of thousands of rows
OUTPUT_CHARACTERS = 200  # of one such line
TITLE_LIMIT = 200

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(\S.*)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ESCAPE = re.compile("\x1b\\[[0-9;]*[A-Za-z]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_DATA = re.compile(r"data:[\w/+.;=-]{0,80},[^)\"'\s]{100,}")  # a picture within the prose
# Magics for a whole cell: the languages that they switch to. Those that time or capture a cell leave it as it is.
_MAGIC = re.compile(r"\s*%%(\w+)")
_SWITCHES = MappingProxyType(
    {"bash": "bash", "sh": "bash", "javascript": "javascript", "js": "javascript", "html": "html", "sql": "sql"}
)
_KEEPS = frozenset({"time", "timeit", "capture", "prun", "python", "python3"})


def read(path: str, content: bytes) -> Reading | None:
    """The cells of a notebook."""
    try:
        places = Places(json_text(content))
        cells, language = list(_cells(places)), _language(places)
    except BROKEN:
        return _nothing("The notebook is damaged: its JSON cannot be read.")
    if not cells:
        return _nothing("The file holds no notebook of format 3 or 4, or one without cells.")
    written = _Written(language)
    for number, cell in enumerate(cells, 1):
        written.cell(number, cell)
    return written.reading()


def _nothing(why: str) -> Reading:
    return Reading(LANGUAGE, Source.DOCS, "", (1,), (), (why,))


@dataclass(frozen=True, slots=True)
class _Cell:
    kind: str  # "code", "markdown", "raw" or "heading"
    lines: list[tuple[str, int]]  # each with the line of the file
    outputs: list[str]
    level: int  # of a heading of format 3


def _cells(places: Places) -> Iterator[_Cell]:
    top = places.members(places.start)
    sheets = [places.members(start) for start in places.items(top.get("worksheets", places.start))]
    for holder in [top, *sheets]:
        for start in places.items(holder["cells"]) if "cells" in holder else ():
            members, cell = places.members(start), places.value(start)
            if isinstance(cell, dict) and isinstance(cell.get("cell_type"), str):
                source = members.get("source", members.get("input", -1))
                lines = list(_lines(places, source)) if source >= 0 else []
                yield _Cell(cell["cell_type"], lines, list(_outputs(cell.get("outputs"))), _level(cell))


def _level(cell: dict[str, Any]) -> int:
    level = cell.get("level")
    return min(max(level, 1), 6) if isinstance(level, int) else 1


def _language(places: Places) -> str:
    """What the code is written in: Python, unless the notebook says otherwise."""
    top = places.members(places.start)
    metadata = places.value(top["metadata"]) if "metadata" in top else None
    for part, key in (("language_info", "name"), ("kernelspec", "language")):
        said = metadata.get(part) if isinstance(metadata, dict) else None
        language = said.get(key) if isinstance(said, dict) else None
        if isinstance(language, str) and language:
            return "python" if language.startswith("ipython") else language
    return "python"


def _lines(places: Places, start: int) -> Iterator[tuple[str, int]]:
    """The lines of a cell, which is written as one string or as a list of them, mostly one a line."""
    line, first = "", places.line(start)
    for place in places.items(start) or [start]:
        piece = places.value(place)
        for part in _plain(piece).splitlines(keepends=True) if isinstance(piece, str) else ():
            first = first if line else places.line(place)
            line += part
            if line.endswith("\n"):
                yield line[:-1], first
                line = ""
    if line:
        yield line, first


def _plain(text: str) -> str:
    # Other marks that end a line for `splitlines` are none in a file.
    text = _CONTROL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _DATA.sub("data:…", re.sub("[\x85\u2028\u2029]", " ", text))


def _outputs(outputs: Any) -> Iterator[str]:
    """The beginnings of the texts that a cell printed or ended with."""
    for output in outputs if isinstance(outputs, list) else ():
        if isinstance(output, dict):
            data = output.get("data")
            text = data.get("text/plain") if isinstance(data, dict) else output.get("text")
            if isinstance(output.get("ename"), str):
                text = f"{output['ename']}: {output.get('evalue', '')}"
            yield from _shortened(text)


def _shortened(text: Any) -> Iterator[str]:
    pieces = text if isinstance(text, list) else [text]
    whole = "".join(piece for piece in pieces[: 4 * OUTPUT_LINES] if isinstance(piece, str))
    lines = [line for line in _plain(_ESCAPE.sub("", whole[:100_000])).split("\n") if line.strip()]
    for line in lines[:OUTPUT_LINES]:
        yield line[:OUTPUT_CHARACTERS]
    if len(lines) > OUTPUT_LINES:
        yield "…"


@dataclass(slots=True)
class _Written:
    """The reading as far as it is written; `sections` are the headings: line, level, title."""

    language: str
    texts: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    sections: list[tuple[int, int, str]] = field(default_factory=list)
    cells: list[tuple[int, int, int]] = field(default_factory=list)  # number, first and last line
    code: list[tuple[str, int, int]] = field(default_factory=list)  # language, first and last line

    def cell(self, number: int, cell: _Cell) -> None:
        """Add the lines of a cell."""
        if not any(text.strip() for text, _ in cell.lines):
            return
        if self.texts:
            self._add("", cell.lines[0][1])
        if cell.kind == "code":
            self._code(number, cell)
        elif cell.kind == "heading":
            self._add_all([(f"{'#' * cell.level} {cell.lines[0][0].strip()}", cell.lines[0][1])])
        else:
            first = len(self.texts) + 1
            self._add_all(cell.lines)
            if not self.sections:
                self.cells.append((number, first, len(self.texts)))

    def _code(self, number: int, cell: _Cell) -> None:
        first = self._add(f"cell {number}:", cell.lines[0][1])
        for text, line in cell.lines:
            self._add(text, line)
        magic = _MAGIC.match(cell.lines[0][0])
        language = self.language
        if magic is not None and magic[1] not in _KEEPS:
            language = _SWITCHES.get(magic[1], "")
        if language:
            self.code.append((language, first + 1, len(self.texts)))
        if cell.outputs:
            self._add("Output:", cell.lines[-1][1])
            for text in cell.outputs:
                self._add(text, cell.lines[-1][1])
        self.cells.append((number, first, len(self.texts)))

    def _add_all(self, lines: Iterable[tuple[str, int]]) -> None:
        """Add prose, and take note of its headings."""
        fence = ""
        for text, line in lines:
            number = self._add(text, line)
            marker, heading = _FENCE.match(text), _HEADING.match(text)
            if marker is not None and (not fence or marker[1].startswith(fence)):
                fence = "" if fence else marker[1]
            elif heading is not None and not fence:
                title = heading[2].rstrip().rstrip("#").replace("`", "").replace("*", "").strip()
                self.sections.append((number, len(heading[1]), title[:TITLE_LIMIT] or "section"))

    def _add(self, text: str, line: int) -> int:
        self.texts.append(text)
        self.lines.append(line)
        return len(self.texts)

    def reading(self) -> Reading:
        """The whole of it, with its records."""
        paths, lasts = self._nested()
        records = [
            _record(path[-1], first, last, path[:-1])
            for path, last, (first, _, _) in zip(paths, lasts, self.sections, strict=True)
        ]
        for number, first, last in self.cells:
            around = bisect_left(self.sections, (first, 0, "")) - 1
            records.append(_record(f"cell {number}", first, last, paths[around] if around >= 0 else ()))
        records.sort(key=lambda each: (each.first, -each.last))
        names = {each.first: f"{each.container}.{each.name}" if each.container else each.name for each in records}
        code = (Code(language, first, last, names[first - 1]) for language, first, last in self.code)
        text = "\n".join(self.texts)
        return Reading(LANGUAGE, Source.DOCS, text, tuple(self.lines), tuple(records), (), tuple(code))

    def _nested(self) -> tuple[list[tuple[str, ...]], list[int]]:
        """For each section the titles down to it, and the line before the next of its level or above."""
        paths: list[tuple[str, ...]] = []
        lasts = [len(self.texts)] * len(self.sections)
        stack: list[int] = []
        for place, (first, level, title) in enumerate(self.sections):
            while stack and self.sections[stack[-1]][1] >= level:
                lasts[stack.pop()] = first - 1
            paths.append((*paths[stack[-1]], title) if stack else (title,))
            stack.append(place)
        return paths, lasts


def _record(name: str, first: int, last: int, path: tuple[str, ...]) -> Record:
    return Record(name, SymbolKind.STRING, first, last, first, ".".join(path), " > ".join([*path, name]))
