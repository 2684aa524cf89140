"""Asking again for what is there, where one part of a question is missing."""

import math
from collections.abc import Mapping

import pytest

from surefoot.domain import Query, Resolved
from surefoot.engine import Engine
from surefoot.question_parts import without_what_is_missing
from surefoot.trace import Trace

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


def walks(trace: Trace) -> list[str]:
    return [str(stage.details.get("asked_again", "")) for stage in trace.stages if stage.name == "resolve"]


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
