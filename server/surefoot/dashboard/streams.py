"""Server-sent events: a reply that goes on, and whose reader may leave at any moment.

Invariant: when the reader leaves or the server stops, whatever makes the events is asked to stop.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

from starlette.requests import Request

from surefoot.dashboard.replies import has_left, look_at

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.types import Receive, Scope, Send

    from surefoot.wire import Reply

COMMENT = b": \n\n"  # says nothing; keeps the connection, and finds out whether there is a reader


def event(name: str, reply: Reply) -> bytes:
    """One event; JSON has no line breaks of its own."""
    return f"event: {name}\ndata: {reply.to_json()}\n\n".encode()


class EventStream:
    """A reply that starlette sends: `events` one after the other, until they end or the reader leaves."""

    def __init__(self, request: Request, events: AsyncGenerator[bytes, None]) -> None:
        self._request = request
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        """Send it."""
        sending = asyncio.ensure_future(self._send(send))
        leaving = asyncio.ensure_future(has_left(self._request))
        try:
            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            leaving.cancel()
            leaving.add_done_callback(look_at)
            if not sending.done():
                sending.cancel()
                await asyncio.wait({sending})
        if not sending.cancelled():
            sending.result()

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
        async with aclosing(self._events) as events:
            async for text in events:
                await send({"type": "http.response.body", "body": text, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
