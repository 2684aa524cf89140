"""What is made of results: figures over runs, misses with their questions, the gate; and of files that are none."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from surefoot.dashboard.quality import NO_RESULTS, found_below
from surefoot.evals.gate import load_gate
from surefoot.evals.result import write_result
from surefoot.evals.summary import figures
from surefoot.results import read_result

PROJECT = Path(__file__).parents[2]


def row(number: int, **changes: object) -> dict[str, object]:
    """One row as an evaluation writes it."""
    plain = {
        "id": f"case-{number}", "corpus": "demo", "split": "dev", "language": "python", "bucket": "symbol",
        "answerable": True, "figures": {"file_hit5": 1.0}, "no_match": False, "ms": 3.0, "lost_in": "",
        "trace_id": f"t{number}", "hits": ["a.py:1-2"],
    }  # fmt: skip
    return {**plain, **changes}


LOST = row(2, lost_in="rerank", figures={"file_hit5": 0.0})


def keep(root: Path, name: str, rows: list[dict[str, object]], folder: str = ".surefoot", **facts: object) -> Path:
    path = root / folder / "results" / f"{name}.json"
    write_result(path, {"commit": name, "date": "2026-01-01", **facts, "rows": rows})
    return path


def test_a_project_without_results_says_how_to_get_some(tmp_path):
    found = found_below([tmp_path])
    assert (found.runs, found.misses, found.gate, found.notice) == ([], [], None, NO_RESULTS)


def test_runs_come_oldest_first_with_their_means(tmp_path):
    keep(tmp_path, "later", [row(1), LOST], date="2026-02-01")
    keep(tmp_path, "earlier", [row(1)], folder="evals")
    found = found_below([tmp_path])
    assert [run.name for run in found.runs] == ["earlier", "later"]
    later = found.runs[-1]
    assert later.figures["dev"]["file_hit5"] == 0.5
    assert later.buckets["dev.symbol"]["file_hit5"] == 0.5
    assert later.lost == {"dev.symbol": {"rerank": 1}}
    assert found.notice == ""


def test_a_miss_has_its_question_and_its_trace(tmp_path):
    keep(tmp_path, "one", [row(1), LOST])
    case = {
        "id": "case-2",
        "bucket": "symbol",
        "question": "Where?",
        "places": [{"path": "a", "start_line": 1, "end_line": 1}],
    }
    (tmp_path / ".surefoot" / "cases.jsonl").write_text(json.dumps(case))
    [miss] = found_below([tmp_path]).misses
    assert (miss.id, miss.question, miss.lost_in, miss.trace_id, miss.hits) == (
        "case-2",
        "Where?",
        "rerank",
        "t2",
        ["a.py:1-2"],
    )


def test_the_gate_is_held_against_the_latest_run(tmp_path):
    keep(tmp_path, "one", [row(1), LOST])
    gate = '[dev]\nfile_hit5 = 0.5\n["dev.symbol"]\nfile_hit5 = 0.9\n["dev.flow"]\nfound = 0.1\n'
    (tmp_path / ".surefoot" / "thresholds.toml").write_text(f"alpha = 0.01\n{gate}")
    found = found_below([tmp_path]).gate
    assert found is not None
    assert [(floor.group, floor.value, floor.passes) for floor in found.floors] == [
        ("dev", 0.5, True), ("dev.symbol", 0.5, False), ("dev.flow", None, False),
    ]  # fmt: skip
    assert not found.passes


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "null", '{"rows": 3}', '{"rows": [3]}', '{"rows": [{}]}', '{"rows": [{"split": "dev"}]}',
        '{"rows": [{"id": 1, "split": [], "answerable": 1}]}', "[" * 100_000, "\x00\x01", '{"rows": {"a": 1}}',
        json.dumps({"rows": [row(1, figures=3)]}), json.dumps({"rows": [row(1, figures={"x": "y"})]}),
        json.dumps({"rows": [row(1, answer=[1])]}), json.dumps({"rows": [row(1, figures={"x": 10**400})]}),
    ],
)  # fmt: skip
def test_an_odd_file_costs_a_word_and_nothing_else(tmp_path, text):
    keep(tmp_path, "fine", [row(1)])
    (tmp_path / ".surefoot" / "results" / "odd.json").write_text(text)
    found = found_below([tmp_path])
    assert [run.name for run in found.runs] == ["fine"]
    assert found.notice == "odd.json cannot be read as a result and is left out."


def test_what_is_no_file_is_left_out(tmp_path):
    keep(tmp_path, "fine", [row(1)])
    folder = tmp_path / ".surefoot" / "results"
    (folder / "folder.json").mkdir()
    (folder / "gone.json").symlink_to(tmp_path / "nowhere")
    os.mkfifo(folder / "pipe.json")
    assert [run.name for run in found_below([tmp_path]).runs] == ["fine"]


@pytest.mark.parametrize("text", ["not toml", "dev = 3\nalpha = 'x'", "[dev]\nfound = 'high'", "\xff"])
def test_odd_thresholds_are_no_gate(tmp_path, text):
    keep(tmp_path, "fine", [row(1)])
    (tmp_path / ".surefoot" / "thresholds.toml").write_text(text, encoding="latin-1")
    gate = found_below([tmp_path]).gate
    assert gate is None or gate.floors == []


def test_our_own_results_are_read_as_the_evaluations_read_them():
    found = found_below([PROJECT])
    latest = found.runs[-1]
    rows = read_result(PROJECT / "evals" / "results" / f"{latest.name}.json")["rows"]
    known = figures(rows)
    assert latest.figures["dev"]["file_hit5"] == pytest.approx(known["dev"]["file_hit5"].mean, abs=1e-4)
    assert len(found.misses) == sum(bool(each.get("lost_in")) for each in rows)
    assert all(miss.question for miss in found.misses)
    assert found.gate is not None
    wanted = load_gate(PROJECT / "evals" / "thresholds.toml").floors
    assert len(found.gate.floors) == sum(map(len, wanted.values()))
