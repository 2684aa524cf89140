"""YAML of more lines than its grammar can count is read in parts, as if it were read as a whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from surefoot.domain import Source, Symbol
from surefoot.syntax import long_yaml
from surefoot.syntax import parse as parsing
from surefoot.syntax.parse import Parsed, parse
from syntax.test_interfaces import OPENAPI


def interface(lines: int) -> str:
    """An interface of about so many lines, two thirds of them paths."""
    found = ["openapi: 3.0.3", "info: {title: Big, version: '1'}", "paths:"]
    number = 0
    while len(found) < lines * 2 / 3:
        number += 1
        found += [
            f"  # About {number}.",
            f"  /things/{number}/{{id}}:",
            "    get:",
            f"      operationId: getThing{number}",
            "      description: |",
            f"        Reads: thing {number}",
            "",
            "        # no comment: and no key",
            "    post:",
            "      summary: 'Makes: one'",
            "",
        ]
    found += ["components:", "  parameters:", "    Id: {name: id, in: path}", "  schemas:"]
    while len(found) < lines:
        found += [
            f"    Thing{number}:",
            "      properties:",
            "        id: {type: string}",
            "        size:",
            "          type: integer",
        ]
        number -= 1
    return "\n".join(found) + "\n"


MANIFESTS = "".join(
    f"---\n# Number {n}.\napiVersion: v1\nkind: Service\nmetadata:\n  name: s{n}\n  labels:\n    a: b\nspec:\n- x\n"
    for n in range(9)
)
ANCHORS = "x: &x  # shared\n  a: 1\n" + "".join(f"k{n}:\n  <<: *x\n  b: {n}\n" for n in range(40))


def shown(symbol: Symbol) -> tuple[object, ...]:
    """All but the signature where it is a key's, as that shows the beginning of what the part has below it."""
    signature = "" if symbol.kind == "key" else symbol.signature
    return symbol.name, symbol.kind, symbol.span, symbol.name_line, symbol.container, signature, symbol.doc


def without_a_line_lost(parsed: Parsed, text: str) -> bool:
    covered: set[int] = set()
    for chunk in parsed.chunks:
        numbers = range(chunk.span.start, chunk.span.end + 1)
        assert not covered.intersection(numbers)
        covered.update(numbers)
    return covered >= {number for number, line in enumerate(text.split("\n"), 1) if line.strip()}


@pytest.mark.parametrize("size", [20, 33, 60, 150])
@pytest.mark.parametrize(
    "text", [OPENAPI, interface(400), MANIFESTS, ANCHORS], ids=["small", "big", "manifests", "anchors"]
)
def test_parts_say_what_the_whole_says(text: str, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = parse("a.yaml", text, "yaml")
    monkeypatch.setattr(parsing, "MOST_LINES", 0)
    monkeypatch.setattr(long_yaml, "PART_LINES", size)
    parts = parse("a.yaml", text, "yaml")
    assert [shown(symbol) for symbol in parts.symbols] == [shown(symbol) for symbol in whole.symbols]
    assert [(chunk.span, chunk.symbol, chunk.doc) for chunk in parts.chunks] == [
        (chunk.span, chunk.symbol, chunk.doc) for chunk in whole.chunks
    ]


def test_an_interface_of_seventy_thousand_lines_has_its_operations_and_schemas() -> None:
    text = interface(70_000)
    parsed, lines = parse("api.yaml", text, "yaml"), text.split("\n")
    named = {symbol.qualified_name: symbol for symbol in parsed.symbols}
    paths = sum(line.startswith("  /things/") for line in lines)
    assert paths > 4000
    for number in range(1, paths + 1):
        for name, line in (
            (f"GET /things/{number}/{{id}}", "    get:"),
            (f"POST /things/{number}/{{id}}", "    post:"),
        ):
            assert lines[named[name].name_line - 1] == line
            assert named[name].span.start <= named[name].name_line <= named[name].span.end
            assert named[name].span.end - named[name].span.start < 10
    schemas = [symbol for symbol in parsed.symbols if symbol.kind == "struct"]
    assert len(schemas) > 4000
    assert all(lines[symbol.name_line - 1] == f"    {symbol.name}:" for symbol in schemas)
    assert (named["components"].span.end, named["paths"].span.start) == (len(lines) - 1, 3)
    assert {chunk.source for chunk in parsed.chunks} == {Source.DESIGNS}
    assert without_a_line_lost(parsed, text)


def hostile() -> Iterator[tuple[str, str]]:
    many = long_yaml.MOST_LINES + 2000
    yield "a list", "- a: 1\n" * many
    yield "a text", "a: |\n" + "  b: c\n" * many + "d: 1\n"
    yield "one flow mapping", "a: {\n" + "b: 1,\n" * many + "}\n"
    yield "comments", "# a:\n" * many
    yield "blank lines", "\n" * many + "a: 1\n"
    yield "no YAML", "\t}{: [\n" * many
    yield "quotes", "\"a: '\n" * many
    yield "one key", "a:\n" * many
    yield "steps", "".join(" " * (number % 80) + "a:\n" for number in range(many))
    yield "documents", "---\na: 1\n" * (many // 2)
    yield "carriage returns", "a:\r\n  b: 1\r\n" * many


HOSTILE = dict(hostile())


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("head", ["", "openapi: 3.0.0\npaths:\n"])
def test_long_yaml_of_any_kind_is_chunks_without_a_line_lost(kind: str, head: str) -> None:
    text = head + HOSTILE[kind]
    parsed = parse("a.yaml", text, "yaml")
    assert without_a_line_lost(parsed, text)
    count = text.count("\n") + 1
    assert all(1 <= symbol.span.start <= symbol.name_line <= symbol.span.end <= count for symbol in parsed.symbols)


def test_a_file_that_is_too_long_is_read_as_far_as_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "MOST_LINES", 0)
    monkeypatch.setattr(long_yaml, "PART_LINES", 20)
    whole = parse("a.yaml", OPENAPI, "yaml")
    monkeypatch.setattr(long_yaml, "MOST_READ", 20)
    parsed = parse("a.yaml", OPENAPI, "yaml")
    assert 0 < len(parsed.symbols) < len(whole.symbols)
    assert all(symbol.name_line <= 20 for symbol in parsed.symbols)
    assert without_a_line_lost(parsed, OPENAPI)
