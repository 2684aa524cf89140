"""How many processes parse, at which priority, and when a battery is used up."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from conftest import child_environment
from surefoot.config import Settings
from surefoot.index import manners


@pytest.mark.parametrize(
    ("cores", "settings", "processes"),
    [
        (1, {}, 1),
        (2, {}, 2),
        (4, {}, 4),
        (64, {}, 8),
        (4, {"index_share": 0.5}, 2),
        (4, {"index_share": 0.1}, 1),
        (16, {"index_share": 0.25}, 4),
        (4, {"index_workers": 6, "index_share": 0.1}, 6),
    ],
)
def test_how_many_processes_parse(monkeypatch, cores: int, settings: dict[str, Any], processes: int) -> None:
    monkeypatch.setattr(manners, "_cores", lambda: cores)
    assert manners.parser_processes(Settings(**settings)) == processes


def said_by_another_process(code: str) -> str:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=child_environment()).stdout


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="only there can a process be kept off some cores")
def test_cores_that_a_container_does_not_give_are_not_counted() -> None:
    code = "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}); from surefoot.index import manners"
    code += "; from surefoot.config import Settings; print(manners.parser_processes(Settings()))"
    assert said_by_another_process(code) == "1\n"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a thread has no priority of its own")
def test_a_thread_that_lowers_its_priority_leaves_the_others_alone() -> None:
    seen = []

    def lowered() -> None:
        manners.lower_thread_priority()
        manners.lower_thread_priority()
        seen.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    thread = threading.Thread(target=lowered)
    thread.start()
    thread.join()
    assert seen == [max(before, manners.NICENESS)]
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before


def test_a_process_of_a_lowered_thread_is_not_lowered_twice() -> None:
    code = "import os; from surefoot.index import manners; manners.lower_process_priority()"
    code += "; manners.lower_process_priority(); print(os.getpriority(os.PRIO_PROCESS, 0))"
    assert int(said_by_another_process(code)) == max(os.getpriority(os.PRIO_PROCESS, 0), manners.NICENESS)


@pytest.mark.parametrize(("plugged", "expected"), [(True, False), (False, True), (None, False)])
def test_on_battery_is_what_the_system_says(monkeypatch, plugged: bool | None, expected: bool) -> None:
    monkeypatch.setattr(psutil, "sensors_battery", lambda: SimpleNamespace(power_plugged=plugged), raising=False)
    assert manners.on_battery() is expected


def test_without_a_battery_or_with_one_that_cannot_be_read_there_is_power(monkeypatch) -> None:
    monkeypatch.setattr(psutil, "sensors_battery", lambda: None, raising=False)
    assert not manners.on_battery()

    def broken() -> None:
        raise ValueError("invalid literal for int()")

    monkeypatch.setattr(psutil, "sensors_battery", broken, raising=False)
    assert not manners.on_battery()
    monkeypatch.delattr(psutil, "sensors_battery")
    assert not manners.on_battery()
