"""A real Vim with ALE and the configuration of docs/editors.md: asks, searches, hovers, saves an edit."""

from __future__ import annotations

from pathlib import Path

import pytest

from editors.documented import code_block
from editors.editor_session import run

SCRIPT = Path(__file__).parent / "vim_session.vim"
ADDED = ["", "", "def whistle_loudly(seconds):", '    """Whistles when the steam escapes."""']


@pytest.fixture
def command(vim: list[str], tmp_path: Path) -> list[str]:
    (tmp_path / "vimrc").write_text(code_block("Vim", "vim"))
    return [*vim, "-u", str(tmp_path / "vimrc"), "-S", str(SCRIPT)]


def texts(filled: dict[str, list[dict[str, str]]]) -> str:
    return "\n".join(item["text"] for item in filled["listed"])


def test_a_day_in_vim(command: list[str], project: Path, env: dict[str, str]):
    day = run(
        command, project, env,
        line=4,
        column=len("🍵 = b".encode()),  # Vim counts bytes from 1
        query="boil water",
        symbol="boil_water",
        question="what heats water until it boils?",
        edited=str(project / "kettle.py"),
        added=ADDED,
        question_about_edit="what does whistle_loudly do?",
    )  # fmt: skip
    boiling = {"file": str(project / "kettle.py"), "line": 1, "text": "def boil_water(litres):"}

    assert "boil_water(litres)" in day["hover"]
    assert "Heats water until it boils." in day["hover"]
    assert "kettle.py:1" in day["hover"]
    assert "kettle.py:1:" in day["symbols"]
    assert day["search"]["listed"][0] == day["search"]["place"] == boiling

    assert "Heats water until it boils." in texts(day["ask"])
    assert "boil_water valid" in texts(day["ask"])
    assert day["ask"]["place"] == boiling

    assert "Whistles when the steam escapes." in texts(day["edit"])
    line = (project / "kettle.py").read_text().split("\n").index(ADDED[2]) + 1
    assert day["edit"]["place"] == {**boiling, "line": line, "text": ADDED[2]}
