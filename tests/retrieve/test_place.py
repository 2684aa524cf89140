"""Lines that a question points at are its first hits, shown where they stand, with not much around them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import SHOP, write_tree
from surefoot import wire
from surefoot.domain import Query, Scope
from surefoot.engine import Engine
from surefoot.retrieve.place import LINES_AROUND
from surefoot.trace import Trace

TAX = "shop/tax.py"


def hits(engine: Engine, question: str, **more: object) -> list[str]:
    return [str(hit.chunk.span) for hit in engine.search(Query(question, **more)).hits]  # type: ignore[arg-type]


def lines_of(path: Path, wanted: str) -> tuple[int, int]:
    """The first and the last line of a piece of the file's text."""
    before = path.read_text()[: path.read_text().index(wanted)].count("\n") + 1
    return before, before + wanted.count("\n")


def test_the_lines_come_first_and_then_what_the_words_find(engine: Engine, shop: Path) -> None:
    start, end = lines_of(shop / TAX, "def rate_for")[0], len((shop / TAX).read_text().splitlines())
    found = engine.search(Query(f"{TAX}:{end}: open a session for a user")).hits
    assert (str(found[0].chunk.span), found[0].chunk.symbol) == (f"{TAX}:{start}-{end}", "rate_for")
    assert found[0].retrievers["place"] == 1
    assert found[1].chunk.symbol == "open_session"
    assert "place" not in found[1].retrievers


def test_a_place_alone_is_a_question_and_finds_nothing_else(engine: Engine) -> None:
    for question in (f"{TAX}:7", f"In `{TAX}`, line 7: what happens here?"):
        assert [hit.chunk.symbol for hit in engine.search(Query(question)).hits] == ["rate_for"]


def test_the_place_is_the_reason_that_is_told(engine: Engine) -> None:
    assert wire.reasons(engine.search(Query(f"{TAX}:7")).hits[0]) == ["place asked about"]


def test_several_places_come_in_the_order_of_the_question(engine: Engine, shop: Path) -> None:
    cart = lines_of(shop / "shop/cart.py", "raise CartFullError")[0]
    assert [span.split(":")[0] for span in hits(engine, f"shop/cart.py:{cart} {TAX}:7")] == ["shop/cart.py", TAX]
    assert [span.split(":")[0] for span in hits(engine, f"{TAX}:7 shop/cart.py:{cart}")] == [TAX, "shop/cart.py"]


def test_of_lines_across_definitions_each_is_shown(engine: Engine, shop: Path) -> None:
    path = shop / "shop/cart.py"
    first, last = lines_of(path, "raise CartFullError")[0], lines_of(path, "net = sum")[0]
    found = engine.search(Query(f"shop/cart.py:{first}-{last}")).hits
    covered = {line for hit in found for line in range(hit.chunk.span.start, hit.chunk.span.end + 1)}
    text = path.read_text().split("\n")
    assert {line for line in range(first, last + 1) if text[line - 1].strip()} <= covered


def test_a_long_definition_is_shown_around_the_lines(tmp_path: Path, open_engine: Callable[..., Engine]) -> None:
    body = "".join(f"    total_{n} = transform(total_{n - 1}, weight={n}, bias=offset)\n" for n in range(1, 26))
    write_tree(tmp_path / "long", {"a.py": f"def pipeline(total_0, offset):\n{body}"})
    engine = open_engine(tmp_path / "long")
    engine.refresh()
    span = engine.search(Query("a.py:20-21")).hits[0].chunk.span
    assert (span.start, span.end) == (20 - LINES_AROUND, 21 + LINES_AROUND)


def test_focus_does_not_narrow_the_lines_away(engine: Engine) -> None:
    """`RATES` and `rate_for` share a chunk; the words are about one, the place is the other."""
    hit = engine.search(Query(f"{TAX}:3 and what is `rate_for`?")).hits[0]
    assert hit.chunk.span.start <= 3 <= hit.chunk.span.end


def test_lines_are_counted_in_the_unsaved_buffer(engine: Engine, shop: Path) -> None:
    path = shop / TAX
    line = lines_of(path, "def rate_for")[0]
    engine.documents.open(path, "# one\n" * 50 + path.read_text())
    hit = engine.search(Query(f"{TAX}:{line + 50}")).hits[0]
    assert (hit.chunk.symbol, hit.chunk.span.start) == ("rate_for", line + 50)
    assert hits(engine, f"{TAX}:{line}") == []


def test_lines_that_changed_behind_our_back_are_those_that_stand_there_now(engine: Engine, shop: Path) -> None:
    path = shop / TAX
    line = lines_of(path, "def rate_for")[0]
    path.write_text('"""Taxes."""\n\n\ndef refund(order):\n    return order.tax\n\n\n' + path.read_text())
    assert "def refund" in engine.search(Query(f"{TAX}:4")).hits[0].chunk.text
    assert engine.search(Query(f"{TAX}:{line + 7}")).hits[0].chunk.symbol == "rate_for"


def test_the_scope_holds_for_places_too(engine: Engine) -> None:
    assert hits(engine, f"{TAX}:7", scope=Scope(paths=("docs/",))) == []


def test_the_place_is_a_stage_of_the_trace_only_where_there_is_one(engine: Engine) -> None:
    def trace_of(question: str) -> Trace:
        return engine.trace(engine.search(Query(question)).trace_id)

    stages = {stage.name: stage for stage in trace_of(f"{TAX}:7").stages}
    assert stages["place"].details["ranking"][0]["place"] == f"{TAX}:1-8"
    assert stages["floor"].details["reason"] == "the lines that the question names are indexed"
    assert [m["kind"] for m in stages["resolve"].details["mentions"]] == ["place"]
    assert "place" not in {stage.name for stage in trace_of("tax of a country").stages}


@pytest.mark.parametrize("path", sorted(SHOP))
def test_any_line_that_is_not_blank_is_found(engine: Engine, shop: Path, path: str) -> None:
    for number, line in enumerate((shop / path).read_text().splitlines(), start=1):
        if line.strip():
            chunk = engine.search(Query(f"{path}:{number}")).hits[0].chunk
            assert chunk.span.path == path
            assert chunk.span.start <= number <= chunk.span.end
            assert line in chunk.text.split("\n")
