import pytest

from surefoot.answer.extract import describe, extract, first_sentence
from surefoot.domain import Chunk, Context, ContextItem, Root, Source, Span


def item(tmp_path, number: int, symbol: str, text: str, **more: str) -> ContextItem:
    span = Span(f"{symbol or 'lines'}.py", 1, 1 + text.count("\n"))
    chunk = Chunk(span, Source.CODE, "python", text, symbol=symbol, **more)  # type: ignore[arg-type]
    return ContextItem(number, Root(tmp_path, "shop"), span, symbol, text, chunk)


@pytest.mark.parametrize(
    ("doc", "sentence"),
    [
        ("Open it. Then close it.", "Open it."),
        ("Open v1.2 of it,\n  e.g. this one. Then more.", "Open v1.2 of it, e.g. this one."),
        ("No full stop\n\nSecond paragraph.", "No full stop"),
        ("", ""),
    ],
)
def test_first_sentence(doc: str, sentence: str) -> None:
    assert first_sentence(doc) == sentence


def test_a_place_is_described_by_its_documentation_else_its_signature_else_its_line(tmp_path) -> None:
    documented = item(tmp_path, 1, "Cart.add", "def add(self): ...", signature="def add(self)", doc="Add an item.")
    bare = item(tmp_path, 2, "Cart.add", "def add(self): ...", signature="def add(self)")
    loose = item(tmp_path, 3, "", "\nLIMIT = 3")
    assert [describe(each) for each in (documented, bare, loose)] == [
        "`Cart.add`: Add an item.",
        "`Cart.add`: def add(self)",
        "lines.py: LIMIT = 3",
    ]


def test_only_places_that_hold_about_as_much_as_the_best_are_claimed(tmp_path) -> None:
    items = (
        item(tmp_path, 1, "retry_limit", "def retry_limit(): return 3"),
        item(tmp_path, 2, "unrelated", "def unrelated(): ..."),
    )
    claims = extract(Context(items, (), 0), {"retry": 2.0, "limit": 2.0})
    assert [claim.sources for claim in claims] == [(1,)]


def test_a_long_description_is_not_cut_inside_a_name(tmp_path) -> None:
    signature = "def f(" + ", ".join(f"parameter_number_{number}" for number in range(40)) + ")"
    text = describe(item(tmp_path, 1, "f", "def f(): ...", signature=signature))
    words = set(text.removesuffix(" …").replace("`f`: ", "").rstrip(",").split(", "))
    assert words - {"def f(parameter_number_0"} <= set(signature.removeprefix("def f(").split(", "))
