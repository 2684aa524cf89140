"""Clients of the two servers, over real stdio: an editor and an AI assistant, each with everything that was said to it.

Invariant: a client knows nothing of the server but its protocol; what the server logs is kept word for word.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import sys
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.client import LanguageClient
from pygls.protocol import default_converter

from surefoot.lsp.protocol import Command

POLL_SECONDS = 1.0  # a status counts everything against disk; asked more often, it would slow what it waits for
PATIENCE = 120.0  # seconds for one reply; longer is a server that hangs
LARGEST_LINE = 64 * 1024 * 1024
CHANGED = types.FileChangeType
HANDSHAKE = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "bench", "version": "1"}}


def environment(cache: Path, **extra: str) -> dict[str, str]:
    """What a server sees: a cache folder of its own, no model, nothing of the user's settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SUREFOOT_")}
    own = {"SUREFOOT_CACHE_DIR": str(cache), "SUREFOOT_MODEL": "none", "XDG_CONFIG_HOME": str(cache / "config")}
    return {**kept, **own, **extra}


class ReplyError(Exception):
    """The server answered a request with an error."""


class Editor:
    """An editor with one folder open. With `tells`, it reports changes on disk as the server asks it to."""

    def __init__(self, name: str, folder: Path, *, tells: bool) -> None:
        self.name, self.folder, self.tells = name, folder, tells
        self.log: list[str] = []
        self.client = LanguageClient("bench", "1", converter_factory=default_converter)
        # pygls marks the function that it is given, which a bound method does not take.
        self.client.feature(types.WINDOW_LOG_MESSAGE)(lambda params: self._noted(params))  # noqa: PLW0108
        self.client.feature(types.WINDOW_SHOW_MESSAGE)(lambda params: self._noted(params))  # noqa: PLW0108
        self.client.feature(types.CLIENT_REGISTER_CAPABILITY)(lambda _params: None)
        self._versions = itertools.count(2)
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self, cache: Path, **env: str) -> None:
        """Start the server and open the folder."""
        await self.client.start_io(sys.executable, "-m", "surefoot", "lsp", env=environment(cache, **env))
        self._tasks.append(asyncio.ensure_future(self._drain()))
        watching = types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True) if self.tells else None
        operations = types.FileOperationClientCapabilities(did_create=True, did_rename=True, did_delete=True)
        workspace = types.WorkspaceClientCapabilities(did_change_watched_files=watching, file_operations=operations)
        capabilities = types.ClientCapabilities(workspace=workspace)
        await self.client.initialize_async(types.InitializeParams(capabilities, root_uri=self.folder.as_uri()))
        self.client.initialized(types.InitializedParams())

    async def settled(self) -> dict[str, Any]:
        """Wait until nothing is left to index; the status then."""
        while (status := await self.command(Command.STATUS))["indexing"]:
            await asyncio.sleep(POLL_SECONDS)
        return dict(status)

    async def search(self, query: str, k: int = 10) -> dict[str, Any]:
        """`surefoot.search`."""
        return dict(await self.command(Command.SEARCH, query=query, k=k))

    async def command(self, name: str, **arguments: object) -> Any:
        """Run one command; the reply as plain JSON. Raises ReplyError."""
        params = types.ExecuteCommandParams(name, [arguments] if arguments else None)
        try:
            reply = await asyncio.wait_for(self.client.workspace_execute_command_async(params), PATIENCE)
        except JsonRpcException as error:
            raise ReplyError(str(error)) from error
        except TimeoutError as error:
            raise ReplyError(f"no reply to {name} in {PATIENCE:.0f} s") from error
        return plain(reply)

    def open(self, path: Path, text: str) -> None:
        """Show a document."""
        item = types.TextDocumentItem(path.as_uri(), "plaintext", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def change(self, path: Path, text: str) -> None:
        """Replace the text of an open document."""
        document = types.VersionedTextDocumentIdentifier(next(self._versions), path.as_uri())
        whole = types.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [whole]))

    def saved(self, path: Path) -> None:
        """Say that a document was written."""
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(path.as_uri())))

    def close_document(self, path: Path) -> None:
        """Show a document no longer."""
        self.client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(path.as_uri()))
        )

    def changed_on_disk(self, changes: Iterable[tuple[Path, types.FileChangeType]]) -> None:
        """Report changes, if this editor does."""
        events = [types.FileEvent(path.as_uri(), kind) for path, kind in changes]
        if self.tells and events:
            self.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(events))

    @property
    def pid(self) -> int:
        """The server's process; 0 when it is gone."""
        server = self.client._server  # noqa: SLF001 - the client has no public way to it
        return server.pid if server and server.returncode is None else 0

    async def stop(self) -> None:
        """Leave as the protocol wants it."""
        with suppress(JsonRpcException, TimeoutError):
            await asyncio.wait_for(self.client.shutdown_async(None), PATIENCE)
        self.client.exit(None)
        await self.client.stop()  # type: ignore[no-untyped-call]
        for task in self._tasks:
            task.cancel()

    def _noted(self, params: types.LogMessageParams | types.ShowMessageParams) -> None:
        self.log.append(f"{params.type.name}: {params.message}")

    async def _drain(self) -> None:
        server = self.client._server  # noqa: SLF001 - the client has no public way to it
        while server and server.stderr and (line := await server.stderr.readline()):
            self.log.append(line.decode(errors="replace").rstrip())


