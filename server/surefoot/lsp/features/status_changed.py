"""`surefoot/statusChanged`: whether anything is left to index, how far that is, and how far the index is behind.

Invariant: only clients that announced `experimental.surefoot.statusChanged` are told; the last word is "all done".
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from surefoot.domain import Drift, Progress
from surefoot.lsp.features import drift
from surefoot.lsp.protocol import STATUS_NOTIFICATION, status_params

if TYPE_CHECKING:
    from surefoot.lsp.server import SurefootServer

TELL_SECONDS = 0.2  # at most five times a second
LOOK_SECONDS = 0.05  # how soon the end is noticed
STARTING = Progress(0, 0, 0.0, None)


class Teller:
    """Watches the session from the first thing that waits to be indexed until nothing is left."""

    def __init__(self, server: SurefootServer) -> None:
        self._server = server
        self._is_watching = False
        self._drift: Drift | None = None  # as last counted

    def look(self) -> None:
        """Something waits to be indexed. Called on the event loop."""
        if not self._is_watching and is_wanted(self._server):
            self._is_watching = True
            self._server.spawn(self._watch())

    async def _watch(self) -> None:
        session, told, told_at = self._server.session, STARTING, time.monotonic()
        self._tell(STARTING)
        while session.indexing or not await self._fetched():
            await asyncio.sleep(LOOK_SECONDS)
            latest = session.progress
            if latest is not None and latest is not told and time.monotonic() - told_at >= TELL_SECONDS:
                self._tell(latest)
                told, told_at = latest, time.monotonic()
        self._is_watching = False
        self._tell(None)

    async def _fetched(self) -> bool:
        """Take the count that the pass has made; false where something else waits to be indexed by then."""
        self._drift = await drift.latest(self._server)
        return not self._server.session.indexing

    def counted(self, found: Drift | None) -> None:
        """The index was compared with the disk. Called on the event loop."""
        self._drift = found
        if not self._is_watching and is_wanted(self._server):
            self._tell(None)

    def _tell(self, progress: Progress | None) -> None:
        self._server.protocol.notify(STATUS_NOTIFICATION, status_params(progress, self._drift))


def is_wanted(server: SurefootServer) -> bool:
    """Whether the client has said that it understands the notification."""
    return _member(_member(server.client_capabilities.experimental, "surefoot"), "statusChanged") is True


def _member(value: Any, name: str) -> Any:
    """A member of what pygls has no type for: it hands that out as dictionaries or as objects."""
    return value.get(name) if isinstance(value, dict) else getattr(value, name, None)
