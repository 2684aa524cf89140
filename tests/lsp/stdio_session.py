"""A real client over real stdio: pytest-lsp's, with the conversation's start and end taken care of."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from lsprotocol import types
from pytest_lsp import LanguageClient, make_test_lsp_client

from surefoot.lsp.protocol import ANSWER_NOTIFICATION

REAL_SERVER = (sys.executable, "-m", "surefoot", "lsp")
FAKE_SERVER = (sys.executable, str(Path(__file__).parent / "fake_server.py"))
PATIENCE = 60.0  # seconds; generous, as it only ends a test that would hang

CAPABILITIES = types.ClientCapabilities(
    text_document=types.TextDocumentClientCapabilities(
        hover=types.HoverClientCapabilities(content_format=[types.MarkupKind.Markdown])
    ),
    window=types.WindowClientCapabilities(work_done_progress=True),
    workspace=types.WorkspaceClientCapabilities(
        file_operations=types.FileOperationClientCapabilities(did_create=True, did_rename=True, did_delete=True),
        configuration=True,
    ),
)


def environment(cache: Path, **extra: str) -> dict[str, str]:
    """What the server sees: its own cache, no model, nothing of the user's settings."""
    own = {"SUREFOOT_CACHE_DIR": str(cache), "SUREFOOT_MODEL": "none", "XDG_CONFIG_HOME": str(cache / "config")}
    return {**os.environ, **own, **extra}


class Editor:
    """An editor, as far as the server can tell."""

    def __init__(self, client: LanguageClient) -> None:
        self.client = client
        self.answers: list[dict[str, Any]] = []
        client.feature(ANSWER_NOTIFICATION)(lambda params: self.answers.append(plain(params)))

    async def command(self, name: str, *arguments: Any) -> Any:
        params = types.ExecuteCommandParams(command=name, arguments=list(arguments) or None)
        return plain(await asyncio.wait_for(self.client.workspace_execute_command_async(params), PATIENCE))

    def open(self, path: Path, text: str | None = None) -> None:
        item = types.TextDocumentItem(
            uri=path.as_uri(), language_id="python", version=1, text=path.read_text() if text is None else text
        )
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def replace(self, path: Path, text: str) -> None:
        self.change(path, types.TextDocumentContentChangeWholeDocument(text=text))

    def change(self, path: Path, *changes: Any) -> None:
        document = types.VersionedTextDocumentIdentifier(version=2, uri=path.as_uri())
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, list(changes)))

    def save(self, path: Path, text: str | None = None) -> None:
        if text is not None:
            path.write_text(text)
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(identifier(path)))

    def close(self, path: Path) -> None:
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(identifier(path)))

    async def hover(self, path: Path, line: int, character: int) -> str | None:
        params = types.HoverParams(identifier(path), types.Position(line, character))
        found = await asyncio.wait_for(self.client.text_document_hover_async(params), PATIENCE)
        return None if found is None else found.contents.value

    async def indexed(self) -> None:
        """Wait until nothing is left to index."""
        async with asyncio.timeout(PATIENCE):
            while (await self.command("surefoot.status"))["indexing"]:
                await asyncio.sleep(0.02)


def identifier(path: Path) -> types.TextDocumentIdentifier:
    return types.TextDocumentIdentifier(uri=path.as_uri())


def plain(value: Any) -> Any:
    """pygls hands out JSON objects as named tuples; tests compare plain ones."""
    if hasattr(value, "_asdict"):
        return {name: plain(item) for name, item in value._asdict().items()}
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


@asynccontextmanager
async def started(command: Sequence[str], env: Mapping[str, str]) -> AsyncIterator[Editor]:
    """A running server that has not been spoken to yet."""
    client = make_test_lsp_client()
    await client.start_io(*command, env=dict(env))
    try:
        yield Editor(client)
    finally:
        await asyncio.wait_for(_leave(client), PATIENCE)


async def _leave(client: LanguageClient) -> None:
    if client._server.returncode is None:
        await client.shutdown_session() if client.capabilities else client.protocol.writer.close()
    await client.stop()


@asynccontextmanager
async def editing(
    *folders: Path, command: Sequence[str] = REAL_SERVER, env: Mapping[str, str], **params: Any
) -> AsyncIterator[Editor]:
    """An initialized session on `folders`."""
    async with started(command, env) as editor:
        await initialize(editor, *folders, **params)
        yield editor


async def initialize(editor: Editor, *folders: Path, **params: Any) -> types.InitializeResult:
    given = types.InitializeParams(
        capabilities=params.pop("capabilities", CAPABILITIES),
        workspace_folders=[types.WorkspaceFolder(folder.as_uri(), folder.name) for folder in folders] or None,
        **params,
    )
    return await asyncio.wait_for(editor.client.initialize_session(given), PATIENCE)
