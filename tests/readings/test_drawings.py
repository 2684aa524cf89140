"""Drawings of draw.io, Excalidraw and Figma have one form of text: pages, frames, labels, connections."""

import base64
import json
import zlib
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from surefoot.config import Settings
from surefoot.domain import FailedFile, ParsedFile, Root, Source
from surefoot.readings import Reading, drawio, reading_of
from surefoot.sources import parse_file

MODEL = """<mxGraphModel dx="1"><root>
<mxCell id="0"/>
<mxCell id="1" parent="0"/>
<mxCell id="form" value="Payment form" style="swimlane" vertex="1" parent="1"/>
<mxCell id="pay" value="&lt;b&gt;Pay&lt;/b&gt;&lt;br&gt;now &amp;amp; here" style="html=1" vertex="1" parent="form"/>
<mxCell id="cart" value="Cart" vertex="1" parent="1"/>
<object label="Payment service" owner="team" id="service"><mxCell vertex="1" parent="1"/></object>
<mxCell id="e1" edge="1" source="pay" target="service" parent="1" value=""/>
<mxCell id="e1l" value="POST /payments" style="edgeLabel" vertex="1" connectable="0" parent="e1"/>
<mxCell id="e2" edge="1" source="cart" target="form" value="opens" parent="1"/>
<mxCell id="e3" edge="1" parent="1" value="a note on a loose line"/>
</root></mxGraphModel>"""
TEXT = """Page: {0}
- Cart
- Payment service
- a note on a loose line
- Payment form
Pay now & here -> Payment service: POST /payments
Cart -> Payment form: opens

Frame: {0} > Payment form
- Pay now & here"""


def compressed(model: str) -> str:
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    return base64.b64encode(deflater.compress(quote(model).encode()) + deflater.flush()).decode()


def mxfile(*pages: tuple[str, str]) -> bytes:
    diagrams = "\n".join(f'<diagram name="{name}" id="x">{body}</diagram>' for name, body in pages)
    return f'<?xml version="1.0"?>\n<mxfile host="app">\n{diagrams}\n</mxfile>'.encode()


def read(path: str, content: bytes) -> Reading:
    reading = reading_of(path, content)
    assert reading is not None
    assert (reading.language, reading.source) == ("drawing", Source.DESIGNS)
    assert len(reading.lines) == len(reading.text.split("\n"))
    lines = reading.text.split("\n")
    for record in reading.records:
        assert record.name in lines[record.name_line - 1]
        assert 1 <= record.first <= record.name_line <= record.last <= len(lines)
    return reading


@pytest.mark.parametrize("path", ["a.drawio", "a.drawio.xml", "a.dio", "A.DRAWIO"])
def test_drawio_pages_plain_and_compressed_read_the_same(path: str) -> None:
    reading = read(path, mxfile(("Checkout", MODEL), ("Later", compressed(MODEL))))
    assert reading.text == f"{TEXT.format('Checkout')}\n\n{TEXT.format('Later')}"
    assert reading.problems == ()


def test_shapes_are_details_of_their_frames() -> None:
    records = read("a.drawio", mxfile(("Checkout", MODEL))).records
    assert [(r.signature, r.detail) for r in records] == [
        ("Checkout", False),
        ("Checkout > Cart", True),
        ("Checkout > Payment service", True),
        ("Checkout > a note on a loose line", True),
        ("Checkout > Payment form", False),
        ("Checkout > Payment form > Pay now & here", True),
    ]


def test_lines_are_those_of_the_xml() -> None:
    content = mxfile(("Checkout", MODEL))
    reading, of_file = read("a.drawio", content), content.decode().split("\n")
    lines = dict(zip(reading.text.split("\n"), reading.lines, strict=True))
    assert 'value="Cart"' in of_file[lines["- Cart"] - 1]
    assert 'id="e2"' in of_file[lines["Cart -> Payment form: opens"] - 1]


