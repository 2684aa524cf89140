from pathlib import Path

import pytest

from surefoot.answer.budget import estimate_tokens
from surefoot.answer.dense import GAP, excerpt, fit_dense
from surefoot.domain import Chunk, Context, Hit, Root, Source, Span

ROOT = Root(Path("/shop"), "shop")
LONG = [
    "def charge(card, amount):",
    '    """Take money from a card.',
    "",
    "    Nothing is kept of the card: the bank answers with a token.",
    '    """',
    *[f"    step_{number}(card)" for number in range(40)],
    "    if amount > LIMIT:",
    "        raise RefundRefused(amount)",
    *[f"    after_{number}(card)" for number in range(40)],
]
DOC = "Take money from a card.\n\nNothing is kept of the card: the bank answers with a token."


def hit(
    path: str, lines: list[str], symbol: str = "f", start: int = 1, doc: str = "", source: Source = Source.CODE
) -> Hit:
    span = Span(path, start, start + len(lines) - 1)
    chunk = Chunk(span, source, "python", "\n".join(lines), symbol=symbol, doc=doc)
    return Hit(ROOT, chunk, 1.0, {"lexical": 1})


def body(name: str, lines: int) -> list[str]:
    return [f"def {name}():", *[f"    step_{name}_{number}()" for number in range(lines)]]


def fitted(hits: list[Hit], budget: int, **weights: float) -> Context:
    return fit_dense(hits, weights, budget, estimate_tokens)


def test_what_fits_is_shown_whole() -> None:
    context = fitted([hit("a.py", body("one", 3), "one", start=11)], 1000, one=1.0)
    (item,) = context.items
    assert (item.number, item.span, item.pieces) == (1, Span("a.py", 11, 14), ())
    assert excerpt(item) == item.text == "\n".join(body("one", 3))


def test_of_a_long_definition_the_signature_the_first_sentence_and_the_matching_lines_are_shown() -> None:
    context = fitted([hit("pay.py", LONG, "charge", start=101, doc=DOC)], 300, refund=1.0, refused=1.0)
    seen = excerpt(context.items[0])
    assert "def charge(card, amount):" in seen
    assert "Take money from a card." in seen
    assert "    if amount > LIMIT:\n        raise RefundRefused(amount)" in seen
    assert "the bank answers with a token" not in seen
    assert f"\n{GAP}\n" in seen


def test_every_piece_is_verbatim_and_its_line_numbers_are_right() -> None:
    """A citation is checked letter by letter against `text`, and what the model saw are lines of it."""
    context = fitted([hit("pay.py", LONG, "charge", start=101, doc=DOC)], 300, refund=1.0)
    (item,) = context.items
    assert item.text == "\n".join(LONG[item.span.start - 101 : item.span.end - 100])
    assert (item.pieces[0].start, item.pieces[-1].end) == (item.span.start, item.span.end)
    runs = ["\n".join(LONG[piece.start - 101 : piece.end - 100]) for piece in item.pieces]
    assert excerpt(item) == f"\n{GAP}\n".join(runs)
    assert all(one.end + 1 < other.start for one, other in zip(item.pieces, item.pieces[1:], strict=False))


@pytest.mark.parametrize("budget", [60, 150, 300, 900])
def test_the_budget_holds(budget: int) -> None:
    hits = [hit(f"m{n}.py", body(f"work_{n}", 30), f"work_{n}") for n in range(12)]
    context = fitted(hits, budget, work=1.0)
    assert 0 < context.tokens <= budget
    assert len(context.items) + len(context.dropped) == len(hits)
    assert {drop.reason for drop in context.dropped} <= {"token budget"}


def test_the_first_hit_gets_most_lines_and_further_ones_their_beginning() -> None:
    hits = [hit(f"m{n}.py", body(f"work_{n}", 30), f"work_{n}") for n in range(4)]
    context = fitted(hits, 600, work=1.0)
    lengths = [excerpt(item).count("\n") + 1 for item in context.items]
    assert lengths[0] == max(lengths)
    assert [excerpt(item).split("\n")[0] for item in context.items] == [f"def work_{n}():" for n in range(4)]


def test_one_file_does_not_take_all_places() -> None:
    hits = [hit("a.py", body(f"f{n}", 2), f"f{n}", start=n * 10 + 1) for n in range(6)]
    context = fitted([*hits, hit("b.py", body("other", 2), "other")], 5000, other=1.0)
    assert [item.span.path for item in context.items] == ["a.py", "a.py", "a.py", "b.py"]
    assert {drop.reason for drop in context.dropped} == {"file cap"}


def test_prose_does_not_crowd_out_code() -> None:
    prose = [
        hit(f"d{n}.md", [f"Payments of kind {n} are refunded on day {m}." for m in range(30)], "", source=Source.DOCS)
        for n in range(4)
    ]
    context = fitted([*prose, hit("a.py", body("refund", 12), "refund")], 600, refund=1.0)
    prose_tokens = sum(sum(estimate_tokens([excerpt(item)])) for item in context.items if item.span.path != "a.py")
    assert context.items[-1].span.path == "a.py"
    assert prose_tokens < 0.65 * 600


def test_texts_that_differ_in_white_space_or_one_name_are_shown_once() -> None:
    wide = [line.replace("    ", "\t") for line in body("one", 4)]
    renamed = [line.replace("def one", "def other") for line in body("one", 4)]
    another = [*body("one", 4)[:-1], "    entirely_else(1, 2)"]
    hits = [hit(f"{n}.py", lines, f"s{n}") for n, lines in enumerate([body("one", 4), wide, renamed, another])]
    context = fitted(hits, 2000, one=1.0)
    assert [item.span.path for item in context.items] == ["0.py", "3.py"]
    assert [(drop.span.path, drop.reason) for drop in context.dropped] == [
        ("1.py", "nearly duplicate text"),
        ("2.py", "nearly duplicate text"),
    ]


def test_short_texts_are_not_taken_for_duplicates() -> None:
    context = fitted([hit("a.py", ["RETRIES = 3"], "RETRIES"), hit("b.py", ["TIMEOUT = 3"], "TIMEOUT")], 500, a=1.0)
    assert len(context.items) == 2


def test_tokens_are_counted_in_one_call() -> None:
    """A count is a trip to the model's process."""
    calls: list[int] = []

    def count(texts: object) -> list[int]:
        assert isinstance(texts, list)
        calls.append(len(texts))
        return estimate_tokens(texts)

    fit_dense([hit(f"m{n}.py", body(f"w{n}", 20), f"w{n}") for n in range(8)], {"w1": 1.0}, 300, count)
    assert len(calls) == 1
