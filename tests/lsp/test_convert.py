"""Positions, URIs and edits: what the protocol counts and what we count."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from surefoot.domain import Span, Symbol, SymbolKind
from surefoot.lsp import convert
from surefoot.lsp.convert import Place

ENCODINGS = ["utf-8", "utf-16", "utf-32"]
BYTES_PER_UNIT = {"utf-8": 1, "utf-16": 2, "utf-32": 4}


def partial(start: tuple[int, int], end: tuple[int, int], text: str) -> types.TextDocumentContentChangePartial:
    span = types.Range(types.Position(*start), types.Position(*end))
    return types.TextDocumentContentChangePartial(range=span, text=text)


@pytest.mark.parametrize(
    ("encoding", "units"), [("utf-8", [0, 4, 5, 8]), ("utf-16", [0, 2, 3, 4]), ("utf-32", [0, 1, 2, 3])]
)
def test_columns_are_counted_in_the_agreed_units(encoding, units):
    text = "first\n🦶xあz"
    places = [convert.place_in(text, types.Position(1, unit), encoding) for unit in units]
    assert places == [Place(2, 0), Place(2, 1), Place(2, 2), Place(2, 3)]


@given(st.text(max_size=30), st.sampled_from(ENCODINGS))
def test_every_column_of_every_line_comes_back(line, encoding):
    line = "".join(char for char in line if char not in "\r\n")
    codec = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}[encoding]
    for column in range(len(line) + 1):
        units = len(line[:column].encode(codec, "surrogatepass")) // BYTES_PER_UNIT[encoding]
        assert convert.place_in(line, types.Position(0, units), encoding) == Place(1, column)


@pytest.mark.parametrize("position", [(0, 99), (99, 0), (99, 99)])
def test_positions_past_the_end_mean_the_end(position):
    assert convert.place_in("ab", types.Position(*position), "utf-16") == Place(1, 2)


def test_a_column_past_the_end_of_its_line_stays_on_the_line():
    assert convert.place_in("ab\r\ncd", types.Position(0, 99), "utf-16") == Place(1, 2)


@pytest.mark.parametrize("separator", ["\f", "\v", "\x1c", "\x85", "\u2028"])
def test_only_line_ends_of_the_protocol_end_a_line(separator):
    """A form feed is no line end for an editor, whatever str.splitlines thinks."""
    text = f"one{separator}still one\ntwo\n"
    assert convert.place_in(text, types.Position(1, 1), "utf-16") == Place(2, 1)
    assert convert.edited(text, [partial((1, 0), (1, 3), "TWO")], "utf-16") == f"one{separator}still one\nTWO\n"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (partial((0, 0), (0, 0), "x"), "xab\ncd\n"),
        (partial((0, 1), (1, 1), "-"), "a-d\n"),
        (partial((2, 0), (2, 0), "end"), "ab\ncd\nend"),
        (partial((0, 0), (2, 0), ""), ""),
        (partial((0, 0), (99, 0), "new"), "new"),
        (types.TextDocumentContentChangeWholeDocument("all"), "all"),
    ],
)
def test_edits(change, expected):
    assert convert.edited("ab\ncd\n", [change], "utf-16") == expected


def test_edits_apply_one_after_the_other():
    changes = [partial((0, 0), (0, 0), "🦶"), partial((0, 2), (0, 3), "!")]
    assert convert.edited("abc", changes, "utf-16") == "🦶!bc"


@given(st.text(alphabet="ab🦶\n\r\f", max_size=20), st.integers(0, 20), st.integers(0, 20), st.text(max_size=5))
def test_an_edit_replaces_exactly_its_range(text, first, second, new):
    """The protocol's own definition, spelt out with encoded text."""
    text = text.replace("\r", "")
    begin, end = sorted((min(first, len(text)), min(second, len(text))))

    def position(offset: int) -> tuple[int, int]:
        before = text[:offset].split("\n")
        return len(before) - 1, len(before[-1].encode("utf-16-le")) // 2

    change = partial(position(begin), position(end), new)
    assert convert.edited(text, [change], "utf-16") == text[:begin] + new + text[end:]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX paths")
@pytest.mark.parametrize("name", ["a b.py", "ä#?.py", "100%.py", "(x)[y].py", os.fsdecode(b"\xff.py")])
def test_paths_survive_the_way_through_a_uri(name):
    path = Path("/tmp") / name
    assert convert.path_of(convert.uri_of(path)) == path


@pytest.mark.parametrize("uri", ["untitled:Untitled-1", "vscode-vfs://github/x", "", "x", "file://", "file:///a%00b"])
def test_what_is_not_a_file_has_no_path(uri):
    assert convert.path_of(uri) is None


def test_a_link_can_stand_in_markdown():
    assert convert.link_to(Path("/tmp/(a) b.py"), 7) == "file:///tmp/%28a%29%20b.py#L7"


@pytest.mark.parametrize("kind", list(SymbolKind))
def test_every_kind_of_symbol_has_its_number(kind):
    assert convert.symbol_kind(kind).name.lower().replace("_", "") == kind.value


def test_a_symbol_points_at_its_name():
    symbol = Symbol("run", SymbolKind.METHOD, Span("pkg/a.py", 3, 9), 4, container="Job")
    listed = convert.workspace_symbol(Path("/base"), symbol)
    assert (listed.name, listed.container_name) == ("run", "Job")
    assert listed.location == convert.line_location(Path("/base/pkg/a.py"), 4)
    assert listed.location.range.start == types.Position(3, 0)
