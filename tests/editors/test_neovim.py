"""A real Neovim with the configuration of docs/editors.md: asks, searches, hovers, saves an edit, stops a question."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from editors.documented import code_block
from editors.editor_session import run

SCRIPT = Path(__file__).parent / "neovim_session.lua"
ADDED = ["", "", "def whistle_loudly(seconds):", '    """Whistles when the steam escapes."""']
QUESTION = "what heats water until it boils?"


@pytest.fixture
def command(nvim: str, tmp_path: Path) -> list[str]:
    (tmp_path / "init.lua").write_text(code_block("Neovim", "lua"))
    return [nvim, "--headless", "-u", str(tmp_path / "init.lua"), "-i", "NONE", "-n", "-c", f"luafile {SCRIPT}"]


def texts(listed: list[dict[str, Any]]) -> str:
    return "\n".join(item["text"] for item in listed)


def test_a_day_in_neovim(command: list[str], project: Path, env: dict[str, str]):
    day = run(
        command, project, env,
        scenario="day",
        line=4,
        column=len("🍵 = ".encode()),  # Neovim counts bytes, and converts for the server
        query="boil water",
        symbol="boil_water",
        question=QUESTION,
        edited=str(project / "kettle.py"),
        added=ADDED,
        question_about_edit="what does whistle_loudly do?",
    )  # fmt: skip
    boiling = {"file": str(project / "kettle.py"), "line": 1, "text": "def boil_water(litres):"}

    for hover in (day["hover"]["reply"]["contents"]["value"], day["hover"]["window"]):
        assert "boil_water(litres)" in hover
        assert "Heats water until it boils." in hover
        assert "kettle.py:1" in hover
    assert day["symbols"][0]["name"] == "boil_water"
    assert day["search"][0] == day["searched"] == boiling

    events = [entry["event"] for entry in day["ask"]["log"]]
    assert events == ["evidence", *["claim"] * (len(events) - 2), "response"]
    assert {entry["token"] for entry in day["ask"]["log"] if "token" in entry} == {"a token of the test"}
    assert day["ask"]["log"][0]["hits"] >= 1
    claims = [entry["claim"] for entry in day["ask"]["log"] if entry["event"] == "claim"]
    assert claims == day["ask"]["reply"]["claims"] != []

    assert "Heats water until it boils." in texts(day["answer"])
    assert "boil_water valid" in texts(day["answer"])
    assert "looking at" not in texts(day["answer"])
    assert day["jump"] == boiling
    assert day["explained"]["title"] == "Surefoot: Explain `boil_water`"
    assert "boil_water valid" in texts(day["explained"]["answer"])

    assert "Whistles when the steam escapes." in texts(day["edit"]["answer"])
    line = (project / "kettle.py").read_text().split("\n").index(ADDED[2]) + 1
    assert day["edit"]["jump"] == {**boiling, "line": line, "text": ADDED[2]}


def test_neovim_stops_a_running_question(command: list[str], project: Path, env_with_model: dict[str, str]):
    """The model is at work when it is stopped, nothing of the answer comes later, and the next question is answered."""
    seen = run(command, project, env_with_model, scenario="stop", question=QUESTION)
    assert "looking at boil_water" in texts(seen["evidence"])
    assert seen["stopped"][-1]["text"] == "Stopped."
    (trace,) = seen["traces"]["traces"]
    assert (trace["kind"], trace["question"]) == ("ask", QUESTION)
    assert "Cancel" in trace["outcome"]
    assert seen["late"] == 0
    assert seen["after"]["mode"] == "extractive"
    assert "boil_water" in seen["after"]["citations"][0]["symbol"]
