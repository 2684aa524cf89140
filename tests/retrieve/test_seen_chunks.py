"""What one question has looked at: who names a thing, how strongly, and what is meant there."""

from collections.abc import Callable
from pathlib import Path

from conftest import write_tree
from surefoot.domain import Chunk, Link, LinkKind, Query, Resolved
from surefoot.engine import Engine
from surefoot.retrieve.seen_chunks import SeenChunks

ROUTES = """
    from flask import Blueprint

    shop = Blueprint("shop", __name__)


    def unrelated():
        return 1


    @shop.get("/orders")
    def list_orders():
        return []
"""


def test_who_names_a_thing_counts_for_as_much_as_the_thing(tmp_path: Path, open_engine: Callable[..., Engine]) -> None:
    """Of code, the definition whose line names it is meant; what has no key is named by nobody."""
    write_tree(tmp_path / "shop", {"routes.py": ROUTES, "docs/orders.md": "# Orders\n\nThey come of `GET /orders`.\n"})
    engine = open_engine(tmp_path / "shop")
    engine.refresh()
    seen = SeenChunks(next(iter(engine._current().values())), Resolved(Query("orders"), (), ()))
    whole = _by_path(seen, seen.naming(LinkKind.OPERATION, {"GET /orders": 1.0, "": 1.0}))
    half = _by_path(seen, seen.naming(LinkKind.OPERATION, {"GET /orders": 0.5, "PUT /others": 1.0}))
    assert {"routes.py", "docs/orders.md"} == set(whole)
    assert {path: link.score / 2 for path, (_, link) in whole.items()} == {
        path: link.score for path, (_, link) in half.items()
    }
    number, _ = whole["routes.py"]
    assert seen.names(number) == {"listorders"}
    assert seen.naming(LinkKind.OPERATION, {"": 1.0}) == seen.naming(LinkKind.OPERATION, {}) == []


def _by_path(seen: SeenChunks, found: list[tuple[int, Link]]) -> dict[str, tuple[int, Link]]:
    chunks: dict[int, Chunk | None] = {number: seen.chunk(number) for number, _ in found}
    return {chunk.span.path: (number, link) for number, link in found if (chunk := chunks[number]) is not None}
