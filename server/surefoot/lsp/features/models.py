"""`surefoot.models` and `surefoot.pullModel`: what models there are, and fetching one while the editor shows how far.

Invariant: neither needs an open folder; a download stops with its request, and goes on there when it is asked again.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from surefoot import wire
from surefoot.config import Settings, load_settings
from surefoot.models import pull as download
from surefoot.models.catalog import CATALOG, CatalogEntry, find_entry
from surefoot.models.open import bytes_here, model_path
from surefoot.models.report import Report
from surefoot.trace import CancelToken

if TYPE_CHECKING:
    from pygls.progress import Progress

    from surefoot.lsp.server import SurefootServer

REPORT_SECONDS = 0.2  # often enough to look alive, and a negligible amount of messages
MEBIBYTE = 1024 * 1024


async def list_models(server: SurefootServer, _arguments: wire.ModelsArguments) -> dict[str, Any]:
    """The catalogue, and which of it is on this machine."""

    def look(_cancel: CancelToken) -> dict[str, Any]:
        settings = _settings(server)
        rows = [
            wire.model_row(entry, model_path(entry, settings), bytes_here(entry, settings), is_default=number == 0)
            for number, entry in enumerate(CATALOG)
        ]
        return wire.ModelsReply(models=rows).to_object()

    return await server.glance(look)


async def pull_model(
    server: SurefootServer, arguments: wire.PullArguments, token: types.ProgressToken | None
) -> dict[str, Any]:
    """Download one model; progress goes to the request's own token."""
    settings, entry = _settings(server), find_entry(arguments.name)
    seen, cancel = _Seen(), CancelToken()

    def work() -> Path:
        cancel.raise_if_cancelled()  # it may have waited for another download
        return download.pull(entry.name, settings, download.PullOptions(report=Report(seen.note, cancel)))

    pulling = asyncio.ensure_future(server.download(work, cancel))
    try:
        if token is not None:
            await _show(_Shown(server.work_done_progress, token), entry, seen, pulling, cancel)
        path = await pulling
    except asyncio.CancelledError:
        pulling.cancel()
        await asyncio.wait({pulling})  # answered when the work has stopped
        raise
    return wire.PullReply(name=entry.name, path=str(path)).to_object()


class _Seen:
    """How far a download is; written by its thread, read by the event loop."""

    def __init__(self) -> None:
        self.done = self.total = 0

    def note(self, done: int, total: int) -> None:
        """Remember how far it is."""
        self.done, self.total = done, total


@dataclass(frozen=True, slots=True)
class _Shown:
    """Where the editor shows it."""

    progress: Progress
    token: types.ProgressToken


async def _show(
    shown: _Shown, entry: CatalogEntry, seen: _Seen, pulling: asyncio.Future[Path], cancel: CancelToken
) -> None:
    """Mirror the download until it ends; cancelling the progress cancels it."""
    progress, token, told = shown.progress, shown.token, -1
    title = f"Downloading {entry.title}"
    progress.begin(token, types.WorkDoneProgressBegin(title=title, cancellable=True, percentage=0))
    try:
        while not (await asyncio.wait({pulling}, timeout=REPORT_SECONDS))[0]:
            if progress.tokens[token].cancelled():
                cancel.cancel()
            if seen.done != told:
                told = seen.done
                progress.report(token, report(told, seen.total or entry.size_bytes))
    finally:
        progress.end(token, types.WorkDoneProgressEnd(message=None))
        progress.tokens.pop(token, None)


def report(done: int, total: int) -> types.WorkDoneProgressReport:
    """One step, in words and per cent."""
    message = f"{done // MEBIBYTE:,} of {total // MEBIBYTE:,} MiB"
    percentage = min(100, 100 * done // total) if total else 0
    return types.WorkDoneProgressReport(message=message, percentage=percentage, cancellable=True)


def _settings(server: SurefootServer) -> Settings:
    state = server.workspace_state
    return load_settings(state.settings, roots=tuple(state.folders))[0]
