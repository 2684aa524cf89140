"""`/api/status`, `/api/coverage`, `/api/reindex` and the models: what there is, and the two things that can be changed.

Invariant: whatever is counted is counted now, against the disk.
"""

from __future__ import annotations

import asyncio
import dataclasses
import time
from importlib.metadata import version
from operator import attrgetter
from typing import TYPE_CHECKING

from surefoot import wire
from surefoot.config import load_settings
from surefoot.dashboard import contract
from surefoot.dashboard.replies import arguments, json_reply, word
from surefoot.domain import FileState
from surefoot.errors import UsageError
from surefoot.live.session import OPEN_SECONDS, OPENING
from surefoot.models.catalog import CATALOG
from surefoot.models.open import bytes_here, model_path, open_generator
from surefoot.trace import CancelToken

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp

    from surefoot.config import Settings
    from surefoot.dashboard.dashboard import Dashboard
    from surefoot.domain import RootCoverage
    from surefoot.engine import Engine

LOOK_SECONDS = 0.02
MOST_FILES = 20_000  # of one root; the page draws one box for each


async def status(dashboard: Dashboard, request: Request) -> ASGIApp:
    """The state of the workspace."""
    details = word(request, "details") not in ("", "0", "false")

    def run(engine: Engine, _cancel: CancelToken) -> wire.Reply:
        found = engine.status(details=details)
        session = dashboard.session
        indexing = found.indexing or session.indexing
        now = dataclasses.replace(found, indexing=indexing, waits_for_power=session.is_paused)
        reply = wire.status_reply(now)
        return contract.DashboardStatus(
            **{name: getattr(reply, name) for name in type(reply).model_fields},
            version=version("surefoot"),
            editor_link=engine.settings.editor_link,
            notices=dashboard.notices,
        )

    return await dashboard.reply(request, run, settle=0.0)


async def reindex(dashboard: Dashboard, request: Request) -> ASGIApp:
    """Look at everything again. It goes on when the page is closed meanwhile: half a pass would be no use to anyone."""
    await arguments(request, contract.EmptyArguments)
    report = await asyncio.shield(asyncio.wrap_future(dashboard.session.reindex(None, CancelToken())))
    return json_reply(wire.index_reply(report).to_json())


async def coverage(dashboard: Dashboard, request: Request) -> ASGIApp:
    """Every file on disk and in the index, and how the two stand to each other."""

    def run(engine: Engine, _cancel: CancelToken) -> wire.Reply:
        return contract.CoverageReply(roots=[_covered(root) for root in engine.coverage()])

    return await dashboard.reply(request, run, settle=0.0)


def _covered(root: RootCoverage) -> contract.CoveredRoot:
    """One root; where there are too many files, those that are as they should be are left out first."""
    wrong = [file for file in root.files if file.state is not FileState.INDEXED][:MOST_FILES]
    fine = [file for file in root.files if file.state is FileState.INDEXED][: MOST_FILES - len(wrong)]
    files = [
        contract.CoveredFile(
            path=file.path, bytes=file.size, language=file.language, state=file.state, reason=file.reason
        )
        for file in sorted([*wrong, *fine], key=attrgetter("path"))
    ]
    return contract.CoveredRoot(root=str(root.root.path), files=files, more=len(root.files) - len(files))


async def models(dashboard: Dashboard, request: Request) -> ASGIApp:
    """The catalogue, and which of it is on this machine."""

    def look(_cancel: CancelToken) -> str:
        settings = _settings(dashboard)
        rows = [
            wire.model_row(entry, model_path(entry, settings), bytes_here(entry, settings), is_default=number == 0)
            for number, entry in enumerate(CATALOG)
        ]
        return wire.ModelsReply(models=rows).to_json()

    return json_reply(await dashboard.on_thread(request, dashboard.glances, look))


async def choose_model(dashboard: Dashboard, request: Request) -> ASGIApp:
    """Answer with another model from now on; what is being answered is answered as it was begun."""
    name = (await arguments(request, contract.ModelArguments)).name.strip()

    def choose(cancel: CancelToken) -> str:
        generator = open_generator(_settings(dashboard), model=name)  # what cannot be used is told now
        if generator is not None:
            generator.close()
        dashboard.choose({"model": name})
        _wait_until_chosen(dashboard, name, cancel)
        return contract.ModelChosen(name=name).to_json()

    return json_reply(await dashboard.on_thread(request, dashboard.questions, choose))


def _wait_until_chosen(dashboard: Dashboard, name: str, cancel: CancelToken) -> None:
    end = time.monotonic() + OPEN_SECONDS
    while (settings := dashboard.session.settings) is None or settings.model != name:
        cancel.raise_if_cancelled()
        if time.monotonic() > end:
            raise UsageError(OPENING)
        time.sleep(LOOK_SECONDS)


def _settings(dashboard: Dashboard) -> Settings:
    return dashboard.session.settings or load_settings(roots=dashboard.roots)[0]
