"""Prints the counts of the fault-injection suite, and keeps its slow machines from being called failures."""

from __future__ import annotations

import pytest

from faults import tally


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "faults" in item.path.parts and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(1800 if tally.FULL else 300))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not tally.faults and not tally.operations:
        return
    violations = [report for report in terminalreporter.stats.get("failed", []) if "tests/faults/" in report.nodeid]
    terminalreporter.section("faults")
    for name, counted in (("fault", tally.faults), ("operation", tally.operations)):
        for kind, number in sorted(counted.items()):
            terminalreporter.write_line(f"{number:8,}  {name}: {kind}")
    terminalreporter.write_line(
        f"faults injected: {sum(tally.faults.values()):,}, operations: {sum(tally.operations.values()):,}, "
        f"violations: {len(violations)}"
    )
