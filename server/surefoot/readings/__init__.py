"""Files whose bytes are not what people read in them: a PDF, a notebook, a drawing, an export of tickets.

Such a file is read as its reading: lines of text that are made of it, always the same of the same bytes. Everything
else, chunks, citations and their checks, goes by these lines as it goes by those of a text file; what people are shown
is the line of the file that a line was made of, and the name of the record (a ticket, a page, a frame of a drawing).

Invariant: never raises, whatever the bytes are; what cannot be read is told in `problems`, and the rest is kept.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import cast

from surefoot.domain import Source, SymbolKind

LANGUAGES = frozenset({"tickets", "commit", "notebook", "pdf", "drawing"})  # that readings are in, and no other text
MOST_BYTES = 64 * 1024 * 1024  # of such a file: an export of ten thousand tickets takes some thirty million


@dataclass(frozen=True, slots=True)
class Record:
    """A part of a reading with a name of its own: a ticket, a page, a cell, a frame or a shape of a drawing.

    `first` and `last` are lines of the reading, 1-based and inclusive, `name_line` the one that the name stands on.
    `signature` is one line that says what it is ("#123: Title (closed, 2024-03-01)"). A record that lies within another
    one comes after it, and has the path of names to it in `container`. One that is only a `detail` (a shape of a
    drawing) has a name of its own and is shown with what it lies in.
    """

    name: str
    kind: SymbolKind
    first: int
    last: int
    name_line: int
    container: str = ""
    signature: str = ""
    detail: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """Lines of a reading that are code: what is defined in them is named within `container`, and shown with it."""

    language: str  # as people call it
    first: int
    last: int
    container: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says. `lines` has for each line of `text` the line of the file that it was made of, 1-based.

    `problems` are sentences about parts that could not be read ("Record 7 has no number."); without any record, and
    with problems, the file counts as one that could not be indexed.
    """

    language: str
    source: Source
    text: str
    lines: tuple[int, ...]
    records: tuple[Record, ...]
    problems: tuple[str, ...] = ()
    code: tuple[Code, ...] = ()


Reader = Callable[[str, bytes], Reading | None]

# The module of this package that reads files with this ending; each has a function `read(path, content)`.
_BY_ENDING = MappingProxyType[str, str]({
    ".pdf": "pdf",
    ".ipynb": "notebook",
    ".drawio": "drawio",
    ".dio": "drawio",
    ".excalidraw": "excalidraw",
})  # fmt: skip
# Likewise, for names whose last ending says less; some are told by what is in them, and the reader says None to others.
_BY_LONG_ENDING = MappingProxyType[str, str]({
    ".drawio.xml": "drawio",
    ".drawio.svg": "drawio_pictures",
    ".drawio.png": "drawio_pictures",
    ".excalidraw.json": "excalidraw",
    ".excalidraw.md": "excalidraw",
})  # fmt: skip
_EXPORT_ENDINGS = frozenset({".json", ".jsonl", ".csv"})


def reading_of(path: str, content: bytes, *, is_export: bool = False) -> Reading | None:
    """What is read in the file; None where it is text as it stands. `is_export` says that it may hold tickets."""
    reader = _reader_of(path, is_export=is_export)
    if reader is None:
        return None
    key = (reader, path, hashlib.blake2b(content, digest_size=16).digest())
    known = _remembered.get(key)
    if known is None:
        module = import_module(f"surefoot.readings.{reader}")
        known = cast("Reader", module.read)(path, content)
        if known is not None:
            _remembered.put(key, known)
    return known


def most_bytes(path: str, usual: int, *, is_export: bool = False) -> int:
    """How large a file of this name may be, where a text file may have `usual` bytes."""
    return max(usual, MOST_BYTES) if has_reading(path, is_export=is_export) else usual


def has_reading(path: str, *, is_export: bool = False) -> bool:
    """Whether files of this name are not text as they stand, or may not be."""
    return _reader_of(path, is_export=is_export) is not None


def _reader_of(path: str, *, is_export: bool) -> str | None:
    name = path.rpartition("/")[2].lower()
    dot = name.rfind(".")
    ending = name[dot:] if dot > 0 else ""
    if is_export and ending in _EXPORT_ENDINGS:
        return "tickets"
    long = name[name.rfind(".", 0, dot) :] if dot > 0 else ""
    if ending == ".json" and "figma" in name:
        return "figma"
    return _BY_LONG_ENDING.get(long) or _BY_ENDING.get(ending)


_Key = tuple[str, str, bytes]  # reader, path, digest of the bytes


class _Remembered:
    """The last few readings: the citations of one answer come from a few files, and reading a PDF takes seconds."""

    MOST = 8
    # Of all together, with their lines some 100 MB. The last one is kept however long it is: each citation of an export
    # of ten thousand tickets would read it anew, which takes more than a second.
    MOST_CHARACTERS = 24_000_000

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._readings: OrderedDict[_Key, Reading] = OrderedDict()

    def get(self, key: _Key) -> Reading | None:
        """What was made of these bytes, where it is still known."""
        with self._lock:
            known = self._readings.get(key)
            if known is not None:
                self._readings.move_to_end(key)
            return known

    def put(self, key: _Key, reading: Reading) -> None:
        """Remember a reading, and forget the ones that were not asked for the longest."""
        with self._lock:
            self._readings[key] = reading
            while len(self._readings) > 1 and self._is_too_much():
                self._readings.popitem(last=False)

    def _is_too_much(self) -> bool:
        characters = sum(len(reading.text) for reading in self._readings.values())
        return len(self._readings) > self.MOST or characters > self.MOST_CHARACTERS


_remembered = _Remembered()
