"""Which sentence of an explanation is kept, and how long it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from surefoot.answer.explain import LONGEST, key_of, standing, to_keep
from surefoot.domain import Answer, AnswerMode, Citation, Claim, IndexState, Root, Span, Symbol, SymbolKind, Verdict

ROOT = Root(Path("/shop"), "shop")
LINES = ["RATES = {}", "", "", "def rate_for(country):", "    return RATES.get(country, 0)", "", "LAST = 1"]
SYMBOL = Symbol("rate_for", SymbolKind.FUNCTION, Span("tax.py", 4, 5), 4)
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
WRITTEN_BY = ("model", "embedder", "1")


def cited(number: int, start: int, end: int, path: str = "tax.py") -> Citation:
    return Citation(number, ROOT, Span(path, start, end), "x", Verdict.VALID, "\n".join(LINES[start - 1 : end]))


WHOLE, PART, WIDE, ELSEWHERE = cited(1, 4, 5), cited(2, 5, 5), cited(3, 1, 5), cited(4, 4, 5, "cart.py")
BESIDE = cited(5, 7, 7)


def answered(*claims: Claim, mode: AnswerMode = AnswerMode.LLM, citations: tuple[Citation, ...] = ()) -> Answer:
    every = citations or (WHOLE, PART, WIDE, ELSEWHERE, BESIDE)
    return Answer("?", "", mode, "model", False, claims, (), every, (), (), IndexState(1, 1, False), {})


def kept(*claims: Claim, lines: list[str] = LINES, **more: object) -> str:
    explanation = to_keep(answered(*claims, **more), ROOT, SYMBOL, LINES, NOW)  # type: ignore[arg-type]
    found = standing(explanation, SYMBOL, lines) if explanation else None
    return "" if found is None else found.sentence


GOOD = Claim("It looks up `country`.", (1,))


@pytest.mark.parametrize(
    ("claims", "sentence"),
    [
        ((GOOD,), "It looks up `country`."),
        ((Claim("Part.", (1, 2)), GOOD), "Part."),
        ((Claim("Of another file.", (4,)), GOOD), "It looks up `country`."),
        ((Claim("Of two files.", (1, 4)), GOOD), "It looks up `country`."),
        ((Claim("Of a neighbour.", (5,)), GOOD), "It looks up `country`."),
        ((Claim("`RATES` is empty.", (3,)), GOOD), "It looks up `country`."),
        ((Claim("`rate_for` reads `RATES`.", (3,)), GOOD), "`rate_for` reads `RATES`."),
        ((Claim("`rate_for_all` reads `RATES`.", (3,)), GOOD), "It looks up `country`."),
        ((Claim("x" * (LONGEST + 1), (1,)), GOOD), "It looks up `country`."),
        ((Claim("Nothing is cited.", ()),), ""),
        ((), ""),
    ],
)
def test_the_first_sentence_that_rests_on_the_definition_is_kept(claims: tuple[Claim, ...], sentence: str) -> None:
    assert kept(*claims) == sentence


def test_what_no_model_wrote_is_not_kept() -> None:
    assert kept(GOOD, mode=AnswerMode.EXTRACTIVE) == ""


def test_what_was_checked_against_other_lines_than_those_of_now_is_not_kept() -> None:
    assert kept(GOOD, citations=(replace(WHOLE, text="def rate_for(country):\n    return 0"),)) == ""
    assert kept(GOOD, citations=(replace(WHOLE, root=Root(Path("/other"), "other")),)) == ""
    assert kept(GOOD, citations=(replace(WHOLE, file_line=4),)) == ""


def test_it_says_who_wrote_it_and_when() -> None:
    found = standing(to_keep(answered(GOOD), ROOT, SYMBOL, LINES, NOW), SYMBOL, LINES)
    assert found is not None
    assert (found.model, found.at) == ("model", NOW)


def test_a_sentence_stands_where_its_lines_have_moved_and_not_where_one_has_changed() -> None:
    wide = Claim("`rate_for` reads `RATES`.", (3,))
    content = to_keep(answered(wide), ROOT, SYMBOL, LINES, NOW)
    moved = replace(SYMBOL, span=Span("tax.py", 6, 7), name_line=6)
    assert standing(content, moved, ["import x", "", *LINES]) is not None
    assert standing(content, moved, ["import x", "", "RATES = {1: 1}", *LINES[1:]]) is None
    assert standing(content, SYMBOL, [*LINES[:4], "    return 1", *LINES[5:]]) is None
    assert standing(content, replace(SYMBOL, span=Span("tax.py", 1, 2), name_line=1), LINES[3:]) is None


def test_the_key_is_of_the_lines_the_place_the_name_and_the_makers() -> None:
    key = key_of(SYMBOL, LINES, WRITTEN_BY)
    assert key == key_of(SYMBOL, [*LINES[:6], "LAST = 2"], WRITTEN_BY), "what stands below is none of its lines"
    assert key == key_of(replace(SYMBOL, span=Span("tax.py", 5, 6), name_line=5), ["", *LINES], WRITTEN_BY)
    others = {
        key_of(SYMBOL, [*LINES[:4], "    return 1"], WRITTEN_BY),
        key_of(replace(SYMBOL, container="Tax"), LINES, WRITTEN_BY),
        key_of(replace(SYMBOL, span=Span("other.py", 4, 5)), LINES, WRITTEN_BY),
        key_of(SYMBOL, LINES, ("other model", *WRITTEN_BY[1:])),
        key_of(SYMBOL, LINES, (WRITTEN_BY[0], "other embedder", "1")),
        key_of(SYMBOL, LINES, (*WRITTEN_BY[:2], "2")),
    }
    assert len(others) == 6
    assert key not in others
