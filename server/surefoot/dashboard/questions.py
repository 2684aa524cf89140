"""`/api/search` and `/api/ask`: what the search box asks.

Invariant: an answer arrives in the order evidence, claims, answer, each piece once.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncGenerator, Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from surefoot import wire
from surefoot.dashboard.contract import ErrorReply
from surefoot.dashboard.replies import arguments, look_at
from surefoot.dashboard.streams import EventStream, event
from surefoot.errors import SurefootError
from surefoot.live.faults import report_fault
from surefoot.live.session import FIRST_PASS_SECONDS, SETTLE_SECONDS
from surefoot.trace import CancelToken

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp

    from surefoot.dashboard.dashboard import Dashboard
    from surefoot.domain import AnswerEvent, Query
    from surefoot.engine import Engine

Queue = asyncio.Queue[bytes | None]  # None is the end


async def search(dashboard: Dashboard, request: Request) -> ASGIApp:
    """Hits. What is searched for with every key does not wait for files that were saved this moment."""
    asked = await arguments(request, wire.SearchArguments)

    def run(engine: Engine, cancel: CancelToken) -> wire.Reply:
        roots = _folders(asked)
        return wire.search_reply(engine.search(_query(asked), cancel=cancel, roots=roots, traced=asked.trace))

    settle = SETTLE_SECONDS if asked.trace else 0.0
    return await dashboard.reply(request, run, pool=dashboard.searches, settle=settle)


async def ask(dashboard: Dashboard, request: Request) -> ASGIApp:
    """An answer, piece by piece."""
    asked = await arguments(request, wire.AskArguments)
    asked.to_query()  # a scope that is none is told before anything is streamed
    return EventStream(request, _answering(dashboard, asked))


async def _answering(dashboard: Dashboard, asked: wire.AskArguments) -> AsyncGenerator[bytes, None]:
    pieces: Queue = asyncio.Queue()
    cancel = CancelToken()
    put = partial(dashboard.post, pieces.put_nowait)
    dashboard.tracked(cancel)
    running = asyncio.wrap_future(dashboard.questions.submit(lambda: _answer(dashboard, asked, cancel, put)))
    running.add_done_callback(look_at)
    running.add_done_callback(lambda _: put(None))
    try:
        while (piece := await pieces.get()) is not None:
            yield piece
    finally:
        cancel.cancel()
        dashboard.untracked(cancel)
        running.cancel()


def _answer(dashboard: Dashboard, asked: wire.AskArguments, cancel: CancelToken, put: Callable[[bytes], None]) -> None:
    """On a thread of its own: hand out each piece, and at the end the whole or what went wrong."""

    def send(piece: AnswerEvent) -> None:
        reply = wire.event_reply(piece)
        put(event(reply.event, reply))

    try:
        with dashboard.session.engine(cancel, first_pass=FIRST_PASS_SECONDS) as engine:
            roots, model = _folders(asked), asked.model
            answer = engine.ask(_query(asked), model=model, on_event=send, cancel=cancel, roots=roots)
        put(event("answer", wire.ask_reply(answer)))
    except SurefootError as error:
        put(event("error", ErrorReply(error=str(error))))
    except Exception as error:  # noqa: BLE001 - the reply has begun, so that the fault is told as its last piece
        put(event("error", ErrorReply(error=report_fault("/api/ask", error))))


def _query(asked: wire.SearchArguments | wire.AskArguments) -> Query:
    opened = None if asked.open is None else Path(asked.open)
    return dataclasses.replace(asked.to_query(), open_file=opened)


def _folders(asked: wire.ScopedArguments) -> tuple[Path, ...]:
    return tuple(Path(name) for name in asked.roots)
