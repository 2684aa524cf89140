from dataclasses import replace
from pathlib import Path

import pytest

from surefoot.answer.budget import cut, estimate_tokens, fit
from surefoot.domain import Chunk, Hit, Root, Source, Span, SymbolKind

ROOT = Root(Path("/shop"), "shop")


def hit(path: str, text: str, symbol: str = "f", start: int = 1, source: Source = Source.CODE) -> Hit:
    chunk = Chunk(Span(path, start, start + text.count("\n")), source, "python", text, symbol=symbol)
    return Hit(ROOT, chunk, 1.0, {"lexical": 1})


def body(name: str, lines: int) -> str:
    return "\n".join([f"def {name}():", *[f"    step_{name}_{number}()" for number in range(lines)]])


def test_items_are_numbered_in_order_and_verbatim() -> None:
    hits = [hit("a.py", body("one", 3), "one"), hit("b.py", body("two", 3), "two")]
    context = fit(hits, ["one"], 1000, estimate_tokens)
    assert [(item.number, item.span.path, item.text) for item in context.items] == [
        (1, "a.py", body("one", 3)),
        (2, "b.py", body("two", 3)),
    ]
    assert not context.dropped


def test_the_same_text_is_shown_once() -> None:
    context = fit([hit("a.py", body("one", 3)), hit("copy.py", body("one", 3))], [], 1000, estimate_tokens)
    assert [item.span.path for item in context.items] == ["a.py"]
    assert [(drop.span.path, drop.reason) for drop in context.dropped] == [("copy.py", "duplicate text")]


def test_one_file_does_not_take_all_places() -> None:
    hits = [hit("a.py", body(f"f{number}", 2), f"f{number}", start=number * 10 + 1) for number in range(6)]
    context = fit([*hits, hit("b.py", body("other", 2), "other")], [], 5000, estimate_tokens)
    assert [item.span.path for item in context.items].count("a.py") == 3
    assert context.items[-1].span.path == "b.py"
    assert {drop.reason for drop in context.dropped} == {"file cap"}


def test_a_long_chunk_is_cut_to_the_lines_that_hold_the_question() -> None:
    lines = [f"    filler_{number} = compute(number)" for number in range(200)]
    lines[150] = "    retry_limit = 3"
    context = fit([hit("a.py", "\n".join(["def f():", *lines]))], ["retry", "limit"], 600, estimate_tokens)
    item = context.items[0]
    assert "retry_limit = 3" in item.text
    assert item.text == "\n".join(["def f():", *lines][item.span.start - 1 : item.span.end])
    assert context.tokens <= 600


def test_what_does_not_fit_is_shown_by_its_signature_or_dropped_with_a_reason() -> None:
    hits = [hit(f"m{number}.py", body(f"work_{number}", 12), f"work_{number}") for number in range(12)]
    context = fit(hits, [], 400, estimate_tokens)
    assert context.tokens <= 400
    shortened = [item for item in context.items if item.text != item.chunk.text]
    assert shortened
    assert all(item.text.startswith("def work_") for item in shortened)
    assert {drop.reason for drop in context.dropped} == {"token budget"}
    assert len(context.items) + len(context.dropped) == len(hits)


def test_prose_does_not_crowd_out_code() -> None:
    prose = [hit(f"d{number}.md", f"word{number} " * 300, "", source=Source.DOCS) for number in range(3)]
    context = fit([*prose, hit("a.py", body("one", 3), "one")], [], 1200, estimate_tokens)
    assert "a.py" in [item.span.path for item in context.items]
    assert "docs cap" in {drop.reason for drop in context.dropped}


def test_tickets_of_one_export_each_have_their_places() -> None:
    """An export is one file with thousands of tickets; a ticket cut into many parts is still one."""
    tickets = [hit("t.json", f"#{n}: Limit {n}", f"#{n}", start=10 * n, source=Source.TICKETS) for n in range(1, 6)]
    parts = [hit("t.json", f"#9: Part {n}", "#9", start=100 + n, source=Source.TICKETS) for n in range(1, 6)]
    context = fit([*tickets, *parts], [], 5000, estimate_tokens)
    assert [item.symbol for item in context.items] == ["#1", "#2", "#3", "#4", "#5", "#9", "#9", "#9"]


def test_wordy_tickets_and_commits_leave_room_for_the_code_that_they_led_to() -> None:
    """Each source has its share, and all of them beside code a larger one."""

    def wordy(name: str) -> str:
        return "\n".join([f"{name}: Limit", *[f"Nobody could buy anything on day {number}." for number in range(60)]])

    tickets = [hit(f"{n}.md", wordy(f"#{n}"), f"#{n}", source=Source.TICKETS) for n in range(4)]
    commits = [hit(f"commit:{n}", wordy(f"commit {n}"), f"{n}", source=Source.COMMITS) for n in range(4)]
    code = hit("a.py", body("retry", 12), "retry")
    context = fit([*tickets, *commits, code], ["limit"], 900, estimate_tokens)
    assert body("retry", 12) in [item.text for item in context.items]
    shown = {item.chunk.source for item in context.items}
    assert shown == {Source.TICKETS, Source.COMMITS, Source.CODE}


@pytest.mark.parametrize(("shown", "named"), [((0, 3), ""), ((2, 5), "van.title"), ((4, 6), "")])
def test_lines_do_not_carry_the_name_of_a_key_beside_them(shown: tuple[int, int], named: str) -> None:
    """A catalog of texts is one chunk, under the name of the key that the question is most about."""
    lines = [
        "{",
        '  "care.title": "Turn",',
        '  "van.save": "Unloaded",',
        '  "van.title": "Van is there",',
        '  "x": ""',
        "}",
    ]
    chunk = replace(hit("en.json", "\n".join(lines), "van.title").chunk, kind=SymbolKind.KEY, signature='"van.title"')
    part = cut(chunk, *shown)
    assert (part.symbol, bool(part.signature)) == (named, bool(named))
    assert part.text == "\n".join(lines[slice(*shown)])


def test_lines_of_a_body_keep_the_name_of_their_function() -> None:
    whole = hit("a.py", body("one", 9), "one").chunk
    assert cut(whole, 4, 6).symbol == "one"


def test_lines_before_a_definition_are_not_of_it() -> None:
    whole = replace(
        hit("a.py", "LIMIT = 3\nRETRIES = 4\n\n\ndef pay():\n    ...", "pay").chunk, kind=SymbolKind.FUNCTION
    )
    assert (cut(whole, 0, 2).symbol, cut(whole, 0, 5).symbol) == ("", "pay")
