"""`surefoot/statusChanged` over real stdio: who is told, when, and how often."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from lsprotocol import types

from lsp.fake_server import JOURNAL
from lsp.stdio_session import FAKE_SERVER, PATIENCE, Editor, environment, initialize, plain, started
from surefoot.domain import Progress
from surefoot.lsp.features import status_changed
from surefoot.lsp.protocol import STATUS_NOTIFICATION, StatusChanged, status_params

ANNOUNCED = types.ClientCapabilities(experimental={"surefoot": {"statusChanged": True}})
REST = {"indexing": False, "done": 0, "total": 0, "files_per_second": 0.0, "seconds_left": None, "drift": None}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "a.py").write_text("x = 1\n")
    return folder


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path / "cache", **{JOURNAL: str(tmp_path / "journal")})


def listening(editor: Editor) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    editor.client.feature(STATUS_NOTIFICATION)(lambda params: told.append(plain(params)))
    return told


async def rest(told: list[dict[str, Any]], passes: int) -> None:
    """Wait until nothing has been left to index so many times."""
    async with asyncio.timeout(PATIENCE):
        while sum(not params["indexing"] for params in told) < passes:
            await asyncio.sleep(0.01)


async def test_a_pass_is_told_from_its_beginning_to_its_end(folder, env):
    async with started(FAKE_SERVER, {**env, "SUREFOOT_TEST_REFRESH": "0.4"}) as editor:
        told = listening(editor)
        await initialize(editor, folder, capabilities=ANNOUNCED)
        await rest(told, 1)
        said = list(told)
        assert said[0] == {**REST, "indexing": True}
        drift = said[-1].pop("drift")
        assert {**said[-1], "drift": None} == REST
        assert (drift["files"], drift["drifted_files"], drift["unindexed_files"]) == (3, 0, 0)
        assert abs(time.time() - drift["measured_at"]) < PATIENCE
        said[-1]["drift"] = drift
        steps = said[1:-1]
        assert steps
        assert all(step["indexing"] and step["total"] == 3 and step["files_per_second"] == 100.0 for step in steps)
        assert [step["done"] for step in steps] == sorted(step["done"] for step in steps)
        for params in said:
            StatusChanged.model_validate(params)
        editor.save(folder / "a.py")
        await rest(told, 2)
        assert told[len(said)]["indexing"]


@pytest.mark.parametrize(
    "experimental", [None, {}, {"surefoot": {}}, {"surefoot": {"statusChanged": False}}, {"surefoot": True}, [1], "x"]
)
async def test_a_client_that_did_not_ask_is_told_nothing(folder, env, experimental):
    async with started(FAKE_SERVER, env) as editor:
        told = listening(editor)
        await initialize(editor, folder, capabilities=types.ClientCapabilities(experimental=experimental))
        await editor.indexed()
        await editor.command("surefoot.search", {"query": "x"})
        assert told == []


async def test_without_a_folder_it_comes_to_rest_too(env):
    async with started(FAKE_SERVER, env) as editor:
        told = listening(editor)
        await initialize(editor, capabilities=ANNOUNCED)
        await rest(told, 1)


async def test_it_is_told_at_most_five_times_a_second(monkeypatch):
    looks = 60  # each finds another progress

    class Session:
        looked = 0
        ready = False

        @property
        def indexing(self) -> bool:
            self.looked += 1
            return self.looked <= looks

        @property
        def progress(self) -> Progress:
            return Progress(self.looked, looks, 1.0, None)

    session, told = Session(), []

    async def sleep(_seconds: float) -> None: ...

    seconds = SimpleNamespace(monotonic=lambda: session.looked * status_changed.LOOK_SECONDS)
    monkeypatch.setattr(status_changed, "time", seconds)
    monkeypatch.setattr(status_changed, "asyncio", SimpleNamespace(sleep=sleep))
    protocol = SimpleNamespace(notify=lambda _method, params: told.append(params))
    await status_changed.Teller(SimpleNamespace(session=session, protocol=protocol, glance=None))._watch()
    assert told[0] == {**REST, "indexing": True}
    assert told[-1] == REST
    passed = looks * status_changed.LOOK_SECONDS
    assert 5 < len(told) - 2 <= 5 * passed


def test_numbers_are_rounded():
    assert status_params(Progress(3, 9, 123.456, 7.89)) == {
        "indexing": True, "done": 3, "total": 9, "files_per_second": 123.5, "seconds_left": 7.9,
        "drift": None,
    }  # fmt: skip