@asynccontextmanager
async def editing(name: str, folder: Path, cache: Path, *, tells: bool, **env: str) -> AsyncIterator[Editor]:
    """An editor that has opened a folder and leaves at the end."""
    editor = Editor(name, folder, tells=tells)
    await editor.start(cache, **env)
    try:
        yield editor
    finally:
        await editor.stop()


def plain(value: Any) -> Any:
    """A reply as plain JSON; pygls hands out objects as named tuples."""
    if hasattr(value, "_asdict"):
        return {name: plain(item) for name, item in value._asdict().items()}
    if isinstance(value, Mapping):
        return {name: plain(item) for name, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


class Assistant:
    """A client of the MCP server."""

    def __init__(self, name: str, process: asyncio.subprocess.Process) -> None:
        self.name = name
        self.log: list[str] = []
        self._process = process
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._tasks = [asyncio.ensure_future(work) for work in (self._read(), self._drain())]

    async def call(self, tool: str, **arguments: object) -> dict[str, Any]:
        """The structured reply of a tool. Raises ReplyError."""
        result = await self.request("tools/call", {"name": tool, "arguments": arguments})
        if result.get("isError"):
            raise ReplyError(" ".join(str(part.get("text", "")) for part in result["content"]))
        return dict(result["structuredContent"])

    async def request(self, method: str, params: object) -> dict[str, Any]:
        """The result of a request. Raises ReplyError."""
        number = next(self._numbers)
        future = self._waiting[number] = asyncio.get_running_loop().create_future()
        self._send({"id": number, "method": method, "params": params})
        try:
            reply = await asyncio.wait_for(future, PATIENCE)
        except TimeoutError as error:
            raise ReplyError(f"no reply to {method} in {PATIENCE:.0f} s") from error
        if "error" in reply:
            raise ReplyError(str(reply["error"].get("message")))
        return dict(reply["result"])

    def notify(self, method: str) -> None:
        """Say something that has no answer."""
        self._send({"method": method, "params": {}})

    def _send(self, message: Mapping[str, object]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            message = json.loads(line)
            future = self._waiting.pop(message.get("id"), None)
            if future is not None and not future.done():
                future.set_result(message)
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(ReplyError("the server is gone"))

    async def _drain(self) -> None:
        assert self._process.stderr is not None
        while line := await self._process.stderr.readline():
            self.log.append(line.decode(errors="replace").rstrip())

    async def stop(self) -> None:
        """Leave as a client does: close the stream and wait."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        await asyncio.wait_for(self._process.wait(), PATIENCE)
        await asyncio.gather(*self._tasks)


@asynccontextmanager
async def assisting(name: str, folder: Path, cache: Path) -> AsyncIterator[Assistant]:
    """An assistant that has shaken hands with the MCP server and leaves at the end."""
    pipe = asyncio.subprocess.PIPE
    command = (sys.executable, "-m", "surefoot", "mcp", "--root", str(folder))
    process = await asyncio.create_subprocess_exec(
        *command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment(cache), limit=LARGEST_LINE
    )
    assistant = Assistant(name, process)
    await assistant.request("initialize", HANDSHAKE)
    assistant.notify("notifications/initialized")
    try:
        yield assistant
    finally:
        await assistant.stop()
