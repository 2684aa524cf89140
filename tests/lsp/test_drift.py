"""The drift meter of an editor session: when it counts, and who is told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from surefoot.domain import Drift
from surefoot.errors import RootError
from surefoot.lsp.features import drift, status_changed

FRESH, OLD = 1.0, drift.OLD_SECONDS + 1


class Server:
    """As much of a server as the meter looks at."""

    def __init__(self, age: float | None) -> None:
        self.counts, self.told, self.tasks = 0, [], []
        self.latest = None if age is None else Drift(time.time() - age, 3, 0, 0, 0)
        self.timers: list[tuple[float, Callable[[], None]]] = []
        self.loop = SimpleNamespace(call_later=lambda seconds, call: self.timers.append((seconds, call)))
        self.session = SimpleNamespace(ready=True, indexing=False, spares_battery=False, engine=self.engine)
        self.is_asked = False
        self.problem: Exception | None = None

    @contextmanager
    def engine(self, _cancel: object, *, settle: float):
        assert settle == 0.0  # it never waits for an indexing
        if self.problem:
            raise self.problem
        yield SimpleNamespace(drift=self.latest, measure=self.measure)

    def measure(self) -> Drift:
        self.counts += 1
        self.latest = Drift(time.time(), 3, 1, 2, 0)
        return self.latest

    async def question(self, work: Callable[[Any], Any]) -> Any:
        await asyncio.sleep(0)
        return work(None)

    glance = question

    def spawn(self, work: Any) -> None:
        self.tasks.append(asyncio.ensure_future(work))

    async def looked(self) -> int:
        """How often it has counted after one look."""
        meter = drift.Meter(self, self.told.append)
        meter.look()
        await asyncio.gather(*self.tasks)
        return self.counts


@pytest.mark.parametrize(("age", "counts"), [(None, 1), (OLD, 1), (FRESH, 0), (-OLD, 1)])
async def test_it_counts_where_the_latest_count_is_old(age: float | None, counts: int) -> None:
    """Or of the future, where the clock was set back."""
    server = Server(age)
    assert await server.looked() == counts
    assert server.told == ([server.latest] if counts else [])


@pytest.mark.parametrize("busy", ["indexing", "asked", "opening"])
async def test_it_never_counts_while_something_is_going_on(busy: str) -> None:
    server = Server(OLD)
    server.session.indexing = busy == "indexing"
    server.session.ready = busy != "opening"
    server.is_asked = busy == "asked"
    assert await server.looked() == 0


async def test_on_battery_it_counts_where_the_user_wants_no_battery_to_be_spared_and_only_there() -> None:
    for spares, counts in ((True, 0), (False, 1)):
        server = Server(OLD)
        server.session.spares_battery = spares
        assert await server.looked() == counts


async def test_it_looks_again_whatever_it_found() -> None:
    for age in (FRESH, OLD):
        server = Server(age)
        await server.looked()
        assert [seconds for seconds, _ in server.timers] == [drift.LOOK_SECONDS]


async def test_it_goes_on_for_as_long_as_the_loop_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drift, "LOOK_SECONDS", 0.001)
    server = Server(OLD)
    server.loop = asyncio.get_running_loop()
    drift.Meter(server, server.told.append).start()
    async with asyncio.timeout(30):
        for counts in (1, 2):
            while server.counts < counts:
                await asyncio.sleep(0.001)
            server.latest = None
    assert server.told[0] is not None


async def test_two_counts_never_run_at_once() -> None:
    server = Server(OLD)
    meter = drift.Meter(server, server.told.append)
    meter.look()
    meter.look()
    await asyncio.gather(*server.tasks)
    assert server.counts == 1
    server.latest = None
    meter.look()
    await asyncio.gather(*server.tasks)
    assert server.counts == 2


async def test_a_folder_that_is_closed_meanwhile_costs_one_count_and_no_more() -> None:
    server = Server(OLD)
    server.problem = RootError("The folder is gone.")
    assert await server.looked() == 0
    server.problem = None
    assert await server.looked() == 1


async def test_a_count_is_told_to_those_who_want_it(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, Any]] = []
    protocol = SimpleNamespace(notify=lambda _method, params: told.append(params))
    for wanted in (True, False):
        monkeypatch.setattr(status_changed, "is_wanted", lambda _, wanted=wanted: wanted)
        status_changed.Teller(SimpleNamespace(protocol=protocol)).counted(Drift(5.0, 3, 1, 2, 0))
    (params,) = told
    assert params["indexing"] is False
    assert params["drift"] == {
        "measured_at": 5.0, "files": 3, "drifted_files": 1, "drifted_chunks": 2, "unindexed_files": 0,
    }  # fmt: skip
