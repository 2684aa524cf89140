"""Operations that a question names, resolved by what describes them, else by what handles them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from surefoot.domain import MentionKind, Query
from surefoot.engine import Engine
from surefoot.retrieve.resolve import resolve

Open = Callable[..., Engine]

OPENAPI = """\
openapi: 3.0.0
info: {title: Shop}
paths:
  /orders/{id}:
    get:
      operationId: getOrder
      summary: Returns an order
    delete:
      operationId: deleteOrder
"""
APP = """\
@app.get("/orders/{order_id}")
def load_it(order_id):
    return store[order_id]


@app.post("/baskets/{key}/lines")
def add_to_basket(key):
    return key


def use():
    return requests.put("http://elsewhere/things/1")
"""
TABLE = """\
CREATE TABLE orders (
  id int PRIMARY KEY,
  total numeric(10, 2) NOT NULL,
  customer_id int,
  state text,
  created_at timestamp
);
CREATE TYPE order_state AS ENUM ('open');
ALTER TABLE orders ADD COLUMN shipped_at timestamp;
"""


@pytest.fixture
def shop_with_designs(tmp_path: Path, open_engine: Open) -> Engine:
    root = tmp_path / "shop"
    (root / "db/migrations").mkdir(parents=True)
    (root / "api.yaml").write_text(OPENAPI)
    (root / "app.py").write_text(APP)
    (root / "db/migrations/001.sql").write_text(TABLE)
    engine = open_engine(root)
    engine.refresh()
    return engine


def targets(engine: Engine, question: str) -> dict[str, tuple[str, ...]]:
    mentions = resolve(Query(question), list(engine._current().values())).mentions
    return {m.text: m.targets for m in mentions if m.kind is MentionKind.SYMBOL and m.is_code}


@pytest.mark.parametrize(
    ("question", "written", "expected"),
    [
        ("what does GET /orders/{id} return?", "GET /orders/{id}", ("GET /orders/{id}",)),
        ("what does get /orders/:order return?", "get /orders/:order", ("GET /orders/{id}",)),
        ("DELETE /orders/{}", "DELETE /orders/{}", ("DELETE /orders/{id}",)),
        ("GET /api/v2/orders/{id}.", "GET /api/v2/orders/{id}", ("GET /orders/{id}",)),
        ("who calls POST /baskets/{id}/lines", "POST /baskets/{id}/lines", ("add_to_basket",)),
        ("all of /orders/{id}", "/orders/{id}", ("GET /orders/{id}", "DELETE /orders/{id}")),
    ],
)
def test_an_operation_is_what_describes_or_handles_it(
    shop_with_designs: Engine, question: str, written: str, expected: tuple[str, ...]
) -> None:
    assert set(targets(shop_with_designs, question)[written]) == set(expected)


@pytest.mark.parametrize("question", ["PUT /orders/{id}", "GET /nothing", "GET /things/1", "and/or", "GET / POST", "/"])
def test_an_operation_that_is_nowhere_is_no_mention(shop_with_designs: Engine, question: str) -> None:
    assert not {text for text in targets(shop_with_designs, question) if "/" in text}


def test_a_named_operation_comes_first_and_its_handler_with_it(shop_with_designs: Engine) -> None:
    hits = shop_with_designs.search(Query("GET /orders/{id}")).hits
    assert hits[0].chunk.symbol == "GET /orders/{id}"
    assert "load_it" in {hit.chunk.symbol for hit in hits[:3]}


def test_who_asks_for_a_table_is_shown_the_table(shop_with_designs: Engine) -> None:
    """And not the one column whose line has the most words of the question."""
    hits = shop_with_designs.search(Query("which columns does the table of orders have")).hits
    (table,) = [hit.chunk for hit in hits if hit.chunk.text.startswith("CREATE TABLE")]
    assert (table.symbol, table.span.start, table.span.end) == ("orders", 1, 7)
