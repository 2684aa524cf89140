"""The golden set as a file."""

import json
from pathlib import Path

import pytest

from evals.golden import CASES, write_cases
from surefoot.domain import Query
from surefoot.errors import TraceNotFoundError, UsageError
from surefoot.evals.corpora import load_corpora
from surefoot.golden import TEAM_FILE, Case, append_case, load_cases, report


def test_files_and_folders_are_read_in_order(tmp_path: Path) -> None:
    write_cases(tmp_path / "b.jsonl", CASES[2:])
    write_cases(tmp_path / "a.jsonl", CASES[:2])
    assert [case.id for case in load_cases([tmp_path])] == [case["id"] for case in CASES]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"bucket": "riddle"}, "bucket: Input should be 'symbol'"),
        ({"answerable": False}, "an answerable case needs a place of grade 2, and an unanswerable one has none"),
        ({"bucket": "half"}, "a half case names its absent half, and no other case does"),
        ({"absent": "the cart is full"}, "a half case names its absent half, and no other case does"),
        ({"bucket": "half", "absent": "a van"}, "the absent half is a part of the question, letter by letter"),
        ({"bucket": "half", "absent": CASES[0]["question"]}, "the absent half is a part of the question"),
        ({"colour": "red"}, "colour: Extra inputs are not permitted"),
        ({"places": [{"path": "a.py", "start_line": 4, "end_line": 3}]}, "end_line comes before start_line"),
    ],
)
def test_a_bad_line_is_named_with_its_number(tmp_path: Path, changes: dict[str, object], complaint: str) -> None:
    path = write_cases(tmp_path / "cases.jsonl", [CASES[1], {**CASES[0], **changes}])
    with pytest.raises(UsageError) as raised:
        load_cases([path])
    assert str(raised.value).startswith(f"{path}:2: ")
    assert complaint in str(raised.value)


def test_an_id_stands_for_one_case(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the id 'shop-sym1' is used twice"):
        load_cases([write_cases(tmp_path / "cases.jsonl", [CASES[0], CASES[0]])])


def test_missing_cases_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"There are no cases at .*gone\.jsonl"):
        load_cases([tmp_path / "gone.jsonl"])


def test_a_case_can_be_added_after_a_line_without_an_end(tmp_path: Path) -> None:
    path = tmp_path / "team" / "cases.jsonl"
    first, second = (Case.model_validate(case) for case in CASES[:2])
    append_case(path, first)
    path.write_text(path.read_text().rstrip("\n"))
    append_case(path, second)
    assert load_cases([path]) == (first, second)
    assert "answerable" not in json.loads(path.read_text().splitlines()[0])


def test_the_repositorys_own_cases_are_sound() -> None:
    """Every case names corpora that exist, and dev and test are apart by corpus."""
    folder = Path(__file__).parents[1] / "evals"
    corpora = load_corpora(folder / "corpora.toml")
    cases = load_cases([folder / "cases"])
    assert {name for case in cases for name in case.roots} <= corpora.keys()
    assert all(len({corpora[name].split for name in case.roots}) == 1 for case in cases)
    assert {corpus.split for corpus in corpora.values()} == {"dev", "test"}
    assert len({corpus.language for corpus in corpora.values()}) >= 8


def test_a_reported_answer_becomes_a_case_of_the_root_that_has_it(engine, shop: Path) -> None:
    trace_id = engine.search(Query("where are parcels sent")).trace_id
    case, file = report(engine, trace_id, [(shop / "docs" / "shipping.md", 5, 5)], "freight")
    assert file == shop / TEAM_FILE
    assert load_cases([file]) == (case,)
    assert (case.places[0].path, case.places[0].root, case.note) == ("docs/shipping.md", "", "freight")
    with pytest.raises(UsageError, match="already has the case"):
        report(engine, trace_id, [], "")


def test_a_report_that_does_not_fit_is_one_sentence_and_writes_nothing(engine, shop: Path) -> None:
    trace_id = engine.search(Query("where are parcels sent")).trace_id
    for places, complaint in (
        ([(shop / "a.py", 4, 3)], "ends before it begins"),
        ([(shop.parent, 1, 1)], "lies in no"),
    ):
        with pytest.raises(UsageError, match=complaint):
            report(engine, trace_id, places, "")
    with pytest.raises(TraceNotFoundError):
        report(engine, "nothing", [], "")
    assert not (shop / TEAM_FILE).exists()


@pytest.mark.parametrize("name", [TEAM_FILE.parent, TEAM_FILE])
def test_a_report_does_not_follow_links_that_a_repository_brings_along(engine, shop: Path, name: Path) -> None:
    outside = shop.parent / "outside"
    outside.mkdir()
    (outside / TEAM_FILE.name).write_text("")
    target = outside if name == TEAM_FILE.parent else outside / TEAM_FILE.name
    (shop / name).parent.mkdir(exist_ok=True)
    (shop / name).symlink_to(target)
    trace_id = engine.search(Query("where are parcels sent")).trace_id
    with pytest.raises(UsageError, match="lies behind a symbolic link"):
        report(engine, trace_id, [], "")
    assert (outside / TEAM_FILE.name).read_text() == ""
