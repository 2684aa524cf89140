"""What an answer says of its sources: which it used, which are not indexed, how old the tickets are."""

from pathlib import Path

import pytest

from surefoot.answer.source_use import ages, lacking, sources_used
from surefoot.domain import Citation, Query, Resolved, Root, Scope, Source, SourceUse, Span, Verdict

CODE_ALONE = {Source.CODE: 10, Source.DOCS: 2}
EVERYTHING = dict.fromkeys(Source, 3)


def asked(question: str, *sources: Source, **frequencies: int) -> Resolved:
    return Resolved(Query(question, Scope(sources=sources)), (), tuple(frequencies), frequencies)


def citation(source: Source, as_of: str = "") -> Citation:
    return Citation(1, Root(Path("/a"), "a"), Span("a", 1, 1), "", Verdict.VALID, source=source, as_of=as_of)


@pytest.mark.parametrize(
    ("question", "sources"),
    [
        ("what does #123 touch?", ["tickets"]),
        ("is PROJ-214 fixed", ["tickets"]),
        ("which ticket asked for the retry limit", ["tickets"]),
        ("which issues are about the cart", ["tickets"]),
        ("why was the retry limit lowered?", ["tickets", "commits"]),
        ("which commit lowered the retry limit", ["commits"]),
        ("when was the limit lowered", ["commits"]),
        ("which ADR decided on retries", ["designs"]),
        ("what does ADR-7 say", ["designs"]),
        ("which screen uses this endpoint", ["designs"]),
        ("is there a diagram of the checkout", ["designs"]),
    ],
)
def test_a_source_that_is_asked_for_and_not_indexed_is_told(question: str, sources: list[str]) -> None:
    told = lacking(asked(question), CODE_ALONE)
    assert [sentence.split()[1] for sentence in told] == sources
    assert all(sentence.endswith(".") for sentence in told)


@pytest.mark.parametrize(
    "question",
    [
        "where is the retry limit",
        "how is UTF-8 decoded",
        "why does retry fail",
        "how does SHA-256 work here",
        "what is committed to the store",
        "when is the cart emptied",
        "what handles error 404",
    ],
)
def test_a_question_about_code_is_not_told_what_else_there_could_be(question: str) -> None:
    assert lacking(asked(question), CODE_ALONE) == []


@pytest.mark.parametrize("question", ["what does #123 touch?", "why was it lowered", "which ADR", "which commit"])
def test_nothing_is_told_of_what_is_indexed(question: str) -> None:
    assert lacking(asked(question), EVERYTHING) == []


def test_a_word_that_the_code_has_for_things_of_its_own_asks_for_nothing() -> None:
    assert lacking(asked("where does a commit of the transaction happen", commit=12), CODE_ALONE) == []
    assert lacking(asked("how is a ticket printed", ticket=40), CODE_ALONE) == []
    assert lacking(asked("how is a ticket printed", ticket=1), CODE_ALONE) != []


def test_a_filter_for_a_source_asks_for_it() -> None:
    assert [said.split()[1] for said in lacking(asked("retry", Source.COMMITS), CODE_ALONE)] == ["commits"]
    assert lacking(asked("why was #123 lowered", Source.CODE), CODE_ALONE) == []


def test_every_source_is_listed_with_how_much_there_is_and_whether_it_was_used() -> None:
    used = sources_used({Source.CODE: 10, Source.TICKETS: 2}, [citation(Source.TICKETS)])
    assert used == (
        SourceUse(Source.CODE, 10, is_used=False),
        SourceUse(Source.DOCS, 0, is_used=False),
        SourceUse(Source.TICKETS, 2, is_used=True),
        SourceUse(Source.COMMITS, 0, is_used=False),
        SourceUse(Source.DESIGNS, 0, is_used=False),
    )


def test_tickets_are_as_old_as_the_newest_export_that_is_cited() -> None:
    cited = [citation(Source.TICKETS, day) for day in ("2024-02-01", "2024-03-01", "")]
    assert ages(cited) == ["Tickets as of 2024-03-01."]
    assert ages([citation(Source.CODE, "2024-03-01")]) == []
    assert ages([citation(Source.TICKETS)]) == []
