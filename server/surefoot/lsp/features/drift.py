"""The drift meter of an editor session: counts again when nothing was counted for a while and nothing is going on.

Invariant: no count starts while something waits to be indexed or a question is answered, nor on battery where that is
to be spared, and two never run at once.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from surefoot.domain import Drift
from surefoot.errors import SurefootError

if TYPE_CHECKING:
    from surefoot.engine import Engine
    from surefoot.lsp.server import SurefootServer
    from surefoot.trace import CancelToken

LOOK_SECONDS = 15.0  # how often it is looked whether to count
OLD_SECONDS = 60.0  # a count walks every folder, which takes a second for the largest

OnCounted = Callable[[Drift | None], None]
OnThread = Callable[[Callable[["CancelToken"], Drift | None]], Awaitable[Drift | None]]


class Meter:
    """Looks now and then, as long as the event loop runs."""

    def __init__(self, server: SurefootServer, counted: OnCounted) -> None:
        self._server, self._counted = server, counted
        self._is_counting = False

    def start(self) -> None:
        """Begin to look. Called on the event loop, whose timers end with it."""
        if self._server.loop is not None:
            self._server.loop.call_later(LOOK_SECONDS, self.look)

    def look(self) -> None:
        """Count if it is time, and look again later."""
        self.start()
        if not self._is_counting and self._is_idle():
            self._is_counting = True
            self._server.spawn(self._count())

    def _is_idle(self) -> bool:
        session = self._server.session
        is_quiet = session.ready and not session.indexing and not self._server.is_asked
        return is_quiet and not session.spares_battery  # which asks the system, so it comes last

    async def _count(self) -> None:
        try:
            before = await latest(self._server)
            if is_old(before, time.time()):
                self._counted(await _of_engine(self._server, self._server.question, lambda engine: engine.measure()))
        finally:
            self._is_counting = False


def is_old(drift: Drift | None, now: float) -> bool:
    """Whether it is time for another count, also where the clock was set back since the last one."""
    return drift is None or abs(now - drift.measured_at) >= OLD_SECONDS


async def latest(server: SurefootServer) -> Drift | None:
    """The latest count; None where there is none, or no engine."""
    return await _of_engine(server, server.glance, lambda engine: engine.drift)


async def _of_engine(
    server: SurefootServer, on_thread: OnThread, work: Callable[[Engine], Drift | None]
) -> Drift | None:
    def look(cancel: CancelToken) -> Drift | None:
        with server.session.engine(cancel, settle=0.0) as engine:
            return work(engine)

    if not server.session.ready:
        return None
    try:
        return await on_thread(look)
    except SurefootError:  # the folder was closed, or its index is being rebuilt: another look comes
        return None
