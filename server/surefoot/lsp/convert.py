"""Between the protocol's places and ours: URIs and paths, 0-based columns in code units and 1-based lines.

Invariant: 0-based positions and URIs exist in this file only; outside it there are paths, lines and code points.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from lsprotocol import types
from pygls import IS_WIN
from pygls.uris import to_fs_path

from surefoot.domain import Symbol, SymbolKind

# The protocol knows these three line ends and no other; str.splitlines also splits at form feeds, which are
# common in old C and Python files, and every line below one would be counted wrongly.
LINE_END = re.compile(r"\r\n|\n|\r")

Change = types.TextDocumentContentChangePartial | types.TextDocumentContentChangeWholeDocument

SYMBOL_KINDS = {kind.name.lower().replace("_", ""): kind for kind in types.SymbolKind}


def path_of(uri: str) -> Path | None:
    """The file that `uri` names, or None for anything that is not a file (an untitled buffer, a remote folder)."""
    if urlsplit(uri).scheme != "file":
        return None
    # Names on disk need not be UTF-8: going through bytes keeps them, where decoding would replace them.
    path = to_fs_path(uri) if IS_WIN else os.fsdecode(unquote_to_bytes(urlsplit(uri).path))
    return Path(path) if path and "\0" not in path else None


def uri_of(path: Path) -> str:
    """The URI of an absolute path, percent-encoded so that it can stand in a Markdown link."""
    return path.as_uri()


def link_to(path: Path, line: int) -> str:
    """A URI that opens `path` at a 1-based line in editors that understand the fragment."""
    return f"{uri_of(path)}#L{line}"


def line_location(path: Path, line: int) -> types.Location:
    """The start of a 1-based line."""
    start = types.Position(line=line - 1, character=0)
    return types.Location(uri=uri_of(path), range=types.Range(start=start, end=start))


def symbol_kind(kind: SymbolKind) -> types.SymbolKind:
    """The protocol's number for our name."""
    return SYMBOL_KINDS[kind.value]


def workspace_symbol(root: Path, symbol: Symbol) -> types.WorkspaceSymbol:
    """A definition as editors list it."""
    return types.WorkspaceSymbol(
        name=symbol.name,
        kind=symbol_kind(symbol.kind),
        location=line_location(root / symbol.span.path, symbol.name_line),
        container_name=symbol.container or symbol.span.path,
    )


def name_range(text: str, line: int, name: str, encoding: str) -> types.Range | None:
    """Where `name` stands as a word of its own in `text`, the 1-based `line` of a file; None where it does not."""
    found = re.search(rf"(?<![\w$]){re.escape(name)}(?![\w$])", text)
    if found is None:
        return None
    start, end = (_units(text[:column], encoding) for column in found.span())
    return types.Range(types.Position(line - 1, start), types.Position(line - 1, end))


@dataclass(frozen=True, slots=True)
class Place:
    """A position in our terms: 1-based line, 0-based column in code points."""

    line: int
    character: int


def place_in(text: str, position: types.Position, encoding: str) -> Place:
    """Where `position`, counted in the units agreed with the client, lies in `text`."""
    starts = _line_starts(text)
    offset = _offset(text, starts, position, encoding)
    line = min(position.line, len(starts) - 1)
    return Place(line + 1, offset - starts[line])


def range_in(text: str, start: int, end: int, encoding: str) -> types.Range:
    """Where the characters from `start` to `end` of `text` stand."""
    starts = _line_starts(text)
    return types.Range(_position(text, starts, start, encoding), _position(text, starts, end, encoding))


def text_in(text: str, place: types.Range, encoding: str) -> str:
    """What stands there."""
    starts = _line_starts(text)
    return text[_offset(text, starts, place.start, encoding) : _offset(text, starts, place.end, encoding)]


def edited(text: str, changes: Iterable[Change], encoding: str) -> str:
    """`text` after the client's edits, which apply one after the other."""
    for change in changes:
        if isinstance(change, types.TextDocumentContentChangePartial):
            starts = _line_starts(text)
            begin = _offset(text, starts, change.range.start, encoding)
            end = _offset(text, starts, change.range.end, encoding)
            text = text[:begin] + change.text + text[max(begin, end) :]
        else:
            text = change.text
    return text


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in LINE_END.finditer(text))]


def _position(text: str, starts: list[int], offset: int, encoding: str) -> types.Position:
    line = bisect_right(starts, offset) - 1
    return types.Position(line, _units(text[starts[line] : offset], encoding))


def _offset(text: str, starts: list[int], position: types.Position, encoding: str) -> int:
    if position.line >= len(starts):
        return len(text)
    begin = starts[position.line]
    end = starts[position.line + 1] if position.line + 1 < len(starts) else len(text)
    # A column past the end of its line means the end of the line, before its line end.
    return begin + _code_points(text[begin:end].rstrip("\r\n"), position.character, encoding)


def _code_points(line: str, units: int, encoding: str) -> int:
    if encoding == types.PositionEncodingKind.Utf32 or line.isascii():
        return min(units, len(line))
    width = _utf8_width if encoding == types.PositionEncodingKind.Utf8 else _utf16_width
    for index, char in enumerate(line):
        if units <= 0:
            return index
        units -= width(char)
    return len(line)


def _units(text: str, encoding: str) -> int:
    if encoding == types.PositionEncodingKind.Utf32 or text.isascii():
        return len(text)
    return sum(map(_utf8_width if encoding == types.PositionEncodingKind.Utf8 else _utf16_width, text))


def _utf16_width(char: str) -> int:
    return 2 if char > "\uffff" else 1


def _utf8_width(char: str) -> int:
    return 1 if char < "\x80" else 2 if char < "\u0800" else 3 if char <= "\uffff" else 4
