"""`surefoot check-docs`: for people, for scripts, and for CI by its exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from surefoot.cli.run import run

Told = pytest.CaptureFixture[str]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SUREFOOT_CACHE_DIR", str(tmp_path / "cache"))
    folder = tmp_path / "project"
    (folder / "src").mkdir(parents=True)
    (folder / "docs").mkdir()
    (folder / "src/cart.py").write_text("class Cart:\n    pass\n")
    (folder / "docs/guide.md").write_text("# Guide\n\nSee [it](cart.py)\x1b[31m.\n")
    (folder / "docs/fine.md").write_text("See [it](guide.md).\n")
    monkeypatch.chdir(folder)
    return folder


def test_findings_are_lines_with_places_and_exit_code_1(root: Path, capsys: Told) -> None:
    assert run(["check-docs"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "docs/guide.md:3:10: cart.py: There is no file docs/cart.py; src/cart.py has that name. Write ../src/cart.py.",
        "3 files checked, 1 findings.",
    ]


def test_what_is_mended_is_exit_code_0(root: Path, capsys: Told) -> None:
    (root / "docs/guide.md").write_text("See [it](../src/cart.py).\n")
    assert run(["check-docs"]) == 0
    assert capsys.readouterr().out == "3 files checked, 0 findings.\n"


def test_paths_choose_what_is_checked(root: Path, capsys: Told) -> None:
    assert run(["check-docs", "docs/fine.md", "src"]) == 0
    assert run(["check-docs", "docs"]) == 1
    assert run(["check-docs", "nowhere"]) == 2
    assert run(["check-docs", str(root.parent)]) == 1
    (root.parent / "other.md").write_text("x")
    assert run(["check-docs", str(root.parent / "other.md")]) == 2
    assert "None of the files that were named is indexed here" in capsys.readouterr().err


def test_json_is_one_object(root: Path, capsys: Told) -> None:
    assert run(["check-docs", "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {
        "files": 3,
        "findings": [
            {
                "root": str(root),
                "path": "docs/guide.md",
                "line": 3,
                "column": 10,
                "text": "cart.py",
                "correction": "../src/cart.py",
                "reason": "There is no file docs/cart.py; src/cart.py has that name.",
            }
        ],
    }
