"""Asking again for what is there, where one part of a question is missing, and for each where none is."""

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from surefoot.domain import ChunkKey, Query, Resolved, Span
from surefoot.engine import Engine
from surefoot.question_parts import judge, questions_in_turn, without_what_is_missing
from surefoot.retrieve import retriever
from surefoot.retrieve.floor import Evidence
from surefoot.trace import Trace
from surefoot.words import stem

SESSION = frozenset({"session", "expir", "user", "timeout"})  # the stems of the one hit
HERE = {"session": 9, "expires": 4, "user": 20, "ledger": 0, "replicated": 0, "ticket": 1}


def asked(question: str, frequencies: Mapping[str, int] = HERE) -> Resolved:
    weights = {term: math.log(1 + 101 / (count + 0.5)) for term, count in frequencies.items()}
    return Resolved(Query(question), (), tuple(frequencies), frequencies, weights, 100, words=question)


@pytest.mark.parametrize(
    ("before", "rest"),
    [
        ("", "when is it that a session expires"),
        ("the user waits. ", "the user waits, when is it that a session expires"),
    ],
)
def test_the_question_that_is_missing_is_left_out(before: str, rest: str) -> None:
    expires, replicated = f"{before}when is it that a session expires", "where is the ledger replicated?"
    assert without_what_is_missing(asked(f"{expires}, and {replicated}"), [SESSION]) == rest
    assert without_what_is_missing(asked(f"{replicated} {expires}"), [SESSION]) == rest


@pytest.mark.parametrize(
    "question",
    [
        "when is it that a session expires for the user",  # nothing is missing
        "where is the ledger replicated",  # nothing is left
        "when is it that a session expires, with the ledger replicated",  # no question of its own
        "where is the ledger replicated, and does it expire",  # what is left says too little
        "when is it that a session expires, and which ticket",  # what is missing says too little
    ],
)
def test_a_question_that_is_one_is_asked_once(question: str) -> None:
    assert without_what_is_missing(asked(question), [SESSION]) == ""


EXPIRES, LEDGER = "when is a session one that expires", "where is the ledger replicated to the ticket"
BOTH = [SESSION, frozenset(map(stem, ("ledger", "replicated", "ticket")))]
THERE = {**HERE, "ledger": 2, "replicated": 2}


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (f"{EXPIRES}, and {LEDGER}?", (EXPIRES, LEDGER)),
        (f"{LEDGER}? {EXPIRES}", (LEDGER, EXPIRES)),
        (f"{EXPIRES} or a ticket, and {LEDGER}", (f"{EXPIRES}, a ticket", LEDGER)),
        (f"{EXPIRES}, and which user, and {LEDGER}", (f"{EXPIRES}, which user", LEDGER)),
    ],
)
def test_each_question_is_asked_with_what_belongs_to_it(question: str, parts: tuple[str, ...]) -> None:
    assert questions_in_turn(asked(question, THERE), BOTH) == parts


@pytest.mark.parametrize(
    "question",
    [
        EXPIRES,
        f"{EXPIRES} and replicated",  # a list
        f"{EXPIRES}, and where is its ledger replicated to the ticket",  # of the session
        f"the user waits. {EXPIRES}, and {LEDGER}",  # what is told first is about both
        f"{EXPIRES}, and {LEDGER}, and {EXPIRES}, and {LEDGER}",  # takes too long
    ],
)
def test_what_is_one_matter_is_not_taken_apart(question: str) -> None:
    assert questions_in_turn(asked(question, THERE), BOTH) == ()


def test_where_a_question_is_missing_none_is_asked_by_itself() -> None:
    assert questions_in_turn(asked(f"{EXPIRES}, and {LEDGER}", THERE), [SESSION]) == ()


def test_what_was_ranked_by_itself_is_not_missing() -> None:
    question = asked(f"{EXPIRES}, and {LEDGER}")
    assert [part.text for part in judge(question, [SESSION]).missing] == [LEDGER]
    assert judge(replace(question, in_turn={EXPIRES: {}, LEDGER: {}}), [SESSION]).missing == ()


