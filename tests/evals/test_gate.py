"""The gate: it lets a sound version pass, and bites when a stage is broken."""

import json
from pathlib import Path

import pytest

from evals.golden import write_cases
from surefoot.cli.run import run
from surefoot.errors import UsageError
from surefoot.evals.gate import Gate, failures, load_gate

FLOORS = """
alpha = 0.05
["team.symbol"]
file_hit5 = 1.0
["team.unanswerable"]
refused = 1.0
"""


@pytest.fixture
def project(shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Somebody's repository with a golden set of its own."""
    monkeypatch.setenv("SUREFOOT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(shop)
    write_cases(shop / ".surefoot" / "cases.jsonl")
    (shop / ".surefoot" / "thresholds.toml").write_text(FLOORS)
    return shop


def test_a_team_gates_its_own_golden_set(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = project / ".surefoot" / "result.json"
    assert run(["eval", "run", "--gate", ".surefoot/thresholds.toml", "--out", str(result)]) == 0
    assert "The gate lets this pass." in capsys.readouterr().out
    assert [row["split"] for row in json.loads(result.read_text())["rows"]] == ["team"] * 4


@pytest.mark.usefixtures("project")
def test_a_broken_stage_is_held_back_with_bucket_metric_floor_and_value(capsys: pytest.CaptureFixture[str]) -> None:
    broken = [option for stage in ("lexical", "vector", "symbol") for option in ("--ablate", stage)]
    assert run(["eval", "run", "--gate", ".surefoot/thresholds.toml", *broken]) == 1
    said = capsys.readouterr().err
    assert "The gate holds this back: team.symbol file_hit5: 0.000 is below the floor of 1.000 (1 cases)." in said


@pytest.mark.usefixtures("project")
def test_a_broken_floor_is_held_back(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["eval", "run", "--gate", ".surefoot/thresholds.toml", "--ablate", "floor"]) == 1
    assert "team.unanswerable refused: 0.000 is below the floor of 1.000" in capsys.readouterr().err


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--suite", "poems"], "There is no suite 'poems'; there are retrieval, answers and all."),
        (["--ablate", "magic"], "'magic' cannot be left out; these can: "),
        (["--only", "("], "--only '(' is not a regular expression"),
        (["--only", "nothing"], "No case is left to ask"),
        (["--gate", "gone.toml"], "The thresholds in gone.toml cannot be read"),
        (["--compare", "gone.json"], "The result gone.json cannot be read"),
        (["--cases", "gone.jsonl"], "There are no cases at gone.jsonl"),
    ],
)
def test_what_cannot_be_run_is_one_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["eval", "run", *arguments]) == 2
    assert sentence in capsys.readouterr().err


def row(case_id: str, ndcg: float) -> dict[str, object]:
    return {"id": case_id, "split": "dev", "bucket": "symbol", "language": "c", "corpus": "x", "answerable": True,
            "figures": {"file_ndcg": ndcg}}  # fmt: skip


def test_a_significant_drop_is_held_back_and_noise_is_not(tmp_path: Path) -> None:
    committed = tmp_path / "committed.json"
    committed.write_text(json.dumps({"rows": [row(str(n), 1.0) for n in range(40)]}))
    gate = Gate({}, committed, 0.01)
    assert failures(gate, [row(str(n), 0.9 if n == 3 else 1.0) for n in range(40)]) == []
    (failure,) = failures(gate, [row(str(n), 0.5 if n < 20 else 1.0) for n in range(40)])
    assert failure.startswith("dev.ranked file_ndcg: 0.750 after 1.000 in the committed result, a drop that chance")


def test_a_floor_that_no_case_reaches_is_held_back() -> None:
    assert failures(Gate({"dev.flow": {"file_ndcg": 0.5}}, None, 0.01), [row("a", 1.0)]) == [
        "dev.flow file_ndcg: no case says anything of it, and the floor is 0.500."
    ]


def test_thresholds_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    path = tmp_path / "thresholds.toml"
    path.write_text("['dev.symbol']\nfile_ndcg = 'high'\n")
    with pytest.raises(UsageError, match=r"thresholds\.toml cannot be read"):
        load_gate(path)
