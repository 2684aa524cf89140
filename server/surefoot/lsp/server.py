"""The server: every feature registered in one place, and the means that all features share.

Invariant: the event loop never waits for the engine; whatever may take time runs on a worker thread.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from importlib import metadata
from typing import TYPE_CHECKING, Any, TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcRequestCancelled
from pygls.lsp.server import LanguageServer
from pygls.protocol import default_converter

from surefoot.live.faults import report_fault
from surefoot.live.leaving import exit_anyway, leave_on_signals
from surefoot.live.session import SETTLE_SECONDS, EngineFactory, Observer, Session, engines_for
from surefoot.live.stdio import claim_stdio
from surefoot.lsp import faults, progress
from surefoot.lsp.features import (
    code_action,
    code_lens,
    commands,
    document_drift,
    documents,
    drift,
    files,
    hover,
    lifecycle,
    status_changed,
    symbols,
)
from surefoot.lsp.protocol import SERVER_NAME, Command
from surefoot.trace import CancelToken

if TYPE_CHECKING:
    from surefoot.engine import Engine
    from surefoot.wire import Reply

T = TypeVar("T")

# Questions may take seconds; hovers must not queue behind them, so that each kind has its threads. One that waits for
# the model holds a thread, and the evidence of a newer one must be there at once, so there are more than ever wait.
QUESTION_THREADS = 32
GLANCE_THREADS = 2
CHECK_THREADS = 1  # documents are checked one after the other
DOWNLOAD_THREADS = 1  # models are a gigabyte and more: one after the other
# A cancelled request is answered when its work has stopped, so that the reply means something; work that does not
# look up for this long is left to itself.
CANCEL_SECONDS = 1.0

OPEN_ENGINE = engines_for("editor")

REQUESTS: Mapping[str, faults.Request] = {
    types.INITIALIZE: lifecycle.initialize,
    types.SHUTDOWN: lifecycle.shutdown,
    types.TEXT_DOCUMENT_HOVER: hover.hover,
    types.WORKSPACE_SYMBOL: symbols.workspace_symbol,
    types.TEXT_DOCUMENT_CODE_ACTION: code_action.code_action,
    types.TEXT_DOCUMENT_CODE_LENS: code_lens.code_lens,
    types.WORKSPACE_EXECUTE_COMMAND: commands.execute_command,
}
NOTIFICATIONS: Mapping[str, faults.Notification] = {
    types.INITIALIZED: lifecycle.initialized,
    types.WORKSPACE_DID_CHANGE_CONFIGURATION: lifecycle.did_change_configuration,
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: lifecycle.did_change_workspace_folders,
    types.TEXT_DOCUMENT_DID_OPEN: documents.did_open,
    types.TEXT_DOCUMENT_DID_CHANGE: documents.did_change,
    types.TEXT_DOCUMENT_DID_SAVE: documents.did_save,
    types.TEXT_DOCUMENT_DID_CLOSE: documents.did_close,
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES: files.did_change_watched_files,
    types.WORKSPACE_DID_CREATE_FILES: files.did_create_files,
    types.WORKSPACE_DID_RENAME_FILES: files.did_rename_files,
    types.WORKSPACE_DID_DELETE_FILES: files.did_delete_files,
}
OPTIONS: Mapping[str, Any] = {
    types.WORKSPACE_DID_CREATE_FILES: files.EVERY_FILE,
    types.WORKSPACE_DID_RENAME_FILES: files.EVERY_FILE,
    types.WORKSPACE_DID_DELETE_FILES: files.EVERY_FILE,
}


class SurefootServer(LanguageServer):
    """pygls' server with the session of one editor and the threads that questions run on."""

    protocol: faults.Protocol

    def __init__(self, engine_factory: EngineFactory = OPEN_ENGINE) -> None:
        super().__init__(
            SERVER_NAME,
            metadata.version("surefoot"),
            protocol_cls=faults.Protocol,
            converter_factory=default_converter,
        )
        self.engine_factory = engine_factory
        self.workspace_state = lifecycle.WorkspaceState()
        self.loop: asyncio.AbstractEventLoop | None = None
        self._session: Session | None = None
        self._questions = ThreadPoolExecutor(QUESTION_THREADS, thread_name_prefix="surefoot-question")
        self._glances = ThreadPoolExecutor(GLANCE_THREADS, thread_name_prefix="surefoot-glance")
        self._downloads = ThreadPoolExecutor(DOWNLOAD_THREADS, thread_name_prefix="surefoot-download")
        self._cancels: set[CancelToken] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._checks = ThreadPoolExecutor(CHECK_THREADS, thread_name_prefix="surefoot-check")
        self.checker = document_drift.Checker(self)
        self.shows_lenses = False

    @property
    def started(self) -> bool:
        """Whether `initialize` has come."""
        return self._session is not None

    @property
    def session(self) -> Session:
        """The engine and what belongs to it; there from `initialize` on."""
        if self._session is None:
            raise RuntimeError("There is no session before initialize.")
        return self._session

    def start_session(self) -> None:
        """Make the session; cheap, as the engine is opened later."""
        self.loop = asyncio.get_running_loop()
        teller = status_changed.Teller(self)
        drift.Meter(self, teller.counted).start()
        observer = Observer(
            message=self.show,
            started=lambda run: self.spawn(progress.show(self, run)),
            busy=lambda: self.post(teller.look),
            indexed=lambda: self.post(self._indexed),
        )
        self._session = Session(self.engine_factory, observer)
        handler = faults.ClientLogHandler(lambda params: self.post(self.window_log_message, params))
        logging.getLogger("surefoot").addHandler(handler)

    def _indexed(self) -> None:
        code_lens.refresh(self)
        self.checker.look_at_all()

    # --- for features ------------------------------------------------------------------------------------------

    @property
    def is_asked(self) -> bool:
        """Whether a request is being answered on a thread."""
        return bool(self._cancels)

    async def question(self, work: Callable[[CancelToken], T]) -> T:
        """Run `work` on a thread that may be busy for long."""
        return await self._on_thread(self._questions, work)

    async def glance(self, work: Callable[[CancelToken], T]) -> T:
        """Run `work` on a thread that is never busy for long."""
        return await self._on_thread(self._glances, work)

    async def check(self, work: Callable[[CancelToken], T]) -> T:
        """Run `work` on the thread of checks that nobody waits for."""
        return await self._on_thread(self._checks, work)

    async def download(self, work: Callable[[], T], cancel: CancelToken) -> T:
        """Run `work`, which looks at `cancel`, on a thread that may be busy for as long as a gigabyte takes."""
        return await self.cancellable(self._downloads.submit(work), cancel)

    async def with_engine(
        self, run: Callable[[Engine, CancelToken], Reply], *, settle: float = SETTLE_SECONDS, first_pass: float = 0.0
    ) -> dict[str, Any]:
        """The reply to a question of the engine, as plain JSON values; see `Session.engine` for what is waited for."""

        def work(cancel: CancelToken) -> dict[str, Any]:
            with self.session.engine(cancel, settle=settle, first_pass=first_pass) as engine:
                return run(engine, cancel).to_object()

        return await self.question(work)

    async def _on_thread(self, pool: ThreadPoolExecutor, work: Callable[[CancelToken], T]) -> T:
        cancel = CancelToken()
        return await self.cancellable(pool.submit(work, cancel), cancel)

    async def cancellable(self, future: Future[T], cancel: CancelToken) -> T:
        """Await work that looks at `cancel`; cancelling the request stops the work before it is answered."""
        running = asyncio.wrap_future(future)
        self._cancels.add(cancel)
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            cancel.cancel()
            future.cancel()  # in case that it has not begun
            await asyncio.wait({running}, timeout=CANCEL_SECONDS)
            running.add_done_callback(_look_at)
            raise
        finally:
            self._cancels.discard(cancel)

    def post(self, send: Callable[..., Any], *args: Any) -> None:
        """Call `send` on the event loop, from any thread and in order."""
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(partial(send, *args))

    def show(self, sentence: str) -> None:
        """Tell the user; from any thread."""
        params = types.ShowMessageParams(type=types.MessageType.Warning, message=sentence)
        self.post(self.window_show_message, params)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` beside everything else; a fault in it is logged."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(_log_fault)

    # --- the end -----------------------------------------------------------------------------------------------

    def stop_questions(self) -> None:
        """Ask everything that runs to stop."""
        for cancel in tuple(self._cancels):
            cancel.cancel()

    def close(self) -> None:
        """Stop all work and close the engine; the second time does nothing."""
        self.stop_questions()
        for pool in (self._questions, self._glances, self._downloads, self._checks):
            pool.shutdown(wait=False, cancel_futures=True)
        if self._session is not None:
            self._session.close()

    def shutdown(self) -> None:
        """What pygls calls when the stream has ended; unlike its own, this waits for no thread."""
        if self._stop_event is not None:
            self._stop_event.set()
        if self._thread_pool is not None:
            self._thread_pool.shutdown(wait=False)

    def report_server_error(self, error: Exception, source: Any) -> None:  # noqa: ARG002 - pygls' signature
        """Log what went wrong outside of any feature, such as a message that is not JSON."""
        if isinstance(error, faults.RequestFailed | JsonRpcRequestCancelled):
            return  # meant as the reply, which the client has
        faults.logger.warning("A message could not be handled: %s", error)


def create_server(engine_factory: EngineFactory = OPEN_ENGINE) -> SurefootServer:
    """A server with every feature registered, not yet running."""
    server = SurefootServer(engine_factory)
    for method, request in REQUESTS.items():
        server.feature(method)(faults.guarded_request(method, request, server))
    for method, notification in NOTIFICATIONS.items():
        server.feature(method, OPTIONS.get(method))(faults.guarded_notification(method, notification, server))
    for command in Command:  # pygls lists them to the client; `commands.execute_command` runs them
        server.command(command.value)(partial(commands.execute_command, server))
    return server


def serve(engine_factory: EngineFactory = OPEN_ENGINE) -> int:
    """Speak the protocol on stdin and stdout until the client leaves; returns the exit status."""
    reader, writer = claim_stdio()
    _configure_logging()
    server = create_server(engine_factory)
    signals = leave_on_signals()
    server.start_io(reader, writer)
    status = 128 + signals[0] if signals else 0 if server.protocol.shut_down else 1
    exit_anyway(status)
    server.close()
    if signals:  # the thread that reads from the editor is still blocked, and would be waited for
        os._exit(status)
    return status


def _configure_logging() -> None:
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    for name in ("pygls.protocol.json_rpc", "pygls.server"):
        logging.getLogger(name).addFilter(faults.without_expected)


def _look_at(future: asyncio.Future[Any]) -> None:
    # Nobody waits for this result any more, and asyncio complains of exceptions that nobody looked at.
    if not future.cancelled():
        future.exception()


def _log_fault(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        report_fault("A background task", error)
