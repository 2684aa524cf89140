"""A real Neovim attaches to `surefoot lsp`, hovers and searches."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from lsp.stdio_session import REAL_SERVER, environment

SCRIPT = Path(__file__).parent / "neovim_session.lua"


@pytest.fixture
def nvim() -> str:
    found = shutil.which("nvim")
    if found is None and os.environ.get("CI"):
        pytest.fail("Neovim is not installed; CI has to install the package 'neovim'.")
    if found is None:
        pytest.skip("Neovim is not installed.")
    return found


@pytest.fixture
def project(tmp_path: Path) -> Path:
    project = tmp_path / "project"
    project.mkdir()
    (project / "kettle.py").write_text(
        'def boil_water(litres):\n    """Heats water until it boils. Slowly."""\n    return litres\n'
    )
    (project / "tea.py").write_text("from kettle import boil_water\n\n# 🦶\n🍵 = boil_water(2)\n")
    return project


def test_neovim_attaches_hovers_and_searches(nvim: str, project: Path, tmp_path: Path):
    spec = {
        "command": list(REAL_SERVER),
        "root": str(project),
        "file": str(project / "tea.py"),
        "line": 4,
        "column": len("🍵 = ".encode()),  # Neovim counts bytes, and converts for the server
        "query": "boil water",
        "symbol": "boil_water",
        "report": str(tmp_path / "report.json"),
    }
    (tmp_path / "spec.json").write_text(json.dumps(spec))
    env = environment(tmp_path / "cache", SUREFOOT_SPEC=str(tmp_path / "spec.json"), HOME=str(tmp_path))
    command = [nvim, "--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", f"luafile {SCRIPT}"]
    done = subprocess.run(command, env=env, cwd=project, capture_output=True, text=True, timeout=180, check=False)
    report = json.loads(Path(spec["report"]).read_text())
    assert done.returncode == 0, (report, done.stderr)
    assert "boil_water(litres)" in report["hover"]["contents"]["value"]
    assert "Heats water until it boils." in report["hover"]["contents"]["value"]
    assert "kettle.py:1" in report["hover"]["contents"]["value"]
    assert report["search"]["hits"][0]["path"] == "kettle.py"
    assert report["symbols"][0]["name"] == "boil_water"
    assert report["stopped"]
