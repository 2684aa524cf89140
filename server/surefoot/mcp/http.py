"""Streamable HTTP on this machine, for clients that share one server.

Invariant: no request reaches the protocol without the token, a Host of our own and an Origin of our own or none.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from surefoot.live.leaving import exit_anyway
from surefoot.live.loopback import LOOPBACK, open_socket, token_of
from surefoot.live.session import EngineFactory
from surefoot.mcp.roots import Roots
from surefoot.mcp.server import create_server
from surefoot.mcp.workspace import OPEN_ENGINE, Workspace

PATH = "/mcp"
TOKEN = "SUREFOOT_MCP_TOKEN"  # noqa: S105 - the name of the variable
CLOSE_SECONDS = 2


class Guard:
    """Turns away whoever has not the token, and pages of other sites that a browser has open."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app, self._token = app, token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through what may pass."""
        if scope["type"] != "http" or (refusal := self._refusal(Headers(scope=scope))) is None:
            await self._app(scope, receive, send)
        else:
            await refusal(scope, receive, send)

    def _refusal(self, headers: Headers) -> PlainTextResponse | None:
        if headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
            return PlainTextResponse("Pages of other sites may not ask Surefoot.\n", 403)
        kind, _, token = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and hmac.compare_digest(token.strip().encode(), self._token):
            return None
        sentence = "The token that Surefoot printed when it started has to come along: Authorization: Bearer TOKEN.\n"
        return PlainTextResponse(sentence, 401, headers={"WWW-Authenticate": "Bearer"})


def serve_http(given: Sequence[Path], port: int, factory: EngineFactory = OPEN_ENGINE) -> int:
    """Serve until interrupted; returns the exit status."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    token, is_given = token_of(TOKEN)
    listening = open_socket(port)
    port = listening.getsockname()[1]
    _say(f"Surefoot serves MCP at http://{LOOPBACK}:{port}{PATH}")
    _say(f"The token is that of {TOKEN}." if is_given else f"Authorization: Bearer {token}")
    workspace = Workspace(factory)
    try:
        asyncio.run(_serve(listening, create_app(workspace, given, port, token)))
    finally:
        exit_anyway(0)
        workspace.close()
        listening.close()
    return 0


class _Server(uvicorn.Server):
    """uvicorn's server. On its own it would end by the signal that it got, and what is open would not be closed."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - uvicorn's signature
        """The first signal ends everything in order, a second one at once."""
        if self.should_exit:
            os._exit(128 + sig)
        self.should_exit = True


async def _serve(listening: socket.socket, app: ASGIApp) -> None:
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=CLOSE_SECONDS,
    )
    await _Server(config).serve(sockets=[listening])


def create_app(workspace: Workspace, given: Sequence[Path], port: int, token: str) -> ASGIApp:
    """The application, guarded."""
    roots = Roots(workspace, given, asks_client=False)
    own = [f"{host}:{port}" for host in (LOOPBACK, "localhost")]
    security = TransportSecuritySettings(allowed_hosts=own, allowed_origins=[f"http://{host}" for host in own])
    app = create_server(workspace, roots).streamable_http_app(streamable_http_path=PATH, transport_security=security)
    app.router.lifespan_context = _opening(roots, app.router.lifespan_context)
    return Guard(app, token)


def _opening(roots: Roots, inner: Any) -> Any:
    """Open the folders when the server starts, as no client has a say in them."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[Any]:
        async with inner(app) as state:
            roots.open_fixed()
            yield state

    return lifespan


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
