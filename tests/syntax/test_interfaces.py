"""OpenAPI, Swagger, AsyncAPI and JSON Schema: told by what they say, cut by what they describe."""

import json

import pytest

from surefoot.domain import Source
from surefoot.syntax.parse import Parsed, parse
from surefoot.syntax.source import interface_of

OPENAPI = """\
openapi: "3.0.3"
info:
  title: Shop
tags:
  - name: orders
    description: All about orders
x-parts:
  err: &err
    description: It failed
paths:
  # One order.
  /orders/{id}:
    parameters:
      - $ref: '#/components/parameters/Id'
    get:
      operationId: getOrder
      summary: Returns an order
      description: |
        # A heading
        Really.
      responses:
        default: *err
    delete:
      operationId: deleteOrder

  "/orders": {post: {operationId: createOrder}}
  /other:
    $ref: other.yaml
components:
  schemas:
    Order:
      type: object
      description: An order of a customer.
      properties:
        id:
          type: string
        total: {type: number}
    # What was bought.
    Line:
      allOf:
        - $ref: '#/components/schemas/Order'
        - type: object
          properties:
            sku: {type: string}
    State:
      enum: [open, paid]
---
openapi: 3.1.0
webhooks:
  orderPaid:
    post:
      summary: An order was paid
"""


def symbols(parsed: Parsed) -> dict[str, tuple[str, int, int, int]]:
    return {
        symbol.qualified_name: (str(symbol.kind), symbol.span.start, symbol.name_line, symbol.span.end)
        for symbol in parsed.symbols
    }


def test_operations_and_schemas_are_symbols_by_their_own_names() -> None:
    found = symbols(parse("any/name.yml", OPENAPI, "yaml"))
    expected = {
        "GET /orders/{id}": ("method", 10, 15, 22), "getOrder": ("method", 10, 16, 22),
        "DELETE /orders/{id}": ("method", 23, 23, 24), "deleteOrder": ("method", 23, 24, 24),
        "POST /orders": ("method", 26, 26, 26), "createOrder": ("method", 26, 26, 26),
        "POST orderPaid": ("method", 49, 51, 52), "/other": ("key", 27, 27, 28), "tags.orders": ("key", 5, 5, 5),
        "Order": ("struct", 29, 31, 37), "Order.id": ("field", 35, 35, 36), "Order.total": ("field", 37, 37, 37),
        "Line": ("struct", 38, 39, 44), "Line.sku": ("field", 44, 44, 44), "State": ("enum", 45, 45, 46),
    }  # fmt: skip
    assert {name: found.get(name) for name in expected} == expected


def test_an_operation_says_what_it_does() -> None:
    operation = next(each for each in parse("a.yaml", OPENAPI, "yaml").symbols if each.name == "GET /orders/{id}")
    assert operation.signature == "GET /orders/{id} getOrder: Returns an order"
    assert operation.doc == "Returns an order\n# A heading Really."


def test_every_operation_and_schema_is_a_chunk_and_no_line_is_lost() -> None:
    parsed = parse("a.yaml", OPENAPI, "yaml")
    named = [chunk.symbol for chunk in parsed.chunks]
    for name in ("GET /orders/{id}", "DELETE /orders/{id}", "POST /orders", "Order", "Line", "State"):
        assert named.count(name) == 1
    lines = [line for chunk in parsed.chunks for line in range(chunk.span.start, chunk.span.end + 1)]
    assert len(lines) == len(set(lines))
    assert {number for number, line in enumerate(OPENAPI.split("\n"), 1) if line.strip()} <= set(lines)
    assert {chunk.source for chunk in parsed.chunks} == {Source.DESIGNS}


def test_swagger_in_json_is_read_whatever_the_order_of_its_keys() -> None:
    text = json.dumps(
        {
            "definitions": {"Order": {"type": "object", "properties": {"id": {"type": "string"}}}},
            "paths": {"/orders/{id}": {"get": {"operationId": "getOrder", "summary": 'One "order"'}}},
            "swagger": "2.0",
        },
        indent=2,
    )
    parsed = parse("a.json", text, "json")
    assert {"GET /orders/{id}", "getOrder", "Order", "Order.id"} <= set(symbols(parsed))
    assert 'GET /orders/{id} getOrder: One "order"' in {symbol.signature for symbol in parsed.symbols}
    assert {chunk.source for chunk in parsed.chunks} == {Source.DESIGNS}


def test_events_and_json_schemas_are_designs_as_well() -> None:
    events = {
        "asyncapi": "2.6.0",
        "channels": {"orders/created": {"subscribe": {}}},
        "components": {"messages": {"OrderCreated": {"payload": {"properties": {"id": {}}}}}},
    }
    found = symbols(parse("a.json", json.dumps(events, indent=1), "json"))
    assert {"orders/created", "OrderCreated", "OrderCreated.id"} <= set(found)
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "properties": {"a": {}},
        "$defs": {"Node": {"properties": {"b": {}}}},
    }
    found = symbols(parse("a.json", json.dumps(schema, indent=1), "json"))
    assert {"properties.a", "Node", "Node.b"} <= set(found)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("json", '{"name": "x", "dependencies": {"openapi": "3.0.1", "info": "1"}, "info": {}}'),
        ("json", '{"a": "openapi: 3.0.0", "paths": {}}'),
        ("json", '{"openapi": "3.0.0"}'),
        ("yaml", "services:\n  openapi: 3.0.0\n  paths: x\n"),
        ("yaml", "# openapi: 3.0.0\npaths: {}\n"),
        ("yaml", "openapi: 4\npaths: {}\n"),
        ("yaml", ""),
        ("yaml", "openapi"),
    ],
)
def test_what_only_mentions_an_interface_is_none(language: str, text: str) -> None:
    assert interface_of(language, text) == ""
    assert {chunk.source for chunk in parse(f"a.{language}", text, language).chunks} <= {Source.CODE}


@pytest.mark.parametrize(
    "body",
    ["paths:", "paths: []", "paths:\n  /a: null", "paths:\n  /a:\n    get:", "paths:\n  ? [a]\n  : b", "paths: *x",
     "paths:\n  /a: &x\n    get: *x", "components:\n  schemas:\n    - 1",
     "components:\n  schemas: {A: {properties: 1}}",
     "paths:\n  /a: {get: {operationId: {a: b}}}", "tags: {a: b}", "tags: [a, {name: }]", "paths:\n  '': {get: {}}",
     "paths:\n\t/a:\n", "definitions: \ud800", "info: \0", "paths:\n  /a:\n    get: {}\n  /a:\n    get: {}"],
)  # fmt: skip
def test_a_broken_interface_is_read_as_far_as_it_goes(body: str) -> None:
    text = f"openapi: 3.0.0\ninfo: {{}}\n{body}\n"
    parsed = parse("a.yaml", text, "yaml")
    count = text.count("\n") + 1
    assert all(1 <= each.span.start <= each.name_line <= each.span.end <= count for each in parsed.symbols)
    assert "openapi: 3.0.0" in parsed.chunks[0].text


def test_a_thousand_operations_are_a_thousand_chunks() -> None:
    paths = "".join(f"  /things/{n}:\n    get:\n      operationId: get{n}\n" for n in range(1000))
    parsed = parse("a.yaml", f"openapi: 3.0.0\npaths:\n{paths}", "yaml")
    assert sum(chunk.symbol.startswith("GET /things/") for chunk in parsed.chunks) == 1000
