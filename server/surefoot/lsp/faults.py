"""What becomes of an exception in a feature: one sentence for the user, a traceback for the log, and life goes on.

Invariant: a fault in one feature never ends the server, and no traceback is ever sent as a reply.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Generator
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInternalError,
    JsonRpcInvalidParams,
    JsonRpcRequestCancelled,
    JsonRpcServerNotInitialized,
)
from pygls.protocol import JsonRPCNotification, LanguageServerProtocol, lsp_method

from surefoot.errors import Cancelled, SurefootError
from surefoot.live.faults import report_fault
from surefoot.lsp.protocol import SERVER_NAME

if TYPE_CHECKING:
    from surefoot.lsp.server import SurefootServer

logger = logging.getLogger(__name__)

Request = Callable[["SurefootServer", Any], Awaitable[Any]]
Notification = Callable[["SurefootServer", Any], None]

# pygls keeps copies of open documents and splits their lines at form feeds; `features.documents` keeps its own.
# Its way of running commands does not hand a cancellation on to the coroutine; `features.commands` does.
REPLACED = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
    types.WORKSPACE_EXECUTE_COMMAND,
)


class Protocol(LanguageServerProtocol):
    """pygls' protocol, with every request answered: also one whose parameters cannot be understood."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.abilities: dict[str, Any] = {}  # beyond the standard protocol, announced as experimental
        for method in REPLACED:
            self.fm.builtin_features.pop(method)

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(self, params: types.InitializeParams) -> Generator[Any, Any, types.InitializeResult]:
        """Answer as pygls does, and add what only this server can do."""
        result = yield from super().lsp_initialize(params)
        result.capabilities.experimental = {SERVER_NAME: self.abilities}
        return result

    def structure_message(self, data: dict[str, Any]) -> Any:
        """Turn JSON into a message; a request that is malformed is answered here and goes no further."""
        try:
            return super().structure_message(data)
        except JsonRpcException:
            if "id" not in data or "method" not in data:
                raise
            sentence = f"The parameters of {data['method']} are not what the protocol asks for."
            self._send_response(data["id"], error=JsonRpcInvalidParams(sentence).to_response_error())
            return JsonRPCNotification("$/malformed", self.VERSION, None)  # nobody handles it

    @property
    def shut_down(self) -> bool:
        """Whether the client has asked for the end, as it should before `exit`."""
        return bool(self._shutdown)


class RequestFailed(JsonRpcException):
    """The request was understood and cannot be carried out; the message says why."""

    CODE = types.LSPErrorCodes.RequestFailed.value
    MESSAGE = "Request Failed"


def guarded_request(method: str, handler: Request, server: SurefootServer) -> Callable[..., Awaitable[Any]]:
    """`handler` as pygls runs it: whatever it raises leaves as one sentence."""

    async def run(*params: Any) -> Any:
        if not server.started and method != types.INITIALIZE:
            raise JsonRpcServerNotInitialized(f"{method} came before initialize.")
        try:
            return await handler(server, *params)
        except (asyncio.CancelledError, JsonRpcException):
            raise
        except Cancelled as error:
            raise JsonRpcRequestCancelled("The request was cancelled.") from error
        except SurefootError as error:
            raise RequestFailed(str(error)) from error
        except Exception as error:
            raise JsonRpcInternalError(report_fault(method, error)) from error

    return run


def guarded_notification(method: str, handler: Notification, server: SurefootServer) -> Callable[..., None]:
    """`handler` as pygls runs it: nobody waits for a reply, so a fault is only logged."""

    def run(*params: Any) -> None:
        if not server.started and method != types.INITIALIZE:
            return  # the protocol says: dropped before initialize
        try:
            handler(server, *params)
        except Exception as error:  # noqa: BLE001 - the boundary that keeps the server alive
            report_fault(method, error)

    return run


class ClientLogHandler(logging.Handler):
    """Sends log records of Surefoot to the editor's log too."""

    def __init__(self, send: Callable[[types.LogMessageParams], None]) -> None:
        super().__init__(logging.WARNING)
        self._send = send

    def emit(self, record: logging.LogRecord) -> None:
        """Send one record; a client that is gone has stderr left."""
        kind = types.MessageType.Error if record.levelno >= logging.ERROR else types.MessageType.Warning
        try:
            self._send(types.LogMessageParams(type=kind, message=self.format(record)))
        except Exception:  # noqa: BLE001 - logging never raises
            self.handleError(record)


def without_expected(record: logging.LogRecord) -> bool:
    """Drop pygls' tracebacks of errors that were meant as replies, and of messages that are not JSON.

    In a sentence they are told by whoever replies, and by `SurefootServer.report_server_error`.
    """
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, JsonRpcException | asyncio.CancelledError | json.JSONDecodeError | UnicodeDecodeError)
