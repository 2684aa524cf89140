"""Shows a pass over the workspace as work-done progress, where the client can.

Invariant: a client that answers late, with an error or never does not hold up the indexing.
"""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcException

if TYPE_CHECKING:
    from surefoot.domain import Progress
    from surefoot.live.session import Run
    from surefoot.lsp.server import SurefootServer

# Often enough to look alive, and a negligible amount of messages.
REPORT_SECONDS = 0.2
TITLE = "Indexing"


async def show(server: SurefootServer, run: Run) -> None:
    """Mirror `run` until it ends; cancelling it in the editor cancels the run."""
    window = server.client_capabilities.window
    if run.future is None or not (window and window.work_done_progress):
        return
    token = f"surefoot-{uuid.uuid4().hex}"
    progress = server.work_done_progress
    try:
        await progress.create_async(token)
    except JsonRpcException:
        return
    progress.begin(token, types.WorkDoneProgressBegin(title=TITLE, cancellable=True, percentage=0))
    done = asyncio.ensure_future(asyncio.wait({asyncio.wrap_future(run.future)}))
    shown = None
    while not (await asyncio.wait({done}, timeout=REPORT_SECONDS))[0]:
        if progress.tokens[token].cancelled():
            run.cancel.cancel()
        if (latest := run.latest) is not None and latest is not shown:
            progress.report(token, report(latest))
            shown = latest
    progress.end(token, types.WorkDoneProgressEnd(message=None))
    progress.tokens.pop(token, None)


def report(progress: Progress) -> types.WorkDoneProgressReport:
    """One step, in words and per cent."""
    if not progress.total:
        return types.WorkDoneProgressReport(message="looking for files", percentage=0, cancellable=True)
    parts = [f"{progress.done:,} of {progress.total:,} files", f"{progress.files_per_second:,.0f} files/s"]
    if progress.seconds_left is not None:
        parts.append(f"{progress.seconds_left:.0f} s left")
    percentage = min(100, 100 * progress.done // progress.total)
    return types.WorkDoneProgressReport(message=", ".join(parts), percentage=percentage, cancellable=True)
