"""A real Emacs with the configuration of docs/editors.md: asks, searches, hovers, saves an edit, stops a question."""

from __future__ import annotations

from pathlib import Path

import pytest

from editors.documented import code_block
from editors.editor_session import run

SCRIPT = Path(__file__).parent / "emacs_session.el"
ADDED = '\n\ndef whistle_loudly(seconds):\n    """Whistles when the steam escapes."""\n'
QUESTION = "what heats water until it boils?"


@pytest.fixture
def command(emacs: list[str], tmp_path: Path) -> list[str]:
    (tmp_path / "surefoot.el").write_text(code_block("Emacs", "elisp"))
    return [*emacs, "-l", str(tmp_path / "surefoot.el"), "-l", str(SCRIPT)]


def test_a_day_in_emacs(command: list[str], project: Path, env: dict[str, str]):
    day = run(
        command, project, env,
        scenario="day",
        hovered="boil_water(2)",
        query="boil water",
        symbol="boil_water",
        question=QUESTION,
        edited=str(project / "kettle.py"),
        added=ADDED,
        question_about_edit="what does whistle_loudly do?",
    )  # fmt: skip
    boiling = {"file": str(project / "kettle.py"), "line": 1, "text": "def boil_water(litres):"}

    for hover in (day["hover"]["reply"]["contents"]["value"], day["hover"]["shown"]):
        assert "boil_water(litres)" in hover
        assert "Heats water until it boils." in hover
        assert "kettle.py:1" in hover
    assert day["symbols"][0]["name"] == "boil_water"
    assert "kettle.py:1-3 boil_water" in day["search"]
    assert day["found"] == boiling

    events = [entry["event"] for entry in day["ask"]["log"]]
    assert events == ["evidence", *["claim"] * (len(events) - 2), "response"]
    assert {entry["token"] for entry in day["ask"]["log"] if "token" in entry} == {"a token of the test"}
    assert day["ask"]["log"][0]["hits"] >= 1
    claims = [entry["claim"] for entry in day["ask"]["log"] if entry["event"] == "claim"]
    assert claims == day["ask"]["reply"]["claims"] != []

    assert day["answer"].index("Looking at") < day["answer"].index("Heats water until it boils.")
    assert "kettle.py:1-3 boil_water valid" in day["answer"]
    assert day["click"] == boiling
    assert day["explained"].startswith("Explained\n")
    assert "kettle.py:1-3 boil_water valid" in day["explained"]

    assert "Whistles when the steam escapes." in day["edit"]["answer"]
    added = ADDED.split("\n")[2]
    line = (project / "kettle.py").read_text().split("\n").index(added) + 1
    assert day["edit"]["click"] == {**boiling, "line": line, "text": added}
    assert not day["running"]


def test_emacs_stops_a_running_question(command: list[str], project: Path, env_with_model: dict[str, str]):
    """The model is at work when it is stopped, nothing of the answer comes later, and the next question is answered."""
    seen = run(command, project, env_with_model, scenario="stop", question=QUESTION)
    assert "kettle.py:1-3 boil_water" in seen["evidence"]
    assert seen["stopped"].endswith("Stopped.\n")
    (trace,) = seen["traces"]["traces"]
    assert (trace["kind"], trace["question"]) == ("ask", QUESTION)
    assert "Cancel" in trace["outcome"]
    assert seen["late"] == 0
    assert seen["after"]["mode"] == "extractive"
    assert "boil_water" in seen["after"]["citations"][0]["symbol"]
    assert not seen["running"]
