"""Runs a real editor with the code of docs/editors.md and a script that works in it as a person would.

Invariant: the editor, its server and the server's model have all ended when `run` returns.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

PATIENCE = 240.0  # seconds; it only ends a session that would hang
LEAVING = 30.0


def run(command: Sequence[str], project: Path, env: Mapping[str, str], **spec: Any) -> dict[str, Any]:
    """Start `command` in `project`; its script reads `spec` from $SUREFOOT_SPEC and writes what it saw."""
    told, seen = project.parent / "spec.json", project.parent / "report.json"
    told.write_text(json.dumps({"report": str(seen), "file": str(project / "tea.py"), **spec}))
    done = subprocess.run(
        command, cwd=project, env={**env, "SUREFOOT_SPEC": str(told)}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    report = json.loads(seen.read_text()) if seen.exists() else {}
    assert done.returncode == 0, (report, done.stdout, done.stderr)
    assert not left_behind(env["SUREFOOT_CACHE_DIR"])
    return report


def left_behind(cache: str) -> list[str]:
    """The processes that still work for this test after a while in which they could leave."""
    end = time.monotonic() + LEAVING
    while (running := _of_this_test(cache)) and time.monotonic() < end:
        time.sleep(0.05)
    return running


def _of_this_test(cache: str) -> list[str]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("SUREFOOT_CACHE_DIR") == cache:
                found.append(" ".join(process.cmdline()))
        except psutil.Error:  # not ours to look at, or just gone
            continue
    return found
