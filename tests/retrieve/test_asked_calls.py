"""Who asks what calls something, or what it calls, is told the calls."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import write_tree
from surefoot.domain import Query, Scope
from surefoot.engine import Engine

Open = Callable[..., Engine]

TREE = {
    "shop/tax.py": """
        def rate_for(country):
            \"\"\"The rate of a country.\"\"\"
            return vat_of(country)


        def vat_of(country):
            return _listed(country)


        def _listed(country):
            return 0
    """,
    "shop/cart.py": """
        from shop.tax import rate_for


        class Cart:
            def total(self, country):
                return self.net() * rate_for(country)

            def net(self):
                return 1


        class Till:
            def takings(self):
                return 2

            def close(self):
                return self.takings()


        class Drawer:
            def takings(self):
                return 3

            def count(self):
                return self.takings()
    """,
    "shop/notes.py": """
        def notes():
            \"\"\"What calls rate_for with a country is told elsewhere.\"\"\"
    """,
    "tests/test_tax.py": """
        from shop.tax import rate_for


        def test_rate():
            assert rate_for("de") == 0
    """,
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("shop")
    write_tree(root, TREE)
    return root


@pytest.fixture
def engine(shop: Path, open_engine: Open) -> Engine:
    engine = open_engine(shop)
    engine.refresh()
    return engine


def test_calls_are_told_code_before_tests_and_nothing_else(engine: Engine) -> None:
    asked = {
        "what calls rate_for?": ["`Cart.total` calls `rate_for`.", "`test_rate` calls `rate_for`."],
        "who calls `rate_for()`?": ["`Cart.total` calls `rate_for`.", "`test_rate` calls `rate_for`."],
        "Which functions call the function rate_for?": [
            "`Cart.total` calls `rate_for`.",
            "`test_rate` calls `rate_for`.",
        ],
        "where is vat_of called?": ["`rate_for` calls `vat_of`."],
        "where is vat_of used?": ["`rate_for` calls `vat_of`."],
        "what uses `_listed`?": ["`vat_of` calls `_listed`."],
        "the callers of Till.takings": ["`Till.close` calls `takings`."],
        "show me all callers of vat_of": ["`rate_for` calls `vat_of`."],
        "who calls vat_of, and what does vat_of call?": ["`rate_for` calls `vat_of`.", "`vat_of` calls `_listed`."],
        "what does Cart.total call?": ["`Cart.total` calls `net`.", "`Cart.total` calls `rate_for`."],
    }
    answers = {question: engine.ask(Query(question), model="none") for question in asked}
    assert {question: [claim.text for claim in answer.claims] for question, answer in answers.items()} == asked
    cited = {str(citation.span) for citation in answers["what calls rate_for?"].citations}
    assert cited == {"shop/cart.py:6", "tests/test_tax.py:5"}


def test_other_questions_about_calls_are_answered_as_before(engine: Engine) -> None:
    for query in (
        Query("how does rate_for do what it calls a rate?"),
        Query("who calls rate_fro?"),
        Query("how are calls to rate_for repeated for another country?"),
        Query("where is the country checked that callers of rate_for pass?"),
        Query("what uses rate_for to price a cart?"),
        Query("what calls rate_for?", scope=Scope(paths=("shop/notes.py",))),
    ):
        answer = engine.ask(query, model="none")
        assert not any(claim.text.endswith("calls `rate_for`.") for claim in answer.claims), query.text
