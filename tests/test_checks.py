"""The engine's look-ups by name and by path: explained, shown, and drawn with what stands around it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import write_tree
from surefoot import wire
from surefoot.domain import EdgeKind, NeighbourKind, Query
from surefoot.engine import Engine
from surefoot.errors import QueryError, RootError

TWINS = {
    "a/first.py": 'def fetch_page(url):\n    """Fetch a page from the first place."""\n    return url\n',
    "b/second.py": 'def fetch_page(url):\n    """Fetch a page from the second place."""\n    return url * 2\n',
    "tests/test_fetch.py": "def fetch_page(url):\n    return None\n",
}


def test_a_symbol_is_explained_by_name_as_at_its_position(engine: Engine, shop: Path) -> None:
    by_name = engine.explain_symbol("Cart.add_item")
    by_position = engine.explain(shop / "shop/cart.py", 17, 9)
    assert by_name.question == by_position.question == "What does `Cart.add_item` do?"
    assert by_name.claims == by_position.claims
    assert by_name.citations == by_position.citations
    assert by_name.notices == ()
    trace = engine.trace(by_name.trace_id)
    assert (trace.kind, trace.request["symbol"]) == ("explain", "Cart.add_item")


def test_an_ambiguous_name_explains_the_likeliest_and_names_the_others(engine: Engine, shop: Path) -> None:
    write_tree(shop, TWINS)
    answer = engine.explain_symbol("fetch_page")
    assert any(each.span.path == "a/first.py" for each in answer.citations)
    (notice,) = answer.notices
    assert notice == (
        "fetch_page in a/first.py:1-3 is explained; "
        "the name is also fetch_page in b/second.py:1-3, fetch_page in tests/test_fetch.py:1-2."
    )
    chosen = engine.explain_symbol("fetch_page", path="b/second.py")
    assert chosen.notices == ()
    assert chosen.citations[0].span.path == "b/second.py"
    with pytest.raises(QueryError, match=r"^Nothing indexed is called 'fetch_pgae'; the nearest are fetch_page\.$"):
        engine.explain_symbol("fetch_pgae")


def test_a_file_is_shown_as_it_stands(engine: Engine, shop: Path) -> None:
    shown = engine.source(shop / "shop/tax.py")
    assert (shown.root.path, shown.path, shown.language, shown.is_indexed) == (shop, "shop/tax.py", "python", True)
    assert shown.text == (shop / "shop/tax.py").read_text()
    engine.documents.open(shop / "shop/tax.py", "x = 1\n")
    assert engine.source(shop / "shop/tax.py").text == "x = 1\n"
    (shop / "new.txt").write_text("hello\n")
    assert not engine.source(shop / "new.txt").is_indexed
    reply = wire.source_reply(shown)
    assert (reply.path, reply.indexed) == ("shop/tax.py", True)


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        (".env", "looks like a secret"),
        ("node_modules/lib/.env", "looks like a secret"),
        ("deploy.txt", "looks like a secret"),
        ("build/made.py", "is ignored by git"),
        (".git/config", "is ignored by git"),
        ("image.py", "is no text"),
        ("huge.py", "is too large"),
        ("shop", "is a folder; name a file"),
        ("shop/gone.py", "There is no file shop/gone.py in shop-root"),
        ("shop/tax.py/x", "could not be read|There is no file"),
    ],
)
def test_what_must_not_be_shown_is_refused(
    shop: Path, open_engine: Callable[..., Engine], path: str, sentence: str
) -> None:
    files = {".env": "T=1\n", "node_modules/lib/.env": "T=1\n", ".gitignore": "build/\n", "build/made.py": "x = 1\n"}
    write_tree(shop, files | {"deploy.txt": "-----BEGIN PRIVATE KEY-----\nabc\n", ".git/config": "[core]\n"})
    (shop / "image.py").write_bytes(b"\0\1\2")
    (shop / "huge.py").write_text("x = 1\n" * 2000)
    engine = open_engine(shop, max_file_bytes=10_000)
    with pytest.raises(QueryError, match=sentence) as refused:
        engine.source(shop / path)
    assert str(refused.value).endswith(".")
    assert str(refused.value).count(". ") == 0


def test_nothing_outside_is_shown_whichever_way_it_is_written(engine: Engine, shop: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.txt").write_text("private\n")
    (shop / "link.txt").symlink_to(tmp_path / "outside.txt")
    (shop / "out").symlink_to(tmp_path)
    for path in ("../outside.txt", "link.txt", "out/outside.txt", "shop/../../outside.txt"):
        with pytest.raises(RootError, match="lies in no folder of this workspace"):
            engine.source(shop / path)
    with pytest.raises((RootError, QueryError)):
        engine.source(shop / "a\0b")


def test_the_graph_around_a_symbol(engine: Engine, shop: Path) -> None:
    found = engine.neighbours("Cart")
    names = {node.id: node.name for node in found.nodes}
    edges = {(names[edge.source], names[edge.target], edge.kind) for edge in found.edges}
    assert names[found.center] == "Cart"
    assert ("shop/cart.py", "Cart", EdgeKind.DEFINES) in edges
    assert ("Cart", "Cart.add_item", EdgeKind.CONTAINS) in edges
    assert ("Cart", "rate_for", EdgeKind.NAMES) in edges
    assert ("Cart", "test_cart_total", EdgeKind.NAMED_BY) in edges
    assert found.is_whole
    for node in found.nodes:
        lines = (shop / node.span.path).read_text().split("\n")
        assert 1 <= node.span.start <= node.span.end <= len(lines)
        if node.kind is NeighbourKind.SYMBOL:
            body = "\n".join(lines[node.span.start - 1 : node.span.end])
            assert node.name.rpartition(".")[2] in body
    reply = wire.neighbours_reply(found)
    assert {edge.source for edge in reply.edges} | {edge.target for edge in reply.edges} <= {n.id for n in reply.nodes}


def test_a_member_hangs_on_its_class_and_the_graph_is_capped(engine: Engine, shop: Path) -> None:
    names = {node.id: node.name for node in engine.neighbours("add_item").nodes}
    edges = engine.neighbours("Cart.add_item").edges
    assert ("Cart", "Cart.add_item") in {(names.get(edge.source), names.get(edge.target)) for edge in edges}
    uses = "".join(f"def use_{number}():\n    return rate_for({number})\n\n\n" for number in range(100))
    write_tree(shop, {"shop/many.py": f"from shop.tax import rate_for\n\n\n{uses}"})
    found = engine.neighbours("rate_for")
    assert not found.is_whole
    assert len(found.nodes) < 60
    with pytest.raises(QueryError, match="Nothing indexed is called 'nothing_here'"):
        engine.neighbours("nothing_here")


def test_arguments_and_replies_of_the_checks(engine: Engine) -> None:
    check = wire.CheckArguments.model_validate({"text": "`Cart`"})
    assert wire.check_reply(engine.check_text(check.text)).wrong == 0
    asked = wire.ReferencesArguments.model_validate({"name": "Cart", "limit": 1})
    reply = wire.references_reply(engine.references(asked.name, limit=asked.limit, offset=asked.offset))
    assert (len(reply.references), reply.next_offset, reply.exact) == (1, 1, True)
    assert reply.references[0].kind == "definition"
    assert wire.ExplainSymbolArguments.model_validate({"name": "Cart"}).path == ""
    assert wire.SourceArguments.model_validate({"path": "/x"}).root == ""
    assert wire.NeighboursArguments.model_validate({"name": "Cart"}).root == ""


def test_the_checks_leave_search_and_the_tree_as_they_are(engine: Engine, shop: Path) -> None:
    before = {path: path.read_bytes() for path in sorted(shop.rglob("*")) if path.is_file()}
    hits = engine.search(Query("tax rate")).hits
    engine.check_text("`Cart` in shop/cart.py:1, shop/gone.py:3")
    engine.references("Cart")
    engine.neighbours("Cart")
    assert {path: path.read_bytes() for path in sorted(shop.rglob("*")) if path.is_file()} == before
    assert [hit.chunk for hit in engine.search(Query("tax rate")).hits] == [hit.chunk for hit in hits]
