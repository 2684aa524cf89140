"""All places of a name: read now, told apart, paged, and honest about what was not counted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import write_tree
from surefoot.domain import Reference, ReferenceKind, References
from surefoot.engine import Engine
from surefoot.errors import QueryError
from surefoot.retrieve import references as listed
from surefoot.retrieve.named import parts_of_name

MORE = {
    "shop/checkout.py": '''
        """Checkout. Cart is what it gets."""

        from shop.cart import Cart


        class Checkout:
            def pay(self, cart: Cart):
                # Cart.total_price is the net price plus tax
                return cart.total_price("de")


        def empty_cart():
            return Cart(limit=0)
    ''',
    "docs/cart.md": "# Carts\n\nA Cart is limited to twenty items.\n",
    "lib/basket.py": "class Basket:\n    def add_item(self, item):\n        return item\n",
}


@pytest.fixture
def engine(shop: Path, open_engine: Callable[..., Engine]) -> Engine:
    write_tree(shop, MORE)
    engine = open_engine(shop)
    engine.refresh()
    return engine


def places(found: References, kind: ReferenceKind) -> list[str]:
    return [f"{each.path}:{each.line}" for each in found.references if each.kind is kind]


def test_definitions_come_first_then_code_tests_text_and_documents(engine: Engine, shop: Path) -> None:
    found = engine.references("Cart")
    assert places(found, ReferenceKind.DEFINITION) == ["shop/cart.py:10"]
    assert places(found, ReferenceKind.CODE) == ["shop/checkout.py:3", "shop/checkout.py:7", "shop/checkout.py:13"]
    assert places(found, ReferenceKind.TEST) == ["tests/test_cart.py:1", "tests/test_cart.py:5"]
    assert places(found, ReferenceKind.TEXT) == ["shop/checkout.py:1", "shop/checkout.py:8"]
    assert places(found, ReferenceKind.DOCUMENT) == ["docs/cart.md:3"]
    assert [each.kind for each in found.references] == sorted(
        (each.kind for each in found.references), key=list(ReferenceKind).index
    )
    assert (found.total, found.is_exact, found.next_offset) == (len(found.references), True, None)
    for each in found.references:
        assert (shop / each.path).read_text().split("\n")[each.line - 1].strip() == each.text


def test_each_line_has_the_innermost_definition_around_it(engine: Engine) -> None:
    around = {f"{each.path}:{each.line}": each.symbol for each in engine.references("Cart").references}
    assert around["shop/checkout.py:7"] == "Checkout.pay"
    assert around["shop/checkout.py:13"] == "empty_cart"
    assert around["shop/checkout.py:3"] == ""


@pytest.mark.parametrize(
    ("name", "definitions"),
    [
        ("add_item", ["lib/basket.py:2", "shop/cart.py:17"]),
        ("Cart.add_item", ["shop/cart.py:17"]),
        ("shop.cart.Cart.add_item()", ["shop/cart.py:17"]),
        ("Basket::add_item", ["lib/basket.py:2"]),
        ("Cart#add_item", ["shop/cart.py:17"]),
    ],
)
def test_qualified_names_choose_the_definition(engine: Engine, name: str, definitions: list[str]) -> None:
    assert places(engine.references(name), ReferenceKind.DEFINITION) == definitions


def test_a_path_chooses_the_definition_too(engine: Engine) -> None:
    found = engine.references("add_item", path="basket.py")
    assert places(found, ReferenceKind.DEFINITION) == ["lib/basket.py:2"]
    with pytest.raises(QueryError, match=r"'add_item' is not defined in shop/tax.py; it is in lib/basket.py:2-3"):
        engine.references("add_item", path="shop/tax.py")


def test_pages_follow_each_other_without_gaps(engine: Engine) -> None:
    whole = engine.references("Cart")
    pages: list[Reference] = []
    offset: int | None = 0
    while offset is not None:
        page = engine.references("Cart", offset=offset, limit=2)
        assert page.total == whole.total
        pages += page.references
        offset = page.next_offset
    assert tuple(pages) == whole.references
    assert engine.references("Cart", offset=1000).references == ()


def test_lines_are_those_of_now_on_disk_and_in_the_buffer(engine: Engine, shop: Path) -> None:
    file = shop / "shop/checkout.py"
    file.write_text("from shop.cart import Cart\n\nWAITING = Cart(limit=1)\n")
    assert "shop/checkout.py:3" in places(engine.references("Cart"), ReferenceKind.CODE)
    engine.documents.open(file, "\n\n\nfrom shop.cart import Cart\n")
    assert places(engine.references("Cart"), ReferenceKind.CODE) == ["shop/checkout.py:4"]
    engine.documents.open(shop / "shop/unsaved.py", "class OnlyHere:\n    pass\n\n\nONE = OnlyHere()\n")
    found = engine.references("OnlyHere")
    assert [f"{each.path}:{each.line}" for each in found.references] == ["shop/unsaved.py:1", "shop/unsaved.py:5"]


def test_a_capped_count_says_at_least(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listed, "READ_CHUNKS", 2)
    found = engine.references("Cart")
    assert not found.is_exact
    assert 0 < found.total < engine.references("Cart", limit=1000).total + 1


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Catr", r"^Nothing indexed is called 'Catr'; the nearest are Cart\b.*\.$"),
        ("zzzzzzzz", r"^Nothing indexed is called 'zzzzzzzz'; nothing has a name like it\.$"),
        ("Cart.no_such_thing", r"^Nothing indexed is called 'Cart.no_such_thing'; .*\.$"),
        ("  ", r"^The name is empty; give the name of a function, a class or the like\.$"),
        ("x" * 400, r"^The name has 400 characters and at most 300 are looked up; shorten it\.$"),
        ("...", r"^Nothing indexed is called '\.\.\.'"),
        ("\ud800\0", r"^Nothing indexed is called"),
    ],
)
def test_an_unknown_name_is_one_sentence_with_the_nearest(engine: Engine, name: str, sentence: str) -> None:
    with pytest.raises(QueryError, match=sentence):
        engine.references(name)


def test_who_uses_what_is_defined_elsewhere_or_has_just_been_deleted_is_told(engine: Engine, shop: Path) -> None:
    write_tree(shop, {"shop/net.py": "import requests\n\n\ndef fetch():\n    return requests.get_all('x')\n"})
    engine.refresh()
    assert places(engine.references("requests.get_all"), ReferenceKind.CODE) == ["shop/net.py:5"]
    assert places(engine.references("requests"), ReferenceKind.CODE) == ["shop/net.py:1", "shop/net.py:5"]
    (shop / "shop/cart.py").write_text("X = 1\n")
    found = engine.references("Cart")
    assert not places(found, ReferenceKind.DEFINITION)
    assert "shop/checkout.py:13" in places(found, ReferenceKind.CODE)


def test_of_a_qualified_name_the_inherited_or_nearly_called_member_is_offered(engine: Engine, shop: Path) -> None:
    write_tree(
        shop, {"shop/gift.py": "from shop.cart import Cart\n\n\nclass GiftCart(Cart):\n    def wrap_all(self): ...\n"}
    )
    engine.refresh()
    for name, offered in (("GiftCart.total_price", "Cart.total_price"), ("GiftCart.wrap_any", "GiftCart.wrap_all")):
        with pytest.raises(QueryError, match=rf"'{name}'; the nearest are {offered}\b"):
            engine.references(name)


@pytest.mark.parametrize("page", [{"offset": -1}, {"limit": 0}, {"limit": 1001}])
def test_a_page_that_cannot_be_is_refused(engine: Engine, page: dict[str, int]) -> None:
    with pytest.raises(QueryError, match="A page begins at 0"):
        engine.references("Cart", **page)


def test_a_file_of_an_inner_root_is_told_once(open_engine: Callable[..., Engine], shop: Path) -> None:
    write_tree(shop, MORE)
    engine = open_engine(shop, shop / "lib")
    engine.refresh()
    found = engine.references("Basket")
    assert [(each.root.name, each.path) for each in found.references] == [("lib", "basket.py")]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("`a.b.C.d()`", ("a", "b", "C", "d")),
        ("A::b->c#d", ("A", "b", "c", "d")),
        ("self.x", ("x",)),
        ("Reply.prototype.send", ("Reply", "send")),
        ("f(a, b.c)", ("f",)),
        ("", ()),
    ],
)
def test_parts_of_a_name(name: str, parts: tuple[str, ...]) -> None:
    assert parts_of_name(name) == parts
