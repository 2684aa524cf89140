"""Pictures that the editor of draw.io can open again, as they have the drawing in them: `.drawio.svg`, `.drawio.png`.

In an SVG it is an attribute of the outermost element, in a PNG a chunk of text, which older editors compress.

Invariant: of the picture itself nothing is read; no entity is ever expanded, and nothing inflates without a bound.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import struct
import zlib
from collections.abc import Iterator
from urllib.parse import unquote, unquote_plus
from xml.parsers import expat

from surefoot.readings import Reading
from surefoot.readings.drawing import no_drawing
from surefoot.readings.drawio import MOST_INFLATED, read_xml

PNG = b"\x89PNG\r\n\x1a\n"
MOST_CHUNKS = 100_000  # of a picture: one of 64 MB has some eight thousand
_KEYWORDS = frozenset({b"mxfile", b"mxGraphModel"})
_HEAD = struct.Struct(">I4s")  # of a chunk: how long it is, and of what type
_CHECKSUM = 4  # bytes behind it
_ATTRIBUTE = "content"

_DAMAGED = "The picture is damaged: the drawing in it cannot be read."
_TOO_LARGE = "The drawing in the picture is too large to be read."
_NO_PNG = "The file is no picture; where Git LFS keeps the pictures of the project, run: git lfs pull."
_ENTITIES = "The picture declares entities, as none of draw.io does, and is not read."


def read(path: str, content: bytes) -> Reading | None:
    """The texts, shapes and connections of the drawing in a picture; None where it is only a picture."""
    name = path.rpartition("/")[2].partition(".")[0]
    is_png = content.startswith(PNG)
    if not is_png and path.lower().endswith(".png"):
        return no_drawing(_NO_PNG)
    try:
        found = _in_png(content) if is_png else _in_svg(content)
    except (zlib.error, binascii.Error, ValueError):
        return no_drawing(_DAMAGED)
    except _NotReadError as error:
        return no_drawing(str(error))
    return read_xml(name, found[0].encode("utf-8", "replace"), found[1]) if found else None


class _NotReadError(Exception):
    """The drawing is not read, for the reason that is its text."""


class _RootSeenError(Exception):
    """The outermost element was read, and with it all that is wanted."""


def _in_svg(content: bytes) -> tuple[str, int] | None:
    """The XML of the drawing, and the line that it stands on."""
    found: list[tuple[str, int]] = []
    parser = expat.ParserCreate()

    def root(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "svg" and _ATTRIBUTE in attributes:
            found.append((attributes[_ATTRIBUTE].strip(), parser.CurrentLineNumber))
        raise _RootSeenError

    def refuse(*_: object) -> None:
        raise _NotReadError(_ENTITIES)

    parser.StartElementHandler, parser.EntityDeclHandler = root, refuse
    # What is no XML up to there has no drawing, and may be text all the same.
    with contextlib.suppress(_RootSeenError, expat.ExpatError, LookupError, ValueError):
        parser.Parse(content, True)  # noqa: FBT003 - the signature of expat
    return next(((_plain(text), line) for text, line in found if text), None)


def _plain(text: str) -> str:
    """XML, which may be written as it is in addresses or, by older editors, in base 64."""
    if text and text[0] not in "<%":
        text = base64.b64decode(text, validate=True).decode("utf-8", "replace")
    return unquote(text) if text.startswith("%") else text


def _in_png(content: bytes) -> tuple[str, int] | None:
    """The XML of the drawing; a picture has no lines, so it stands on the first."""
    for kind, data in _chunks(content):
        keyword, zero, rest = data.partition(b"\0")
        if keyword in _KEYWORDS and zero and kind in {b"tEXt", b"zTXt"}:
            text = (_inflated(rest[1:]) if kind == b"zTXt" else rest).decode("utf-8", "replace").strip()
            if not text.startswith("<"):  # compressed ones have blanks as forms have them
                text = unquote_plus(text) if kind == b"zTXt" else unquote(text)
            return text, 1
    return None


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = len(PNG)
    for _ in range(MOST_CHUNKS):
        if position + _HEAD.size > len(content):
            return
        length, kind = _HEAD.unpack_from(content, position)
        position += _HEAD.size
        yield kind, content[position : position + length] if kind in {b"tEXt", b"zTXt"} else b""
        position += length + _CHECKSUM


def _inflated(data: bytes) -> bytes:
    """As the format has it with the head and checksum of zlib, or without, as draw.io's server wrote it."""
    try:
        return _bounded(zlib.decompressobj(), data)
    except zlib.error:
        return _bounded(zlib.decompressobj(-zlib.MAX_WBITS), data)


def _bounded(inflater: zlib._Decompress, data: bytes) -> bytes:
    text = inflater.decompress(data, MOST_INFLATED + 1)
    if len(text) > MOST_INFLATED:
        raise _NotReadError(_TOO_LARGE)
    return text
