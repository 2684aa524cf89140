"""Which folders a server looks at: those it was started with, else those of its client, else the current one.

Invariant: a client that may offer folders is asked before any other folder is opened.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit
from urllib.request import url2pathname

import mcp_types as types
from mcp.shared.exceptions import MCPError
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from surefoot.mcp.call import Context
from surefoot.mcp.workspace import Workspace

logger = logging.getLogger(__name__)

KEY = "roots"  # of the question in a reply that asks for the folders
ROOTS_SECONDS = 10.0  # a client that does not answer must not keep its user from asking
# Since 2026-07-28 no client tells that its folders have changed, so that they are asked for again after a while.
STALE_SECONDS = 60.0

NO_ROOTS = "The client has no folder open, so there is nothing to look at; open one, or start Surefoot with --root DIR."
TOO_WIDE = "No folder was named, and the current one is {} as a whole; start Surefoot with --root DIR."


class Roots:
    """The folders of one server. `given` are those it was started with; only one client of its own is asked."""

    def __init__(self, workspace: Workspace, given: Sequence[Path], *, asks_client: bool) -> None:
        self._workspace = workspace
        self._given = tuple(given)
        self._asks_client = asks_client
        self._lock = asyncio.Lock()
        self._asked_at = float("-inf")

    def open_fixed(self) -> bool:
        """Open the folders where no client has a say in them; returns whether that is so."""
        if self._given:
            self._workspace.open(self._given)
        elif not self._asks_client:
            self._open_current()
        else:
            return False
        return True

    async def begin(self, context: Context) -> None:
        """Open the folders, once; asks a client of before 2026-07-28 for them."""
        async with self._lock:
            if self._workspace.folders is None and not self.open_fixed():
                await self._learn(context)

    async def changed(self, context: Context) -> None:
        """The client has other folders now."""
        async with self._lock:
            if self._asks_client and not self._given:
                await self._learn(context)

    async def settle(
        self, context: Context, params: types.InputResponseRequestParams | None = None
    ) -> types.InputRequiredResult | None:
        """Make sure that the folders are known before a question; what has to be asked first, if anything."""
        if not self._is_asked_within_replies(context):
            await self.begin(context)
            return None
        answer = ((params and params.input_responses) or {}).get(KEY)
        if isinstance(answer, types.ListRootsResult):
            self._take(answer)
        elif asyncio.get_running_loop().time() - self._asked_at > STALE_SECONDS:
            return types.InputRequiredResult(input_requests={KEY: types.ListRootsRequest()})
        return None

    def _is_asked_within_replies(self, context: Context) -> bool:
        is_modern = context.protocol_version in MODERN_PROTOCOL_VERSIONS
        return is_modern and self._asks_client and not self._given and _offers_roots(context)

    async def _learn(self, context: Context) -> None:
        if context.protocol_version in MODERN_PROTOCOL_VERSIONS or not _offers_roots(context):
            self._open_current()
            return
        try:
            answer = await context.session.send_request(
                types.ListRootsRequest(), types.ListRootsResult, request_read_timeout_seconds=ROOTS_SECONDS
            )
        except (MCPError, ValueError) as error:
            logger.warning("The client did not tell its folders (%s); the current one is used.", error)
            self._open_current()
        else:
            self._take(answer)

    def _take(self, answer: types.ListRootsResult) -> None:
        self._asked_at = asyncio.get_running_loop().time()
        self._workspace.open(tuple(folders_of(str(root.uri) for root in answer.roots)), NO_ROOTS)

    def _open_current(self) -> None:
        try:
            folder = Path.cwd()
        except FileNotFoundError:
            self._workspace.open((), "The current folder has been deleted; start Surefoot with --root DIR.")
            return
        if folder == Path(folder.anchor):
            self._workspace.open((), TOO_WIDE.format("the disk"))
        elif folder == Path.home():
            self._workspace.open((), TOO_WIDE.format("the home folder"))
        else:
            self._workspace.open((folder,))


def _offers_roots(context: Context) -> bool:
    capabilities = context.session.client_capabilities
    return capabilities is not None and capabilities.roots is not None


def folders_of(uris: Iterable[str]) -> list[Path]:
    """The folders that `file:` URIs name, each once; other URIs name none that can be read here."""
    folders = (_folder_of(uri) for uri in uris)
    return list(dict.fromkeys(folder for folder in folders if folder is not None))


def _folder_of(uri: str) -> Path | None:
    parts = urlsplit(uri)
    if parts.scheme != "file":
        return None
    # Names on disk need not be UTF-8: going through bytes keeps them, where decoding would replace them.
    path = url2pathname(parts.path) if os.name == "nt" else os.fsdecode(unquote_to_bytes(parts.path))
    return Path(path) if path and "\0" not in path else None
