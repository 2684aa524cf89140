"""The open folders of one server: their session, and the threads that questions run on.

Invariant: the event loop never waits for the engine, and cancelling a request stops its work.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any, TypeVar

from surefoot.errors import UsageError
from surefoot.live.session import NO_FOLDER, EngineFactory, Observer, Session, engines_for
from surefoot.mcp.asking import Asking
from surefoot.mcp.call import Call
from surefoot.trace import CancelToken

T = TypeVar("T")
logger = logging.getLogger(__name__)

OPEN_ENGINE = engines_for("mcp")
THREADS = 32  # an answer that waits for the model holds one; what is quick must not queue behind it
# An assistant writes a file and asks about it at once. The system tells of a change within some milliseconds, the
# watcher gathers what comes together; a question that waits this long comes after it.
HEARD_SECONDS = 0.15
LEAVE_SECONDS = 1.0  # what questions that are told to stop have to do so, so that their traces say it


class Workspace:
    """What every client of this server asks about."""

    def __init__(self, factory: EngineFactory = OPEN_ENGINE) -> None:
        observer = Observer(logger.warning, lambda _: None, lambda: None, lambda: None)
        self.session = Session(factory, observer, watches_files=True)
        self.folders: tuple[Path, ...] | None = None  # None: not known yet
        self._problem = ""
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="surefoot-question")
        self._running: dict[CancelToken, Future[Any]] = {}

    def open(self, folders: Sequence[Path], problem: str = "") -> None:
        """Look at these folders from now on; where there are none, `problem` says why."""
        if self.folders == tuple(folders):
            return
        self.folders = tuple(folders)
        self._problem = "" if folders else problem or NO_FOLDER
        self.session.configure(self.folders, {})

    async def ask(self, call: Call, work: Callable[[Asking], T], *, settle: float, first_pass: float) -> T:
        """Run `work` with the engine on a thread of its own; see `Session.engine` for what is waited for."""

        def on_thread() -> T:
            if self._problem:
                raise UsageError(self._problem)
            with self.session.engine(call.cancel, settle=settle, first_pass=first_pass) as engine:
                return work(Asking(engine, call.cancel, call.tell, lambda: self.session.indexing))

        if settle:
            await asyncio.sleep(HEARD_SECONDS)
        async with call.reporting(self.session):
            return await self._cancellable(self._pool.submit(on_thread), call.cancel)

    async def _cancellable(self, future: Future[T], cancel: CancelToken) -> T:
        running = asyncio.wrap_future(future)
        self._running[cancel] = future
        future.add_done_callback(lambda _: self._running.pop(cancel, None))
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            cancel.cancel()
            future.cancel()  # in case that it has not begun
            running.add_done_callback(_look_at)
            raise

    def close(self) -> None:
        """Stop all work and close the engine."""
        for cancel in tuple(self._running):
            cancel.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)
        wait(tuple(self._running.values()), LEAVE_SECONDS)
        self.session.close()


def _look_at(future: asyncio.Future[Any]) -> None:
    # Nobody waits for this result any more, and asyncio complains of exceptions that nobody looked at.
    if not future.cancelled():
        future.exception()
