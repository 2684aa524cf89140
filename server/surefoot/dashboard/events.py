"""`/api/events`: how far the indexing is, and that something has changed.

Invariant: a listener hears at most five times a second, and always of the end.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

from surefoot.dashboard.contract import IndexedEvent, ProgressEvent
from surefoot.dashboard.streams import COMMENT, EventStream, event

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp

    from surefoot.dashboard.dashboard import Dashboard
    from surefoot.live.session import Session

TELL_SECONDS = 0.2
IDLE_SECONDS = 15.0  # a reader that is gone without a word is noticed after this


async def events(dashboard: Dashboard, request: Request) -> ASGIApp:
    """News for as long as the page is open."""
    await request.body()
    return EventStream(request, _news(dashboard))


async def _news(dashboard: Dashboard) -> AsyncGenerator[bytes, None]:
    told, passes = None, dashboard.passes
    news = dashboard.listen()
    try:
        while not dashboard.leaving:
            news.clear()
            if (now := _progress(dashboard.session)) != told:
                yield event("progress", now)
                told = now
            if dashboard.passes != passes:
                passes = dashboard.passes
                yield event("indexed", IndexedEvent())
            if not now.indexing and not await _within(news, IDLE_SECONDS):
                yield COMMENT
            await asyncio.sleep(TELL_SECONDS)
    finally:
        dashboard.unlisten(news)


def _progress(session: Session) -> ProgressEvent:
    at, indexing = session.progress, session.indexing
    if at is None or not indexing:
        return ProgressEvent(indexing=indexing, done=0, total=0, seconds_left=None)
    return ProgressEvent(indexing=True, done=at.done, total=at.total, seconds_left=at.seconds_left)


async def _within(news: asyncio.Event, seconds: float) -> bool:
    """Whether there are news within this time."""
    try:
        async with asyncio.timeout(seconds):
            await news.wait()
    except TimeoutError:
        return False
    return True
