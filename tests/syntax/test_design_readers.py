"""GraphQL, protocol buffers and SQL in any state: nothing is raised, no line is lost, no text takes long."""

import pytest

from surefoot.domain import Source
from surefoot.syntax.languages import language_of
from surefoot.syntax.parse import parse

UNITS = [
    "/*", '"""', '"\\"', "'", "`", "{", "}", "(", ")", "[", "$$", "$a$ $b$ ", "type A {", "message A {", "CREATE ",
    "CREATE TABLE a (", "ALTER TABLE a ADD b int,", "BEGIN ", "END ", "CASE ", "GO\n", "-- \n", "#\n", "\n", "\r\n",
    "\0", "\ud800", "\\", "''", "rpc a", "a:", "a ", "=", "extend type A", "@", "enum A {B C}\n", "union A = ",
    "CREATE FUNCTION a() AS BEGIN ;", "query a { b ", "message A { string b = 1; }\n",
]  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("path", ["a.graphql", "a.proto", "a.sql"])
def test_text_that_repeats_itself_is_read_in_one_go(path: str, unit: str) -> None:
    """Quadratic readers would take minutes here, and the time limit of the suite would end them."""
    text = unit * (100_000 // len(unit))
    parsed = parse(path, text, language_of(path))
    count = text.count("\n") + 1
    assert all(1 <= each.span.start <= each.name_line <= each.span.end <= count for each in parsed.symbols)
    lines = {line for chunk in parsed.chunks for line in range(chunk.span.start, chunk.span.end + 1)}
    assert {number for number, line in enumerate(text.split("\n"), 1) if line.strip()} <= lines


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("a.graphql", "type Order { id: ID }", Source.DESIGNS),
        ("a.gql", "extend type Query { order: Order }", Source.DESIGNS),
        ("a.graphql", "query GetOrder { order { id } }", Source.CODE),
        ("a.proto", "message Order {}", Source.DESIGNS),
    ],
)
def test_schemas_are_designs_and_what_asks_them_is_code(path: str, text: str, expected: Source) -> None:
    (chunk,) = parse(path, text, language_of(path)).chunks
    assert chunk.source is expected


def test_an_extension_has_members_and_is_no_second_definition() -> None:
    symbols = parse("a.graphql", "type Query { a: Int }\nextend type Query {\n  b: Int\n}\n", "graphql").symbols
    assert [(str(each.kind), each.qualified_name) for each in symbols] == [
        ("struct", "Query"), ("method", "Query.a"), ("method", "Query.b"),
    ]  # fmt: skip


def test_what_is_never_closed_reaches_to_the_end() -> None:
    message, field = parse("a.proto", "message A {\n  string b = 1;\n\n", "protobuf").symbols
    assert (message.span.end, field.qualified_name, field.span.end) == (4, "A.b", 2)
    (outer, inner) = parse("a.graphql", "type A {\n  b: Int\n", "graphql").symbols
    assert (outer.span.end, inner.qualified_name) == (2, "A.b")


def test_names_that_are_keywords_are_names() -> None:
    text = "type A {\n  type: type\n  query(input: Int): enum\n}\nmessage"
    assert [each.qualified_name for each in parse("a.graphql", text, "graphql").symbols] == ["A", "A.type", "A.query"]
    text = "message message {\n  string rpc = 1;\n  message.A service = 2;\n}\n"
    names = [each.qualified_name for each in parse("a.proto", text, "protobuf").symbols]
    assert names == ["message", "message.rpc", "message.service"]
