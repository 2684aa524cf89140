"""What the words of a question resolve to, over the names of a real index."""

import pytest

from surefoot.domain import Mention, MentionKind, Query
from surefoot.engine import Engine
from surefoot.retrieve.resolve import looks_like_name, resolve
from surefoot.retrieve.root_index import RootIndex


def mentions(engine: Engine, question: str) -> dict[str, Mention]:
    indexes: list[RootIndex] = list(engine._current().values())
    return {mention.text: mention for mention in resolve(Query(question), indexes).mentions}


@pytest.mark.parametrize(
    ("question", "text", "target"),
    [
        ("where is addItem called", "addItem", "add_item"),
        ("what does `ADD_ITEM` raise", "ADD_ITEM", "add_item"),
        ("see Cart.add_item()", "Cart.add_item()", "add_item"),
        ("why total_prise is zero", "total_prise", "total_price"),
        ("who raises a cart full error", "cart full error", "CartFullError"),
        ("the add_it function", "add_it", "add_item"),
        ("carts of a customer", "carts", "Cart"),
    ],
)
def test_symbols_are_recognised_however_they_are_remembered(
    engine: Engine, question: str, text: str, target: str
) -> None:
    mention = mentions(engine, question)[text]
    assert mention.kind is MentionKind.SYMBOL
    assert target in mention.targets


@pytest.mark.parametrize(
    ("question", "text", "path"),
    [
        ("what is in tax.py", "tax.py", "shop/tax.py"),
        ("what is in shop/tax.py?", "shop/tax.py", "shop/tax.py"),
        (r"and in shop\tax.py", r"shop\tax.py", "shop/tax.py"),
        ("the SHIPPING.md page", "SHIPPING.md", "docs/shipping.md"),
    ],
)
def test_paths_are_recognised(engine: Engine, question: str, text: str, path: str) -> None:
    mention = mentions(engine, question)[text]
    assert (mention.kind, mention.targets) == (MentionKind.PATH, (path,))


@pytest.mark.parametrize("text", ["RedisCache", "redis_cache", "Redis", "cache/redis.py"])
def test_names_that_nothing_carries_are_kept_as_unresolved(engine: Engine, text: str) -> None:
    mention = mentions(engine, f"how does {text} work")[text]
    assert (mention.kind, mention.targets) == (MentionKind.UNRESOLVED, ())


def test_plain_words_are_no_names_of_their_own(engine: Engine) -> None:
    found = mentions(engine, "how is the cart emptied")
    assert not found["cart"].is_name
    assert "emptied" not in found


def test_a_pasted_log_is_bounded(engine: Engine) -> None:
    assert len(mentions(engine, "Traceback add_item " * 5000)) < 50


@pytest.mark.parametrize("token", ["getUser", "get_user", "a.b", "a::b", "a->b", "run()", "x/y", "HTTPServer"])
def test_code_looks_like_code(token: str) -> None:
    assert looks_like_name(token)


@pytest.mark.parametrize("token", ["user", "User", "HTTP", "well-known", "_"])
def test_prose_does_not(token: str) -> None:
    assert not looks_like_name(token)


def test_of_very_many_names_that_are_not_there_only_the_first_are_guessed_at(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("surefoot.retrieve.resolve.MOST_MISSPELT", 2)
    found = mentions(engine, "total_prise totl_price total_pricce totel_price")
    kinds = [found[name].kind for name in ("total_prise", "totl_price", "total_pricce", "totel_price")]
    assert kinds == [MentionKind.SYMBOL] * 2 + [MentionKind.UNRESOLVED] * 2