def walks(trace: Trace, told: str = "asked_again") -> list[str]:
    return [str(stage.details.get(told, "")) for stage in trace.stages if stage.name == "resolve"]


def test_what_is_there_is_asked_for_again_and_both_walks_are_traced(engine: Engine) -> None:
    question = "who may open a session and how long is the timeout, and where is the payroll ledger exported?"
    answer = engine.ask(Query(question))
    first, again = walks(engine.trace(answer.trace_id))
    assert (first, again.startswith("who may open a session")) == ("", True)
    assert "ledger" not in again
    assert answer.citations[0].span.path == "shop/session.py"
    assert any("ledger" in missing for missing in answer.missing)
    assert walks(engine.replay(answer.trace_id, ["parts.off=true"]).after) == [""]


def test_one_question_is_asked_once(engine: Engine) -> None:
    assert walks(engine.trace(engine.ask(Query("who may open a session")).trace_id)) == [""]


TAX, OPEN = "what is the tax rate of a country", "who may open a session"


@pytest.mark.parametrize("parts", [(TAX, OPEN), (OPEN, TAX)])
def test_the_places_of_two_questions_are_taken_in_turn_and_the_answer_cites_both(
    engine: Engine, parts: tuple[str, str]
) -> None:
    answer = engine.ask(Query(", and ".join(parts)))
    trace = engine.trace(answer.trace_id)
    assert walks(trace, "asked_in_turn") == ["", *parts]
    files = {TAX: "shop/tax.py", OPEN: "shop/session.py"}
    hits = engine.search(Query(", and ".join(parts))).hits
    assert [hit.chunk.span.path for hit in hits[:2]] == [files[part] for part in parts]
    assert len({(hit.chunk.span.path, hit.chunk.span.start) for hit in hits}) == len(hits)
    assert {citation.span.path for citation in answer.citations} >= set(files.values())
    assert answer.missing == ()


def test_lines_that_one_of_the_questions_points_at_are_kept() -> None:
    key, lines = ChunkKey(Path("/shop"), 1), Span("CHANGES.md", 3, 9)
    nothing = retriever.Retrieved(
        (), Resolved(Query(OPEN), (), ()), Evidence(passed=True, reason="", coverage=1.0, similarity=1.0), ()
    )
    pointing = replace(nothing, resolved=Resolved(Query(TAX), (), ()), pointed_at={key: lines})
    assert retriever._taken_in_turn(nothing, [nothing, pointing], 10).pointed_at == {key: lines}


def test_without_parts_a_question_is_asked_once_and_the_replay_says_so(engine: Engine) -> None:
    replayed = engine.replay(engine.ask(Query(f"{TAX}, and {OPEN}")).trace_id, ["parts.off=true"])
    assert walks(replayed.after, "asked_in_turn") == [""]
    assert replayed.first_difference == "resolve"
    assert any(change.subject == "asked_in_turn" for change in replayed.stages[0].changes)


def test_where_one_of_the_questions_does_not_stand_the_places_are_those_of_the_whole(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = Query(f"{OPEN}, and {TAX}")
    in_turn = engine.search(query)
    weigh = retriever.weigh_evidence

    def fails(resolved: Resolved, *others: Any) -> Evidence:
        found = weigh(resolved, *others)
        return replace(found, passed=False) if resolved.query.text == TAX else found

    monkeypatch.setattr(retriever, "weigh_evidence", fails)
    found = engine.search(query)
    assert walks(engine.trace(found.trace_id), "asked_in_turn") == ["", OPEN, TAX]
    assert [(hit.chunk.span, hit.score) for hit in found.hits] != [(hit.chunk.span, hit.score) for hit in in_turn.hits]
    assert found.hits[0].chunk.span.path == "shop/tax.py"
