"""Places in a question: every way in which people and programs write them, and what is none."""

from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import write_tree
from surefoot.domain import MentionKind, Query
from surefoot.engine import Engine
from surefoot.retrieve.pointed import Pointed, names_lines, pointed_at
from surefoot.retrieve.resolve import resolve


def pointed(engine: Engine, question: str, opened: Path | None = None) -> Pointed:
    return pointed_at(Query(question, open_file=opened), list(engine._current().values()))


def spans(engine: Engine, question: str, opened: Path | None = None) -> list[str]:
    return [str(place.span) for place in pointed(engine, question, opened).places]


@pytest.mark.parametrize(
    ("question", "span"),
    [
        ("In `shop/tax.py`, lines 3 to 9: what happens here?", "shop/tax.py:3-9"),
        ("In `shop/tax.py`, line 3: why?", "shop/tax.py:3"),
        ("shop/tax.py:3-9", "shop/tax.py:3-9"),
        ("what is `shop/tax.py:3-9` for", "shop/tax.py:3-9"),
        ("shop/tax.py:3", "shop/tax.py:3"),
        ("tax.py:3", "shop/tax.py:3"),
        ("why does ./shop/tax.py:3:14 fail", "shop/tax.py:3"),
        ("shop/tax.py:3:1-9:20", "shop/tax.py:3-9"),
        (r"shop\tax.py:3", "shop/tax.py:3"),
        ("shop/tax.py#L3-L9", "shop/tax.py:3-9"),
        ("shop/tax.py#L3", "shop/tax.py:3"),
        ("shop/tax.py(3,14): error", "shop/tax.py:3"),
        ("shop/tax.py lines 3\u20139", "shop/tax.py:3-9"),
        ("shop/tax.py (lines 3-9) looks wrong", "shop/tax.py:3-9"),
        ("what does SHOP/TAX.py on line 3 do", "shop/tax.py:3"),
        ("lines 3 through 9 of shop/tax.py.", "shop/tax.py:3-9"),
        ("what is on line 3 in the file `shop/tax.py`?", "shop/tax.py:3"),
        ('  File "shop/tax.py", line 3, in rate_for', "shop/tax.py:3"),
        ("at shop.tax.rate_for(tax.py:3)", "shop/tax.py:3"),
        ("/usr/src/app/shop/tax.py:3", "shop/tax.py:3"),
        ("C:/work/shop/tax.py:3", "shop/tax.py:3"),
        ("shop/tax.py:9-3", "shop/tax.py:9"),
    ],
)
def test_a_place_is_recognised_however_it_is_written(engine: Engine, question: str, span: str) -> None:
    assert spans(engine, question) == [span]
    assert names_lines(question)


@pytest.mark.parametrize(
    "question",
    [
        "shop/tax.py", "the 3 lines of tax", "line 3", "tax:3", "rate_for(3)", "http://localhost:8080/x",
        "it's at 3:45", "shop/tax.py:12345678", "gone.py:3", "/usr/lib/python3.11/tax.py:3", "tax.py version 3",
    ],
)  # fmt: skip
def test_what_is_no_place_of_an_indexed_file_is_left_alone(engine: Engine, question: str) -> None:
    assert pointed(engine, question).places == ()


def test_an_absolute_path_inside_the_root_is_that_file(engine: Engine, shop: Path) -> None:
    assert spans(engine, f"{shop}/shop/tax.py:3") == ["shop/tax.py:3"]
    assert spans(engine, f"{shop}/tax.py:3") == []


def test_all_frames_of_a_stack_trace_are_places(engine: Engine, shop: Path) -> None:
    trace = f"""Traceback (most recent call last):
  File "{shop}/shop/cart.py", line 28, in total_price
    return net * (1 + rate_for(country))
  File "{shop}/shop/tax.py", line 8, in rate_for
    return RATES.get(country, 0)
KeyError: 'xy'"""
    found = pointed(engine, trace)
    assert [str(place.span) for place in found.places] == ["shop/cart.py:28", "shop/tax.py:8"]
    assert "Traceback" not in found.text
    assert "rate_for(country)" in found.text


def test_a_place_is_a_mention_and_no_search_term(engine: Engine) -> None:
    found = resolve(
        Query("In `shop/tax.py`, lines 3 to 9: Describe what happens here"), list(engine._current().values())
    )
    assert [(m.text, m.kind, m.targets) for m in found.mentions] == [
        ("`shop/tax.py`, lines 3 to 9", MentionKind.PLACE, ("shop/tax.py:3-9",))
    ]
    assert found.terms == ("describe",)


def test_the_one_word_beside_a_place_is_not_taken_for_a_name(engine: Engine) -> None:
    found = resolve(Query("shop/tax.py:3 bug?"), list(engine._current().values()))
    assert [mention.kind for mention in found.mentions] == [MentionKind.PLACE]
    assert found.terms == ("bug",)


def test_of_a_file_that_is_not_there_the_path_stays_and_the_numbers_go(engine: Engine) -> None:
    found = resolve(Query("In `shop/gone.py`, lines 701 to 721: why?"), list(engine._current().values()))
    assert [(m.text, m.kind) for m in found.mentions] == [("shop/gone.py", MentionKind.UNRESOLVED)]
    assert set(found.terms) == {"shop", "gone", "py"}


def test_of_several_files_the_open_one_is_meant_then_the_open_root(
    tmp_path: Path, open_engine: Callable[..., Engine]
) -> None:
    for name in ("one", "two"):
        write_tree(tmp_path / name, {"src/main.py": "x = 1\n", "lib/src/main.py": "y = 1\n"})
    engine = open_engine(tmp_path / "one", tmp_path / "two")
    engine.refresh()

    def files(question: str, opened: str = "") -> list[str]:
        places = pointed(engine, question, (tmp_path / opened).resolve() if opened else None).places
        return sorted(f"{place.root.name}/{place.span.path}" for place in places)

    assert files("src/main.py:1") == ["one/src/main.py", "two/src/main.py"]
    assert files("src/main.py:1", "two/lib/src/main.py") == ["two/lib/src/main.py"]
    assert files("src/main.py:1", "two/src/main.py") == ["two/src/main.py"]
    assert files("lib/src/main.py:1", "two/src/main.py") == ["two/lib/src/main.py"]
    assert files("one/src/main.py:1", "two/src/main.py") == ["one/src/main.py"]
    assert len(files("main.py:1")) == 3


@pytest.mark.parametrize("piece", ["a", "`", "' ", '"x', "a.py ", "a.py:1 ", "line 1 of ", " ", "(", "1", "/a", "-"])
def test_a_pasted_log_of_any_shape_is_read_to_its_end(engine: Engine, piece: str) -> None:
    text = (piece * 20_000)[:19_980] + " shop/tax.py:3"
    assert len(pointed(engine, text).places) <= 1