def test_a_drawing_without_a_file_around_it_is_called_by_its_name() -> None:
    assert read("design/checkout.drawio", MODEL.encode()).text == TEXT.format("checkout")


def test_entities_are_never_expanded() -> None:
    levels = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    bomb = f'<!DOCTYPE mxfile [<!ENTITY l0 "lol">{levels}]><mxfile><diagram name="&l9;"/></mxfile>'
    outside = (
        '<!DOCTYPE mxfile [<!ENTITY x SYSTEM "file:///etc/passwd">]><mxfile><diagram name="a">&x;</diagram></mxfile>'
    )
    for content in (bomb, outside):
        reading = read("a.drawio", content.encode())
        assert reading.text == ""
        assert reading.problems == ("The drawing declares a document type, as none of draw.io does, and is not read.",)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "The drawing is damaged: line 1 of its XML cannot be read."),
        (b"<mxfile>\n<diagram", "The drawing is damaged: line 2 of its XML cannot be read."),
        (b"\x00\x01\x02", "The drawing is damaged: line 1 of its XML cannot be read."),
        (b"<svg/>", "The file holds no drawing of draw.io."),
        (
            b'<?xml version="1.0" encoding="euc-jp"?><mxfile/>',
            "The drawing is damaged: its XML is in an encoding that cannot be read.",
        ),
        (
            b'<?xml version="1.0" encoding="none"?><mxfile/>',
            "The drawing is damaged: its XML is in an encoding that cannot be read.",
        ),
        (mxfile(("Flow", "%%%%")), "Page 'Flow' is damaged and cannot be read."),
        (mxfile(("Flow", compressed("<mxGraphModel><root>"))), "Page 'Flow' is damaged and cannot be read."),
    ],
)
def test_what_is_no_drawing_is_one_sentence(content: bytes, problem: str) -> None:
    assert read("a.drawio", content).problems == (problem,)


def test_a_damaged_page_is_told_and_the_others_are_kept(tmp_path: Path) -> None:
    (tmp_path / "a.drawio").write_bytes(mxfile(("Bad", "!!!!"), ("Good", MODEL)))
    parsed = parse_file(Root(tmp_path, "x"), "a.drawio", Settings())
    assert isinstance(parsed, ParsedFile)
    assert parsed.problems == ("Page 'Bad' is damaged and cannot be read.",)
    assert [(chunk.symbol, chunk.text.split("\n")[0]) for chunk in parsed.chunks] == [
        ("Good", "Page: Good"),
        ("Good.Payment form", "Frame: Good > Payment form"),
    ]
    assert "Good.Payment form.Pay now & here" in {symbol.qualified_name for symbol in parsed.symbols}


def test_a_page_that_unpacks_to_too_much_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawio, "MOST_INFLATED", 10_000)
    reading = read("a.drawio", mxfile(("Bomb", compressed("<mxGraphModel>" + " " * 100_000 + "</mxGraphModel>"))))
    assert reading.problems == ("Page 'Bomb' is too large to be read.",)


def test_cells_in_circles_and_very_deep_ones_are_read() -> None:
    circle = '<mxCell id="a" value="A1" parent="b" vertex="1"/><mxCell id="b" value="B1" parent="a" vertex="1"/>'
    deep = "".join(f'<mxCell id="d{n}" value="Level {n}" parent="d{n - 1}" vertex="1"/>' for n in range(3000))
    reading = read("a.drawio", f"<mxGraphModel><root>{circle}{deep}</root></mxGraphModel>".encode())
    assert "Level 2999" in reading.text
    assert max(record.signature.count(" > ") for record in reading.records) < 12


def test_frames_that_lie_far_within_each_other_are_not_followed_without_end() -> None:
    """Nine nameless groups between two named ones, two thousand times."""
    names = ("" if number % 10 else f"Level {number}" for number in range(20_000))
    cells = "".join(
        f'<mxCell id="d{number}" value="{name}" parent="d{number - 1}"/>' for number, name in enumerate(names)
    )
    reading = read("a.drawio", f"<mxGraphModel><root>{cells}</root></mxGraphModel>".encode())
    assert "Level 19990" in reading.text
    assert max(record.signature.count(" > ") for record in reading.records) < 12


