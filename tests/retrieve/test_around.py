"""What is told of what stands around a symbol: only calls that mean it for certain, and each in its line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import write_tree
from surefoot.domain import Told
from surefoot.engine import Engine

Open = Callable[..., Engine]

TREE = {
    "shop/tax.py": '''
        """Taxes."""


        def rate_for(country):
            """See `rate_for(country)`; not `vat_of(country)`."""
            return vat_of(country) or rate_for("de")  # was flat_of(country)


        def vat_of(country):
            print("flat_of(country)")
            return 0


        def flat_of(country):
            return 1
    ''',
    "shop/cart.py": """
        from shop.tax import rate_for


        class Cart:
            def total(self, country):
                self.check()
                return self.net() * rate_for(country)

            def net(self):
                return 1

            def check(self):
                return None


        class Basket:
            def check(self):
                return True

            def send(self, cart: Cart):
                cart.net()
                return self.check()
    """,
    "shop/other.py": """
        def unrelated(country):
            return rate_for(country)


        def filtered(query):
            return query.check()


        def told():
            text = "rate_for(x)"
            # rate_for(x)
            return text
    """,
    "tests/test_tax.py": """
        from shop.tax import rate_for


        def test_rate():
            assert rate_for("de") == 0
    """,
    ".surefoot/tickets/one.md": """
        ---
        id: SHOP-7
        title: Unknown countries
        status: open
        ---

        `rate_for` gives nothing for them.
    """,
}


@pytest.fixture
def around(tmp_path: Path, open_engine: Open) -> Callable[[str], list[Told]]:
    write_tree(tmp_path / "project", TREE)
    engine = open_engine(tmp_path / "project")
    engine.refresh()

    def told(name: str) -> list[Told]:
        (found,) = (symbol for _, symbol in engine.symbols(name) if symbol.qualified_name == name)
        return list(engine._around(engine.roots[0], found))

    return told


def sentences(told: list[Told]) -> list[str]:
    return [each.text for each in told]


def test_callers_then_what_is_called_then_tests_then_tickets(around: Callable[[str], list[Told]]) -> None:
    told = around("rate_for")
    assert sentences(told) == [
        "`Cart.total` calls `rate_for`.",
        "`rate_for` calls `vat_of`.",
        "`test_rate` calls `rate_for`.",
        "SHOP-7 names `rate_for`.",
    ]


def test_each_place_is_the_line_that_says_so(around: Callable[[str], list[Told]], tmp_path: Path) -> None:
    for each in around("rate_for")[:3]:
        span = each.chunk.span
        lines = (tmp_path / "project" / span.path).read_text().split("\n")
        assert lines[span.start - 1 : span.end] == [each.chunk.text]
        assert f"{each.text.split('`')[3]}(" in each.chunk.text


def test_a_member_of_another_class_is_not_meant(around: Callable[[str], list[Told]]) -> None:
    assert sentences(around("Cart.check")) == ["`Cart.total` calls `check`."]
    assert sentences(around("Basket.check")) == ["`Basket.send` calls `check`."]


def test_a_declared_type_says_what_is_meant(around: Callable[[str], list[Told]]) -> None:
    assert "`Basket.send` calls `net`." in sentences(around("Cart.net"))


def test_comments_strings_and_what_is_not_imported_call_nothing(around: Callable[[str], list[Told]]) -> None:
    assert sentences(around("flat_of")) == []
    assert sentences(around("told")) == []
    assert sentences(around("unrelated")) == []
