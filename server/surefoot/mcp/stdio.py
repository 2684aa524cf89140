"""One client over stdin and stdout.

Invariant: nothing but the protocol is ever written to stdout, and a line that is no message costs only itself.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO, cast

import anyio
from mcp.server.stdio import stdio_server

from surefoot.live.leaving import exit_anyway, leave_loop_on_signals, leave_on_signals
from surefoot.live.session import EngineFactory
from surefoot.live.stdio import claim_stdio
from surefoot.mcp.roots import Roots
from surefoot.mcp.server import create_server
from surefoot.mcp.text import plain_json
from surefoot.mcp.workspace import OPEN_ENGINE, Workspace


class Lines:
    """The client's messages, one a line, each made fit for a strict reader of JSON."""

    def __init__(self, reader: BinaryIO) -> None:
        self._lines = anyio.wrap_file(TextIOWrapper(reader, encoding="utf-8", errors="replace"))

    async def __aiter__(self) -> AsyncIterator[str]:
        async for line in self._lines:
            yield with_whole_characters(line)


class Replies:
    """Messages to the client, which may have stopped listening: then the server leaves, as nobody else would end it."""

    def __init__(self, writer: BinaryIO) -> None:
        self._lines = anyio.wrap_file(TextIOWrapper(writer, encoding="utf-8", newline="\n"))

    async def write(self, line: str) -> None:
        """Send a message."""
        try:
            await self._lines.write(line)
        except OSError:  # a closed pipe
            await _leave_now()

    async def flush(self) -> None:
        """See to it that it has been sent."""
        try:
            await self._lines.flush()
        except OSError:
            await _leave_now()


async def _leave_now() -> None:
    """End the event loop, also while a thread of it is blocked and waits for the client's next message."""
    asyncio.get_running_loop().call_soon(sys.exit)
    await anyio.sleep_forever()


def with_whole_characters(line: str) -> str:
    r"""The message without halves of characters: clients cut texts in the middle of one and send `\ud83d` alone.

    The SDK drops such a message without an answer, and the client would wait for it.
    """
    if "\\ud" not in line.lower():
        return line
    try:
        return json.dumps(plain_json(json.loads(line))) + "\n"
    except (ValueError, RecursionError):
        return line


def serve_stdio(given: Sequence[Path], factory: EngineFactory = OPEN_ENGINE) -> int:
    """Speak the protocol until the client leaves; returns the exit status."""
    reader, writer = claim_stdio()
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    signals = leave_on_signals()
    workspace = Workspace(factory)
    has_read_all = False
    with suppress(SystemExit, KeyboardInterrupt):
        asyncio.run(_serve(workspace, given, (reader, writer), signals))
        has_read_all = True
    status = 128 + signals[0] if signals else 0
    exit_anyway(status)
    workspace.close()
    if not has_read_all:  # the thread that reads from the client is still blocked, and would be waited for
        os._exit(status)
    return status


async def _serve(
    workspace: Workspace, given: Sequence[Path], streams: tuple[BinaryIO, BinaryIO], signals: list[int]
) -> None:
    leave_loop_on_signals(signals)
    server = create_server(workspace, Roots(workspace, given, asks_client=True))
    stdin = cast("Any", Lines(streams[0]))
    stdout = cast("Any", Replies(streams[1]))
    async with stdio_server(stdin, stdout) as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())
