"""What the figures say of rankings that one can judge by eye."""

import math

import pytest

from surefoot.evals.metrics import Shown, drop_probability, estimate, percentile, ranking_figures
from surefoot.golden import Case, Place

PLACES = (
    Place(path="a.py", start_line=10, end_line=20),
    Place(path="a.py", start_line=30, end_line=40, grade=1),
    Place(path="b.py", start_line=1, end_line=5, grade=1),
)
CASE = Case(id="one", bucket="symbol", question="?", places=PLACES)


def figures(*hits: Shown) -> dict[str, float]:
    return ranking_figures([CASE], {"one": hits})["one"]


def shown(path: str, start: int, end: int, tokens: int = 100) -> Shown:
    return Shown("root", path, start, end, tokens)


def test_the_ideal_ranking_has_all_figures_at_one() -> None:
    found = figures(shown("a.py", 12, 14), shown("a.py", 35, 36), shown("b.py", 5, 9))
    assert all(value == pytest.approx(1.0) for value in found.values())


def test_nothing_found_is_zero_and_no_error() -> None:
    assert set(figures().values()) == {0.0}


def test_a_file_counts_once_and_a_wrong_place_in_it_does_not_count_as_span() -> None:
    found = figures(shown("a.py", 1, 2), shown("c.py", 1, 2), shown("a.py", 20, 22))
    assert (found["file_hit1"], found["file_mrr"]) == (1.0, 1.0)
    assert (found["span_hit1"], found["span_hit5"], found["span_mrr"]) == (0.0, 1.0, pytest.approx(1 / 3))


def test_a_place_is_credited_once() -> None:
    """Five hits in the same lines are one answer."""
    ideal = 2 + 1 / math.log2(3) + 1 / math.log2(4)
    found = figures(*(shown("a.py", 10 + step, 11 + step) for step in range(5)))
    assert found["span_ndcg"] == pytest.approx(2 / ideal)


def test_only_the_grade_that_answers_is_a_hit() -> None:
    found = figures(shown("b.py", 1, 5))
    assert (found["file_hit10"], found["file_mrr"]) == (0.0, 0.0)
    assert 0 < found["file_ndcg"] < 1


def test_recall_stops_at_the_budget() -> None:
    found = figures(shown("c.py", 1, 2, tokens=600), shown("a.py", 10, 12, tokens=300))
    assert (found["recall_500"], found["recall_1000"]) == (0.0, 1.0)


def test_a_place_of_another_root_is_not_a_hit() -> None:
    case = Case(id="one", bucket="wrong_product", question="?", places=(PLACES[0].model_copy(update={"root": "x"}),))
    hits = {"one": [Shown("y", "a.py", 10, 20), Shown("x", "a.py", 10, 20)]}
    assert ranking_figures([case], hits)["one"]["file_mrr"] == 0.5


def test_an_estimate_holds_its_mean_and_repeats() -> None:
    found = estimate([0.0, 1.0, 1.0, 1.0] * 10)
    assert found is not None
    assert found.low < found.mean < found.high
    assert found == estimate([0.0, 1.0, 1.0, 1.0] * 10)
    assert estimate([]) is None


def test_a_drop_is_told_from_noise() -> None:
    before = [1.0] * 40
    assert drop_probability(before, [1.0] * 38 + [0.0] * 2) > 0.05
    assert drop_probability(before, [1.0] * 25 + [0.0] * 15) < 0.01
    assert drop_probability(before, before) > 0.5


def test_percentiles() -> None:
    values = list(range(100))
    assert (percentile(values, 0.5), percentile(values, 0.95), percentile([], 0.5)) == (50, 95, 0.0)
