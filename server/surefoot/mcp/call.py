"""One request in progress: it can be cancelled, and tells whoever asked how far it is.

Invariant: progress is told in order, only while the request runs, and only to clients that asked for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from mcp.server.context import ServerRequestContext

from surefoot.live.session import Session
from surefoot.mcp.text import counted
from surefoot.trace import CancelToken

Context = ServerRequestContext[Any, Any]

LOOK_SECONDS = 0.5  # how often the progress of indexing is told


class Call:
    """What a request shares with its work on another thread."""

    def __init__(self, context: Context) -> None:
        self.cancel = CancelToken()
        self._session = context.session
        self._is_wanted = bool(context.meta and context.meta.get("progress_token") is not None)
        self._loop = asyncio.get_running_loop()
        self._told: asyncio.Queue[str | None] = asyncio.Queue()

    def tell(self, sentence: str) -> None:
        """Report progress; from any thread."""
        if self._is_wanted and not self.cancel.cancelled and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._told.put_nowait, sentence)

    @asynccontextmanager
    async def reporting(self, session: Session) -> AsyncIterator[None]:
        """While this is open, what is told reaches the client; at its end, everything has."""
        if not self._is_wanted:
            yield
            return
        sending, watching = asyncio.create_task(self._send()), asyncio.create_task(self._watch(session))
        try:
            yield
            watching.cancel()
            self._told.put_nowait(None)
            await sending
        finally:
            watching.cancel()
            sending.cancel()

    async def _send(self) -> None:
        number = 0
        while (sentence := await self._told.get()) is not None:
            number += 1
            await self._session.report_progress(number, None, sentence)

    async def _watch(self, session: Session) -> None:
        """Tell how far indexing is, which a question may be waiting for."""
        before = None
        while True:
            progress = session.progress
            if progress is not None and progress != before:
                total = f" of {counted(progress.total, 'file')}" if progress.total else ""
                self.tell(f"Indexing: {progress.done:,}{total}.")
                before = progress
            await asyncio.sleep(LOOK_SECONDS)
