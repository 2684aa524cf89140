"""Answers in three ways: what a model adds, what checking takes from it, and how long it takes."""

from pathlib import Path
from typing import Any

import pytest

from evals.golden import CASES
from surefoot.config import Settings
from surefoot.engine import Engine
from surefoot.evals.metrics import Shown, citation_figures
from surefoot.evals.plots import draw
from surefoot.evals.report import Report, markdown
from surefoot.evals.result import to_result
from surefoot.evals.run import Run, run
from surefoot.evals.ways import CHECKED, EXTRACTIVE, UNCHECKED, in_three_ways, times_table, ways_table
from surefoot.golden import Case
from surefoot.results import metrics_of
from test_engine import Scripted

RIGHT = "- `rate_for` gives the tax rate of a country. [1]\n"
LIES = "- `RateCache` keeps it in `/etc/rates`. [1]\n- It is in the `redis_cache`. [9]\n"
TAX = Case.model_validate(CASES[1])


@pytest.fixture
def result(shop: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes a result of the shop's tax question, answered by a model that writes this text, or by none."""

    def made(text: str) -> dict[str, Any]:
        model = "scripted" if text else "none"
        monkeypatch.setattr(Engine, "_generator", lambda *_: (Scripted(text) if text else None, ""))
        rows = run(Run([TAX], {"": shop}, settings, ("retrieval", "answers"), model))
        for row in rows:
            row.update(split="dev", language="python")
        return to_result(rows, {"commit": "0123456789", "date": "2024-03-01", "model": model, "latency": {}})

    return made


def test_what_is_withheld_is_counted_as_if_it_had_been_shown(result: Any) -> None:
    answer = result(RIGHT + LIES)["rows"][0]["answer"]
    assert (answer["claims"], answer["withheld"], answer["invented"]) == (2, 2, 0)  # the index adds one
    assert (answer["unchecked"]["claims"], answer["unchecked"]["invented"]) == (3, 2)
    assert answer["unchecked"]["right_source"]
    assert answer["unchecked"]["precision"] == answer["recall"] == 1.0


def test_a_sentence_that_was_struck_out_in_part_was_written_whole(result: Any) -> None:
    answer = result("- `rate_for` returns the tax rate of a country and caches it in `RateCache`. [1]\n")["rows"][0][
        "answer"
    ]
    assert (answer["partly"], answer["invented"]) == (1, 0)
    assert (answer["unchecked"]["claims"], answer["unchecked"]["invented"]) == (1, 1)


def test_what_the_index_says_instead_is_not_the_models(result: Any) -> None:
    answer = result(LIES)["rows"][0]["answer"]
    assert answer["mode"] == "extractive"
    assert answer["claims"] > 0
    assert answer["unchecked"]["claims"] == 2
    assert "first_claim" not in answer["times"]


def test_times_are_in_the_order_in_which_things_came(result: Any) -> None:
    times = result(RIGHT + LIES)["rows"][0]["answer"]["times"]
    assert 0 < times["first_hit"] < times["first_claim"] <= times["last_claim"] <= times["whole"]


def test_the_three_ways_are_measured_on_the_cases_that_both_results_have(result: Any) -> None:
    by_model, alone = result(RIGHT + LIES), result("")
    assert "unchecked" not in alone["rows"][0]["answer"]
    ways = in_three_ways(by_model["rows"], alone["rows"], "dev")
    assert {way: [each.invented for each in said] for way, said in ways.items()} == {
        EXTRACTIVE: [0], UNCHECKED: [2], CHECKED: [0]
    }  # fmt: skip
    head, *table = ways_table(ways)
    assert [len(row) for row in table] == 3 * [len(head)]
    assert dict(zip(head, table[1], strict=True))["sentences"] == "3.000"
    assert dict(zip(head, table[2], strict=True))["refused"] == ""  # nothing unanswerable was asked
    assert in_three_ways(by_model["rows"], alone["rows"], "test") == {}


def test_the_report_has_them_with_their_plot_and_is_whole_without(result: Any, tmp_path: Path) -> None:
    by_model, alone = result(RIGHT + LIES), result("")
    page = Report(alone, {}, {}, {}, answers=by_model)
    assert "answers.svg" in draw(page, tmp_path)
    assert (tmp_path / "answers.svg").stat().st_size > 1000
    text = markdown(page)
    assert "## Answers in three ways, dev, the model 'scripted' at 0123456789" in text
    assert f"| {UNCHECKED} | 1 | 1.000 |" in text
    assert "| first_claim, s | 1 |" in text
    assert "three ways" not in markdown(Report(alone, {}, {}, {}))
    assert len(times_table(alone["rows"])) == 1


def test_a_citation_of_any_labelled_place_is_right_and_only_those_that_answer_are_to_be_found() -> None:
    helps = {"path": "shop/cart.py", "start_line": 1, "end_line": 2, "grade": 1}
    case = Case.model_validate({**CASES[1], "places": [*CASES[1]["places"], helps]})
    beside, helping, answering = (
        Shown("", "shop/tax.py", 1, 2),
        Shown("", "shop/cart.py", 2, 9),
        Shown("", "shop/tax.py", 8, 9),
    )
    assert citation_figures(case, []) == {"right_source": False, "recall": 0.0}
    assert citation_figures(case, [beside, helping]) == {"right_source": True, "precision": 0.5, "recall": 0.0}
    assert citation_figures(case, [answering]) == {"right_source": True, "precision": 1.0, "recall": 1.0}
    absent = Case.model_validate(CASES[3])
    assert citation_figures(absent, [beside]) == {"right_source": False, "precision": 0.0}


def test_the_precision_of_what_cannot_be_answered_is_no_figure(result: Any) -> None:
    row = result("")["rows"][0]
    assert 0 < metrics_of(row)["precision"] < 1
    assert "precision" not in metrics_of({**row, "answerable": False})
