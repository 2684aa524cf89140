"""Prints the counts of the fault-injection suite, and keeps its slow machines from being called failures."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from faults import tally

HERE = Path(__file__).parent
FAULTS_JSON = "FAULTS_JSON"  # a variable with the path that the tally is written to, if the suite ran in full
PART = "tests/faults/"

collected: set[str] = set()  # node ids
left_out: list[str] = []  # what makes it less than the whole suite


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "faults" in item.path.parts and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(1800 if tally.FULL else 300))


def pytest_deselected(items: list[pytest.Item]) -> None:
    left_out.extend(item.nodeid for item in items if PART in item.nodeid)


def pytest_collection_finish(session: pytest.Session) -> None:
    collected.update(item.nodeid for item in session.items if PART in item.nodeid)
    left_out.extend(argument for argument in session.config.args if "::" in argument)
    left_out.extend(path.name for path in {*HERE.glob("test_*.py")} - {item.path for item in session.items})


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not tally.faults and not tally.operations:
        return
    outcomes = ("passed", "skipped", "failed", "error")
    reported = {outcome: _reported(terminalreporter, outcome) for outcome in outcomes}
    wrong = reported["failed"] | reported["error"]
    terminalreporter.section("faults")
    for name, counted in (("fault", tally.faults), ("operation", tally.operations)):
        for kind, number in sorted(counted.items()):
            terminalreporter.write_line(f"{number:8,}  {name}: {kind}")
    terminalreporter.write_line(
        f"faults injected: {tally.faults.total():,}, of which {tally.kills():,} are kills, "
        f"operations: {tally.operations.total():,}, violations: {len(wrong)}"
    )
    if FAULTS_JSON in os.environ:
        is_whole = tally.FULL and not left_out and set().union(*reported.values()) == collected
        counts = {"tests": len(collected), "skipped": len(reported["skipped"]), "violations": len(wrong)}
        _write({"full": is_whole, **counts, "kills": tally.kills()})


def _reported(terminalreporter: pytest.TerminalReporter, outcome: str) -> set[str]:
    reports = terminalreporter.stats.get(outcome, ())
    return {report.nodeid for report in reports if PART in report.nodeid}


def _write(facts: dict[str, Any]) -> None:
    counted = {"faults": dict(sorted(tally.faults.items())), "operations": dict(sorted(tally.operations.items()))}
    Path(os.environ[FAULTS_JSON]).write_text(json.dumps({**facts, **counted}), encoding="utf-8")
