"""The server: the dashboard behind a socket, and the end when the user wants it.

Invariant: the first Ctrl-C ends everything in order, and no thread that is stuck keeps the process alive.
"""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

import uvicorn

from surefoot.dashboard.app import create_app
from surefoot.dashboard.dashboard import OPEN_ENGINE, Dashboard
from surefoot.dashboard.guard import Access
from surefoot.live.leaving import exit_anyway
from surefoot.live.session import EngineFactory

# Streams end at once when they are told to; what does not is left to itself.
LEAVE_SECONDS = 3


def serve(
    roots: Sequence[Path],
    listening: socket.socket,
    access: Access,
    ready: Callable[[], None],
    factory: EngineFactory = OPEN_ENGINE,
) -> None:
    """Serve until Ctrl-C or SIGTERM; `ready` is called as soon as the page can be opened."""
    dashboard = Dashboard(roots, factory)
    config = uvicorn.Config(
        create_app(dashboard, access),
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=LEAVE_SECONDS,
    )
    try:
        _Server(config, dashboard, ready).run([listening])
    finally:
        signal.signal(signal.SIGINT, lambda number, _frame: os._exit(128 + number))
        exit_anyway(0)
        dashboard.close()


class _Server(uvicorn.Server):
    """uvicorn's server, which starts and stops the dashboard with itself."""

    def __init__(self, config: uvicorn.Config, dashboard: Dashboard, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._dashboard = dashboard
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept connections, then open the index."""
        await super().startup(sockets)
        self._dashboard.start()
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what would go on for ever, then wait for the rest."""
        self._dashboard.leave()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - uvicorn's signature
        """The first Ctrl-C ends everything in order, a second one at once."""
        if self.should_exit:
            os._exit(128 + sig)
        self.should_exit = True
