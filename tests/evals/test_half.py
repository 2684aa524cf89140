"""When an answer has the half that is there, and names the other."""

from pathlib import Path

import pytest

from evals.golden import CASES
from surefoot.config import Settings
from surefoot.evals.half import judged
from surefoot.evals.metrics import DEPTH, Shown
from surefoot.evals.result import to_result
from surefoot.evals.run import Run, run
from surefoot.golden import Case, Place
from surefoot.results import metrics_of

CASE = Case(
    id="one",
    bucket="half",
    question="how is the tax computed, and where are the vouchers printed?",
    places=(Place(path="a.py", start_line=10, end_line=20), Place(path="b.py", start_line=1, end_line=5, grade=1)),
    absent="where are the vouchers printed",
)
RIGHT = Shown("root", "a.py", 12, 14)
BESIDE = Shown("root", "b.py", 1, 5)
NAMED = "voucher printing: nothing indexed contains voucher"


def test_a_right_place_among_the_hits_or_cited_and_the_other_half_named() -> None:
    assert judged(CASE, [BESIDE, RIGHT], [], [NAMED]) == {"found": True, "named": True, "spared": True}
    assert judged(CASE, [BESIDE], [RIGHT], [NAMED]) == {"found": True, "named": True, "spared": True}


def test_a_place_that_only_helps_or_comes_too_late_is_not_found() -> None:
    assert not judged(CASE, [BESIDE], [BESIDE], [NAMED])["found"]
    assert not judged(CASE, [*[BESIDE] * DEPTH, RIGHT], [], [NAMED])["found"]


@pytest.mark.parametrize(
    ("missing", "named", "spared"),
    [
        ([], False, True),
        (["tax: not in the sources of this answer"], False, False),
        ([NAMED, "computed: nothing indexed contains it"], True, False),
        (["printed: not indexed, the closest is tax"], True, True),  # what comes after the colon blames nothing
    ],
)
def test_what_is_said_to_be_missing_is_the_other_half_and_nothing_of_this_one(
    missing: list[str], named: bool, spared: bool
) -> None:
    found = judged(CASE, [RIGHT], [], missing)
    assert (found["named"], found["spared"]) == (named, spared)


def test_a_case_is_asked_and_judged(shop: Path, settings: Settings) -> None:
    question = "what does add_item raise when the cart is full, and where are the vouchers printed?"
    half = {**CASES[0], "bucket": "half", "question": question, "absent": "where are the vouchers printed"}
    (row,) = run(Run([Case.model_validate(half)], {"": shop}, settings))
    assert row["half"] == {"found": True, "named": True, "spared": True}
    (kept,) = to_result([row], {})["rows"]
    assert metrics_of(kept)["half"] == 1.0
    blamed = {**kept, "half": {**kept["half"], "spared": False}}
    assert (metrics_of(blamed)["half"], metrics_of(blamed)["half_named"]) == (0.0, 1.0)


def test_of_questions_that_are_answered_rightly_it_counts_whether_nothing_is_missed() -> None:
    answer = {"abstained": False, "citations": 1, "right_source": True, "missing": 0, "valid": 1, "bad": []}
    row = {"answerable": True, "answer": answer}
    assert metrics_of(row)["spared"] == 1.0
    assert metrics_of({**row, "answer": {**answer, "missing": 2}})["spared"] == 0.0
    assert "spared" not in metrics_of({**row, "answer": {**answer, "right_source": False}})
