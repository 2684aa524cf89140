"""Whatever the arguments are: an answer or one sentence, never a traceback, and the server lives on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import SHOP, write_tree
from mcp_session import Wire, wire
from surefoot.mcp.tools import TOOLS

SCHEMAS = {name: (tool.listed().input_schema, tool.listed().output_schema) for name, tool in TOOLS.items()}
WORDS = (
    "cart", "Cart.add_item", "rate_for", "shop/cart.py:17-21", "shop/**", "python", "code", "shop-root", "none",
    "where is the tax rate applied?", "../../etc/passwd", "/", "~", "\0", "\x1b[2J", "\u202e", "\ud800", "ü" * 300,
    "**/" * 200, "[" * 500, "a" * 30_000, "`x` " * 2000, "SELECT 1; --", "{}", "%s%n", "''", '"', "NEAR(a b)", "*",
    "\n" * 50,
)  # fmt: skip
texts = st.one_of(st.sampled_from(WORDS), st.text(st.characters(), max_size=60))
anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=8,
)


def fitting(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that the schema of an argument admits, near its limits and within."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kind = schema["type"]
    if kind == "integer":
        low, high = schema.get("minimum", -(2**63)), schema.get("maximum", 2**63)
        return st.one_of(st.sampled_from([low, high]), st.integers(low, min(high, low + 60)))
    if kind == "array":
        return st.lists(fitting(schema["items"]), max_size=3)
    return {"string": texts, "boolean": st.booleans()}[kind]


def calls(schema: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects that fit the schema, and objects that fit it in part or not at all."""
    fields = schema["properties"]
    needed = {name: fitting(fields[name]) for name in schema.get("required", ())}
    optional = {name: fitting(field) for name, field in fields.items() if name not in needed}
    good = st.fixed_dictionaries(needed, optional=optional)
    spoilt = st.fixed_dictionaries({}, optional={name: st.one_of(fitting(f), anything) for name, f in fields.items()})
    return st.one_of(good, good, spoilt, st.dictionaries(texts, anything, max_size=3))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    home = tmp_path_factory.mktemp("fuzz")
    write_tree(home / "shop-root", SHOP)
    with wire(home / "cache", "--root", str(home / "shop-root")) as client:
        yield client
        assert "result" in client.call("search_code", {"query": "Cart.add_item"}), "it has lived through all of it"
    assert "Traceback" not in "".join(client.errors)


@pytest.mark.parametrize("name", TOOLS)
def test_any_arguments_are_answered_or_refused_in_one_sentence(client: Wire, name: str) -> None:
    accepts, gives = SCHEMAS[name]

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(arguments=calls(accepts))
    def check(arguments: dict[str, Any]) -> None:
        reply = client.call(name, arguments)
        result = reply["result"]
        text = result["content"][0]["text"]
        assert "failed inside Surefoot" not in text
        assert "Traceback" not in text
        assert text.strip()
        if result.get("isError"):
            assert "\n" not in text
            assert "structuredContent" not in result
        else:
            jsonschema.validate(result["structuredContent"], gives)
            if arguments.get("detail") != "full" and not arguments.get("stage"):
                assert len(text) + len(json.dumps(result["structuredContent"], ensure_ascii=False)) <= 6_200

    check()


@pytest.mark.parametrize("arguments", [None, [], "x", 5, True, {"query": {"a": []}}, {"": ""}, {"\ud800": 1}])
def test_arguments_that_are_no_object_are_refused(client: Wire, arguments: Any) -> None:
    reply = client.call("search_code", arguments)
    refused = reply.get("error") or reply["result"]
    assert "message" in refused or refused["isError"]


@pytest.mark.parametrize(
    "params",
    [
        None,
        {},
        {"name": None},
        {"name": 5},
        {"name": ""},
        {"name": "x" * 100_000},
        {"name": "search_code", "arguments": {}, "_meta": 5},
    ],
)
def test_calls_that_are_none_are_refused(client: Wire, params: Any) -> None:
    reply = client.request("tools/call", params)
    assert "error" in reply or reply["result"]["isError"]