def test_what_compressed_pages_hold_is_bounded_for_all_of_them_together(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = "".join(f'<mxCell id="{n}" value="S{n}"/>' for n in range(40))
    page = f"<mxGraphModel><root>{cells}</root></mxGraphModel>"
    content = mxfile(*((f"P{number}", compressed(page)) for number in range(5)))
    monkeypatch.setattr(drawio, "MOST_CELLS", 100)
    assert [problem.split("'")[1] for problem in read("a.drawio", content).problems] == ["P2", "P3", "P4"]
    monkeypatch.setattr(drawio, "MOST_CELLS", 1000)
    monkeypatch.setattr(drawio, "MOST_INFLATED", 3 * len(quote(page, safe="")))
    problems = read("b.drawio", content).problems
    assert problems == tuple(f"Page 'P{number}' is too large to be read." for number in (3, 4))


BOARD: dict[str, Any] = {
    "type": "excalidraw",
    "elements": [
        {"id": "area", "type": "frame", "name": "Warehouse"},
        {"id": "box", "type": "rectangle", "frameId": "area", "boundElements": [{"id": "label", "type": "text"}]},
        {"id": "label", "type": "text", "text": "Pick\nrobot", "originalText": "Pick robot", "containerId": "box",
         "frameId": "area"},
        {"id": "printer", "type": "ellipse"},
        {"id": "text", "type": "text", "text": "Label printer", "containerId": "printer"},
        {"id": "arrow", "type": "arrow", "startBinding": {"elementId": "box"}, "endBinding": {"elementId": "printer"}},
        {"id": "says", "type": "text", "text": "prints", "containerId": "arrow"},
        {"id": "free", "type": "text", "text": "At night only"},
        {"id": "gone", "type": "text", "text": "Old idea", "isDeleted": True},
    ],
}  # fmt: skip


def test_excalidraw_texts_frames_and_arrows() -> None:
    content = json.dumps(BOARD, indent=2)
    reading = read("night.excalidraw", content.encode())
    assert reading.text == (
        "Page: night\n- Label printer\n- At night only\n- Warehouse\nPick robot -> Label printer: prints\n\n"
        "Frame: night > Warehouse\n- Pick robot"
    )
    line = dict(zip(reading.text.split("\n"), reading.lines, strict=True))["- At night only"]
    assert '"free"' in content.split("\n")[line]
    assert read("night.excalidraw.json", content.encode()).text == reading.text


def test_what_lies_in_no_frame_does_not_lie_in_one_without_an_id() -> None:
    elements = [{"type": "frame", "name": "Warehouse"}, {"id": "free", "type": "text", "text": "At night only"}]
    reading = read("a.excalidraw", json.dumps({"type": "excalidraw", "elements": elements}).encode())
    assert "a > At night only" in {record.signature for record in reading.records}


def test_excalidraw_in_markdown_is_read_by_its_texts() -> None:
    texts = "Pick robot\nof the night ^a1B2c3d4\n\nPrinter ^zzzz1234\n"
    text = f"---\ntags: [excalidraw]\n---\n# Text Elements\n{texts}%%\n# Drawing\n"
    reading = read("night.excalidraw.md", text.encode())
    assert reading.text == "Page: night\n- Pick robot of the night\n- Printer"
    assert reading.lines == (1, 6, 8)
    assert reading_of("plain.excalidraw.md", b"# Hello\n") is None


DESIGN: dict[str, Any] = {
    "name": "Shop",
    "document": {"id": "0:0", "type": "DOCUMENT", "children": [
        {"id": "0:1", "type": "CANVAS", "name": "Screens", "children": [
            {"id": "1:1", "type": "FRAME", "name": "Checkout", "children": [
                {"id": "1:2", "type": "INSTANCE", "name": "Pay button", "transitionNodeID": "2:1",
                 "interactions": [{"trigger": {"type": "ON_CLICK"}, "actions": [{"destinationId": "2:1"}]}],
                 "children": [{"id": "1:3", "type": "TEXT", "name": "t", "characters": "Pay now"}]},
                {"id": "1:4", "type": "FRAME", "name": "Frame 12", "children": [
                    {"id": "1:5", "type": "TEXT", "characters": "Card number"}]},
                {"id": "1:6", "type": "TEXT", "characters": "Hidden hint", "visible": False},
                {"id": "1:7", "type": "RECTANGLE", "name": "Rectangle 3"}]},
            {"id": "3:1", "type": "STICKY", "name": "s", "characters": "Ask legal"},
            {"id": "3:2", "type": "CONNECTOR", "characters": "about", "connectorStart": {"endpointNodeId": "3:1"},
             "connectorEnd": {"endpointNodeId": "1:1"}}]},
        {"id": "0:2", "type": "CANVAS", "name": "Later", "children": [
            {"id": "2:1", "type": "FRAME", "name": "Confirmation", "children": [
                {"id": "2:2", "type": "TEXT", "characters": "Thank you"}]}]}]},
}  # fmt: skip


@pytest.mark.parametrize("path", ["shop.figma.json", "figma/export-figma.json", "Figma.json"])
def test_figma_pages_screens_texts_and_prototype_links(path: str) -> None:
    reading = read(path, json.dumps(DESIGN, indent=1).encode())
    assert reading.text == (
        "Page: Screens\n- Ask legal\n- Checkout\nAsk legal -> Checkout: about\n\n"
        "Frame: Screens > Checkout\n- Pay button\n- Pay now\n- Card number\nPay button -> Confirmation: on click\n\n"
        "Page: Later\n- Confirmation\n\nFrame: Later > Confirmation\n- Thank you"
    )


def test_figma_layers_that_were_asked_for_one_by_one() -> None:
    screen = DESIGN["document"]["children"][1]["children"][0]
    reading = read("a.figma.json", json.dumps({"nodes": {"2:1": {"document": screen}}}).encode())
    assert reading.text == "Page: Confirmation\n- Thank you"


@pytest.mark.parametrize(
    "content", [b'{"color": {"value": "#fff"}}', b"[]", b'{"document": 3}', b'{"document": {"a": 1}}']
)
def test_other_json_with_figma_in_its_name_is_text(content: bytes) -> None:
    assert reading_of("tokens.figma.json", content) is None


@pytest.mark.parametrize("path", ["a.excalidraw", "a.figma.json"])
@pytest.mark.parametrize(
    "content",
    [b"", b"{", b'{"elements": {', b'{"elements": 3}', b'{"document": ' + b"[" * 100_000, b'"CANVAS"' + b"\xff" * 9],
)
def test_damaged_json_never_raises(path: str, content: bytes) -> None:
    reading = reading_of(path, content)
    assert reading is None or reading.problems or reading.records


@pytest.mark.parametrize("value", [None, 3, [], {}, "\ud800\x00", "x" * 100_000, "two\nlines", True])
def test_odd_values_are_read_as_far_as_they_are_text(value: object) -> None:
    board = {"elements": [dict.fromkeys(("id", "type", "text", "frameId", "containerId", "startBinding"), value), value,
                          {"type": "text", "text": "kept"}]}  # fmt: skip
    reading = read("a.excalidraw", json.dumps(board).encode())
    assert "- kept" in reading.text.split("\n")
    assert not set(reading.text) & {"\x00", "\ud800"}
    assert max(map(len, reading.text.split("\n"))) < 500


def test_a_drawing_that_cannot_be_read_is_a_file_that_failed(tmp_path: Path) -> None:
    (tmp_path / "a.excalidraw").write_text("{")
    failed = parse_file(Root(tmp_path, "x"), "a.excalidraw", Settings())
    assert failed == FailedFile("a.excalidraw", "The drawing is damaged: its JSON cannot be read.")
