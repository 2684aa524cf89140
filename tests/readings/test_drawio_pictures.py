"""Pictures of draw.io that have their drawing in them are read as the drawing; all others stay what they are."""

from __future__ import annotations

import base64
import struct
import zlib
from pathlib import Path
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import quoteattr

import pytest

from readings.test_drawings import MODEL, TEXT, compressed, mxfile, read
from surefoot.config import Settings
from surefoot.domain import FailedFile, ParsedFile, Root, SkippedFile, SkipReason
from surefoot.readings import drawio_pictures, reading_of
from surefoot.sources import parse_file
from surefoot.workspace.walk import walk

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
"""
XML = mxfile(("Checkout", MODEL), ("Later", compressed(MODEL))).decode()
BOTH = f"{TEXT.format('Checkout')}\n\n{TEXT.format('Later')}"


def svg(content: str, head: str = HEAD) -> bytes:
    return (
        f'{head}<svg xmlns="http://www.w3.org/2000/svg" width="9" content={quoteattr(content)}>'
        '<defs/><g><text content="none">Cart</text></g></svg>'
    ).encode()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    body = [(b"IHDR", bytes(13)), *chunks, (b"IDAT", b"tEXtmxfile\0"), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*each) for each in body)


def deflated(text: str, *, raw: bool = False) -> bytes:
    return zlib.compress(text.encode(), wbits=-15 if raw else 15)


PICTURES = {
    "svg": ("a.drawio.svg", svg(XML)),
    "svg in capitals": ("A.DRAWIO.SVG", svg(XML)),
    "svg as in addresses": ("a.drawio.svg", svg(quote(XML))),
    "svg in base 64": ("a.drawio.svg", svg(base64.b64encode(XML.encode()).decode())),
    "svg with a prefix": (
        "a.drawio.svg",
        svg(XML).replace(b"<svg xmlns=", b"<s:svg xmlns:s=").replace(b"/svg", b"/s:svg"),
    ),
    "png": ("a.drawio.png", png((b"tEXt", b"Software\0x"), (b"tEXt", b"mxfile\0" + quote(XML).encode()))),
    "png as it is": ("a.drawio.png", png((b"tEXt", b"mxfile\0" + XML.encode()))),
    "png compressed": ("a.drawio.png", png((b"zTXt", b"mxfile\0\0" + deflated(quote(XML))))),
    "png of a server": ("a.drawio.png", png((b"zTXt", b"mxGraphModel\0\0" + deflated(quote_plus(XML), raw=True)))),
    "png under the name of an svg": ("a.drawio.svg", png((b"tEXt", b"mxfile\0" + quote(XML).encode()))),
}


@pytest.mark.parametrize("kind", PICTURES)
def test_the_drawing_in_a_picture_reads_as_it_does_alone(kind: str) -> None:
    reading = read(*PICTURES[kind])
    assert reading.text == BOTH
    assert reading.problems == ()
    assert set(reading.lines) == {3 if PICTURES[kind][1].startswith(b"<?xml") else 1}


PLAIN_SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><g content="&lt;mxfile/&gt;"><text>Cart</text></g></svg>'


@pytest.mark.parametrize(
    "content",
    [
        PLAIN_SVG, b"", b"<svg", b"\0\xff", b'<?xml version="1.0" encoding="euc-jp"?><svg content="x"/>', svg(""),
        b'<html content="&lt;mxfile/&gt;"/>', png(), png((b"tEXt", b"mxfile")), png((b"iTXt", b"mxfile\0x")),
        png()[:8], png()[:15], png()[:20], b"\x89PNG\r\n\x1a\n" + b"\xff" * 99, b"<svg " * 50_000,
    ],
)  # fmt: skip
def test_what_has_no_drawing_is_left_as_it_is(content: bytes) -> None:
    assert reading_of("a.drawio.svg", content) is None


def test_a_png_without_a_drawing_is_a_picture_and_what_is_no_png_is_told() -> None:
    assert reading_of("a.drawio.png", png()) is None
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
    assert read("a.drawio.png", pointer).problems == (
        "The file is no picture; where Git LFS keeps the pictures of the project, run: git lfs pull.",
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (svg("no drawing"), "The picture is damaged: the drawing in it cannot be read."),
        (svg("<mxfile>"), "The drawing is damaged: its XML cannot be read."),
        (svg("<other/>"), "The file holds no drawing of draw.io."),
        (
            svg('<!DOCTYPE m [<!ENTITY a "b">]><mxfile><diagram name="&a;"/></mxfile>'),
            "The drawing declares a document type, as none of draw.io does, and is not read.",
        ),
        (png((b"tEXt", b"mxfile\0")), "The drawing is damaged: its XML cannot be read."),
        (png((b"zTXt", b"mxfile\0\0none")), "The picture is damaged: the drawing in it cannot be read."),
        (
            png((b"zTXt", b"mxfile\0\0" + deflated(quote(XML))[:-200])),
            "The drawing is damaged: its XML cannot be read.",
        ),
        (
            png((b"tEXt", b"mxfile\0" + XML.encode()))[:900],
            "The drawing is damaged: its XML cannot be read.",
        ),
    ],
)
def test_a_damaged_drawing_is_one_sentence(content: bytes, problem: str) -> None:
    reading = read("a.drawio.svg", content)
    assert (reading.text, reading.problems) == ("", (problem,))


@pytest.mark.parametrize(
    "declared",
    [
        "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9)),
        '<!ENTITY l9 SYSTEM "file:///etc/passwd">',
        '<!ENTITY % l9 SYSTEM "http://127.0.0.1/x"> %l9;',
    ],
)
def test_entities_of_a_picture_are_never_expanded(declared: str) -> None:
    content = f'<!DOCTYPE svg [<!ENTITY l0 "lol">{declared}]><svg content="&lt;mxfile&gt;&l9;"/>'
    assert read("a.drawio.svg", content.encode()).problems == (
        "The picture declares entities, as none of draw.io does, and is not read.",
    )


def test_a_chunk_that_inflates_to_too_much_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawio_pictures, "MOST_INFLATED", 10_000)
    for raw in (False, True):
        bomb = png((b"zTXt", b"mxfile\0\0" + deflated(" " * 1_000_000, raw=raw)))
        reading = read(f"bomb{raw}.drawio.png", bomb)
        assert reading.problems == ("The drawing in the picture is too large to be read.",)


def test_only_so_many_chunks_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawio_pictures, "MOST_CHUNKS", 5)
    many = [(b"tEXt", b"")] * 5
    assert reading_of("a.drawio.png", png(*many, (b"tEXt", b"mxfile\0" + XML.encode()))) is None


def test_only_pictures_of_draw_io_are_let_through(tmp_path: Path) -> None:
    root, settings = Root(tmp_path, "x"), Settings()
    drawn = png((b"tEXt", b"mxfile\0" + quote(XML).encode()))
    contents = {"a.drawio.png": drawn, "b.png": drawn, "c.drawio.png": png(), ".drawio.png": drawn,
                "d.drawio.svg": svg("<"), "e.drawio.svg": PLAIN_SVG, "f.drawio.jpg": drawn}  # fmt: skip
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    found = walk(root, settings)
    assert [file.path for file in found.files] == [
        ".drawio.png",
        "a.drawio.png",
        "c.drawio.png",
        "d.drawio.svg",
        "e.drawio.svg",
    ]
    assert [(file.path, file.reason) for file in found.skipped] == [
        ("b.png", SkipReason.BINARY),
        ("f.drawio.jpg", SkipReason.BINARY),
    ]
    parsed = parse_file(root, "a.drawio.png", settings)
    assert isinstance(parsed, ParsedFile)
    assert [chunk.symbol for chunk in parsed.chunks if chunk.symbol.startswith("Checkout")] == [
        "Checkout",
        "Checkout.Payment form",
    ]
    without = parse_file(root, "c.drawio.png", settings)
    assert isinstance(without, SkippedFile)
    assert without.reason is SkipReason.BINARY
    assert isinstance(parse_file(root, "d.drawio.svg", settings), FailedFile)
    plain = parse_file(root, "e.drawio.svg", settings)
    assert isinstance(plain, ParsedFile)
    assert plain.chunks[0].text == PLAIN_SVG.decode()
