"""Running a golden set: the whole way from a question to its row."""

from pathlib import Path

import pytest

from conftest import write_tree
from evals.golden import CASES
from surefoot.config import Settings
from surefoot.errors import UsageError
from surefoot.evals.metrics import Shown
from surefoot.evals.recheck import name_problems, place_problem
from surefoot.evals.result import to_result
from surefoot.evals.run import Row, Run, run
from surefoot.golden import Case
from surefoot.results import metrics_of


def rows_of(
    folders: dict[str, Path], settings: Settings, cases: list[dict[str, object]], **options: object
) -> list[Row]:
    return run(Run([Case.model_validate(case) for case in cases], folders, settings, **options))  # type: ignore[arg-type]


def test_right_places_are_found_and_what_is_absent_is_refused(shop: Path, settings: Settings) -> None:
    rows = rows_of({"": shop}, settings, CASES)
    assert [row["id"] for row in rows] == [case["id"] for case in CASES]
    assert [row["lost_in"] for row in rows] == ["", "", "", ""]
    assert [row["figures"]["file_hit5"] for row in rows[:3]] == [1.0, 1.0, 1.0]
    assert rows[3]["no_match"]
    assert rows[3]["answer"]["abstained"]
    assert all(row["bad"] == row["answer"]["bad"] == [] for row in rows)


def test_claims_that_are_supported_in_part_are_counted_of_a_model_alone(shop: Path, settings: Settings) -> None:
    (kept,) = to_result(rows_of({"": shop}, settings, CASES[:1]), {})["rows"]
    assert (kept["answer"]["mode"], kept["answer"]["partly"]) == ("extractive", 0)
    assert "whole_claims" not in metrics_of(kept)
    written = {**kept["answer"], "mode": "llm", "claims": 4, "partly": 1}
    assert metrics_of({**kept, "answer": written})["whole_claims"] == 0.75
    assert "whole_claims" not in metrics_of({**kept, "answer": {**written, "claims": 0, "partly": 0}})


@pytest.mark.parametrize(
    ("ablated", "lost_in"),
    [({"lexical", "vector", "symbol"}, "never retrieved"), ({"floor"}, "")],
)
def test_a_loss_is_laid_to_its_stage(shop: Path, settings: Settings, ablated: set[str], lost_in: str) -> None:
    (row,) = rows_of({"": shop}, settings, CASES[1:2], ablated=frozenset(ablated))
    assert row["lost_in"] == lost_in


def test_without_a_floor_nothing_is_refused(shop: Path, settings: Settings) -> None:
    (row,) = rows_of({"": shop}, settings, CASES[3:], ablated=frozenset({"floor"}))
    assert (row["no_match"], row["lost_in"]) == (False, "not refused")


def test_drift_is_asked_of_an_edited_copy(shop: Path, settings: Settings) -> None:
    before = {path: path.read_text() for path in shop.rglob("*.py")}
    moved = {
        **CASES[1],
        "bucket": "drift",
        "edits": [
            {"action": "rename", "path": "shop/tax.py", "to": "shop/levies.py"},
            {"action": "replace", "path": "shop/levies.py", "old": '"""Value', "text": '# one\n# two\n"""Value'},
            {"action": "delete", "path": "shop/session.py"},
            {"action": "write", "path": "shop/rate.py", "text": "def unrelated_rate(): pass\n"},
        ],
        "places": [{"path": "shop/levies.py", "start_line": 8, "end_line": 10}],
    }
    (row,) = rows_of({"": shop}, settings, [moved])
    assert row["figures"]["span_hit1"] == 1.0
    assert row["bad"] == []
    assert not [hit for hit in row["hits"] if hit["path"] in ("shop/tax.py", "shop/session.py")]
    assert {path: path.read_text() for path in shop.rglob("*.py")} == before


@pytest.mark.parametrize(
    "edit",
    [
        {"action": "replace", "path": "shop/tax.py", "old": "nowhere", "text": ""},
        {"action": "delete", "path": "gone.py"},
    ],
)
def test_an_edit_that_does_not_fit_is_told(shop: Path, settings: Settings, edit: dict[str, str]) -> None:
    with pytest.raises(UsageError, match=r"times, not once|cannot be made"):
        rows_of({"": shop}, settings, [{**CASES[1], "bucket": "drift", "edits": [edit]}])


def test_processes_that_share_the_projects_find_the_same(shop: Path, settings: Settings, tmp_path: Path) -> None:
    write_tree(tmp_path / "mill", {"wheel.py": 'def turn():\n    """Turn the water wheel."""\n'})
    wheel = {"places": [{"path": "wheel.py", "start_line": 1, "end_line": 2}], "question": "where is the wheel turned"}
    cases = [{**case, "corpus": "shop"} for case in CASES]
    cases.insert(1, {**wheel, "id": "mill-con1", "bucket": "conceptual", "corpus": "mill"})
    folders, seen = {"shop": shop, "mill": tmp_path / "mill"}, list[str]()
    shared = rows_of(folders, settings, cases, jobs=2, advance=seen.append)
    alone = rows_of(folders, settings, cases)
    assert [row["id"] for row in shared] == [case["id"] for case in cases]
    assert sorted(seen) == sorted(case["id"] for case in cases)
    same = ("figures", "hits", "no_match", "lost_in")
    assert [[row.get(name) for name in same] for row in shared] == [[row.get(name) for name in same] for row in alone]
    assert [row["answer"]["claims"] for row in shared] == [row["answer"]["claims"] for row in alone]


def test_the_product_is_right_where_only_its_code_is_shown(shop: Path, settings: Settings, tmp_path: Path) -> None:
    write_tree(tmp_path / "mill", {"wheel.py": 'def turn():\n    """Turn the water wheel."""\n'})
    case = {
        "id": "twin",
        "bucket": "wrong_product",
        "corpus": "mill+shop-root",
        "question": "where is the water wheel turned",
        "places": [{"root": "mill", "path": "wheel.py", "start_line": 1, "end_line": 2}],
    }
    (row,) = rows_of({"mill": tmp_path / "mill", "shop-root": shop}, settings, [case])
    assert row["hits"][0]["root"] == "mill"
    assert isinstance(row["right_product"], bool)


def test_the_recheck_sees_what_is_not_there(shop: Path) -> None:
    roots = {"shop": shop}
    good = Shown("shop", "shop/tax.py", 6, 8)
    assert place_problem(roots, good, "rate_for") == ""
    assert "no such file" in place_problem(roots, Shown("shop", "shop/vat.py", 1, 1), "")
    assert "no such file" in place_problem(roots, Shown("shop", "../outside.py", 1, 1), "")
    assert "the file has" in place_problem(roots, Shown("shop", "shop/tax.py", 6, 800), "")
    assert "does not stand" in place_problem(roots, good, "Tax.rate_of")
    assert name_problems(roots, "`rate_for` returns RATES.", [(good, "rate_for")]) == []
    assert name_problems(roots, "`rate_of` is cached by get_cache.", [(good, "")]) == [
        "names rate_of, which no cited file contains",
        "names rate_of, which no cited file contains",
        "names get_cache, which no cited file contains",
    ]
