"""What all endpoints share: the session, the threads that questions run on, and how listeners hear of news.

Invariant: the event loop never waits for the engine; whatever may take time runs on a worker thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from surefoot.dashboard.replies import has_left, json_reply, look_at
from surefoot.errors import Cancelled
from surefoot.live.session import SETTLE_SECONDS, EngineFactory, Observer, Session, engines_for
from surefoot.trace import CancelToken

if TYPE_CHECKING:
    from surefoot.engine import Engine
    from surefoot.wire import Reply

T = TypeVar("T")

OPEN_ENGINE = engines_for("dashboard")
# An answer may take a minute, and the search box must not wait for it, nor a look at a file for the search box. An
# answer that waits for the model holds a thread, and the evidence of a newer one must be there at once.
QUESTION_THREADS = 32
SEARCH_THREADS = 4
GLANCE_THREADS = 2
NOTICES_KEPT = 20


class Dashboard:
    """One open workspace with a page in front of it."""

    def __init__(self, roots: Sequence[Path], factory: EngineFactory = OPEN_ENGINE) -> None:
        self.roots = tuple(roots)
        self.notices: list[str] = []
        self.passes = 0  # how often something in the index has changed
        self.leaving = False
        self.questions = ThreadPoolExecutor(QUESTION_THREADS, thread_name_prefix="surefoot-question")
        self.searches = ThreadPoolExecutor(SEARCH_THREADS, thread_name_prefix="surefoot-search")
        self.glances = ThreadPoolExecutor(GLANCE_THREADS, thread_name_prefix="surefoot-glance")
        self._chosen: dict[str, Any] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listeners: set[asyncio.Event] = set()
        self._cancels: set[CancelToken] = set()
        observer = Observer(
            message=self._tell, started=lambda _run: self._wake(), busy=self._wake, indexed=self._has_indexed
        )
        self.session = Session(factory, observer, watches_files=True)

    def start(self) -> None:
        """Open the index in the background, and keep it as the files on disk are. Called on the event loop."""
        self._loop = asyncio.get_running_loop()
        self.session.configure(self.roots, self._chosen)

    def choose(self, settings: Mapping[str, Any]) -> None:
        """Go on with these settings instead of the user's own, until the server is stopped."""
        self._chosen = {**self._chosen, **settings}
        self.session.configure(self.roots, self._chosen)

    # --- for endpoints -----------------------------------------------------------------------------------------

    async def reply(
        self,
        request: Request,
        run: Callable[[Engine, CancelToken], Reply],
        *,
        pool: ThreadPoolExecutor | None = None,
        settle: float = SETTLE_SECONDS,
        first_pass: float = 0.0,
    ) -> Response:
        """What `run` says, as JSON; see `Session.engine` for what is waited for. Glances have no pool of their own."""

        def work(cancel: CancelToken) -> str:
            with self.session.engine(cancel, settle=settle, first_pass=first_pass) as engine:
                return run(engine, cancel).to_json()

        return json_reply(await self.on_thread(request, pool or self.glances, work))

    async def on_thread(self, request: Request, pool: ThreadPoolExecutor, work: Callable[[CancelToken], T]) -> T:
        """Run `work` on a thread; when the connection is closed, it is asked to stop and nobody waits for it."""
        await request.body()
        cancel = CancelToken()
        return await self.while_connected(request, pool.submit(work, cancel), cancel)

    async def while_connected(self, request: Request, future: Future[T], cancel: CancelToken) -> T:
        """The result of work that looks at `cancel`."""
        running = asyncio.wrap_future(future)
        leaving = asyncio.ensure_future(has_left(request))
        both: set[asyncio.Future[Any]] = {running, leaving}
        self._cancels.add(cancel)
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                return running.result()
            raise Cancelled("The connection was closed.")
        finally:
            self._cancels.discard(cancel)
            leaving.cancel()
            leaving.add_done_callback(look_at)
            if not running.done():
                running.add_done_callback(look_at)
                cancel.cancel()
                future.cancel()  # in case that it has not begun

    def tracked(self, cancel: CancelToken) -> None:
        """Have `cancel` set when the server stops."""
        self._cancels.add(cancel)

    def untracked(self, cancel: CancelToken) -> None:
        """Its work has ended."""
        self._cancels.discard(cancel)

    def listen(self) -> asyncio.Event:
        """An event that is set whenever there may be news."""
        event = asyncio.Event()
        self._listeners.add(event)
        return event

    def unlisten(self, event: asyncio.Event) -> None:
        """Its reader has gone."""
        self._listeners.discard(event)

    def post(self, call: Callable[..., object], *values: object) -> None:
        """Call something on the event loop, from any thread and in order."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call, *values)

    # --- the end -----------------------------------------------------------------------------------------------

    def leave(self) -> None:
        """Stop all questions and end all streams. Called on the event loop."""
        self.leaving = True
        for cancel in tuple(self._cancels):
            cancel.cancel()
        self._wake_here()

    def close(self) -> None:
        """Stop watching and indexing, and close the engine."""
        for pool in (self.questions, self.searches, self.glances):
            pool.shutdown(wait=False, cancel_futures=True)
        self.session.close()

    # --- what the session tells, on any thread -----------------------------------------------------------------

    def _tell(self, sentence: str) -> None:
        if sentence not in self.notices:
            self.notices = [*self.notices, sentence][-NOTICES_KEPT:]
        self._wake()

    def _has_indexed(self) -> None:
        self.passes += 1
        self._wake()

    def _wake(self) -> None:
        self.post(self._wake_here)

    def _wake_here(self) -> None:
        for event in self._listeners:
            event.set()
