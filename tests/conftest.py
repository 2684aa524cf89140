"""What many tests share: a private cache folder, and a small shop to ask about."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

import surefoot
from surefoot.config import Settings
from surefoot.engine import Engine

SHOP = {
    "shop/cart.py": '''
        """What a customer is about to buy."""

        from shop.tax import rate_for


        class CartFullError(Exception):
            """Too many items."""


        class Cart:
            """The items of one customer."""

            def __init__(self, limit=20):
                self.limit = limit
                self.items = {}

            def add_item(self, item, count=1):
                """Put an item into the cart. Raises CartFullError beyond the limit."""
                if sum(self.items.values()) + count > self.limit:
                    raise CartFullError(item)
                self.items[item] = self.items.get(item, 0) + count

            def total_price(self, country):
                """The price of everything with the tax of the country."""
                net = sum(item.price * count for item, count in self.items.items())
                return net * (1 + rate_for(country))
    ''',
    "shop/tax.py": '''
        """Value added tax per country."""

        RATES = {"de": 0.19, "fr": 0.20}


        def rate_for(country):
            """The tax rate of a country; unknown ones pay none."""
            return RATES.get(country, 0)
    ''',
    "shop/session.py": '''
        """Who is logged in."""

        import secrets


        def open_session(user, timeout=1800):
            """Open a session for a user who may log in; it expires after the timeout in seconds."""
            if not user.may_login:
                raise PermissionError("user is locked")
            return {"user": user, "token": secrets.token_hex(16), "timeout": timeout}
    ''',
    "tests/test_cart.py": """
        from shop.cart import Cart


        def test_cart_total():
            assert Cart().total_price("de") == 0
    """,
    "docs/shipping.md": """
        # Shipping

        ## Parcels

        Parcels over ten kilograms are sent by freight and take a week longer.
    """,
}


def write_tree(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")


def child_environment(**extra: str) -> dict[str, str]:
    """What a process sees that is to import the Surefoot that is tested here."""
    return {**os.environ, "PYTHONPATH": str(Path(surefoot.__file__).parents[1]), **extra}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache_dir=tmp_path / "cache", model="none", lock_timeout=20)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    root = tmp_path / "shop-root"
    write_tree(root, SHOP)
    return root


@pytest.fixture
def open_engine(settings: Settings) -> Iterator[Callable[..., Engine]]:
    """Opens engines and closes them after the test."""
    opened: list[Engine] = []

    def open_one(*roots: Path, **changes: object) -> Engine:
        opened.append(Engine.open(roots, settings.model_copy(update=changes)))
        return opened[-1]

    yield open_one
    for engine in opened:
        engine.close()


@pytest.fixture
def engine(shop: Path, open_engine: Callable[..., Engine]) -> Engine:
    """An engine over the indexed shop."""
    engine = open_engine(shop)
    engine.refresh()
    return engine
