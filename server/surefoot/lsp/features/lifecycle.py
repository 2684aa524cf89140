"""`initialize`, `initialized`, `shutdown`, settings and workspace folders.

Invariant: `initialize` is answered without opening anything; the engine is opened after `initialized`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from surefoot.lsp import convert
from surefoot.lsp.features import files
from surefoot.lsp.protocol import SETTINGS_SECTION

if TYPE_CHECKING:
    from surefoot.lsp.server import SurefootServer


# Announced in `capabilities.experimental.surefoot`. `mcp`: the arguments of this program that make it an MCP server;
# whoever starts it adds `--root DIR` for each open folder, as those may change while the language server runs.
ABILITIES = {"mcp": ["mcp"]}


@dataclass(slots=True)
class WorkspaceState:
    """What the editor has told about its workspace so far."""

    folders: list[Path] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)


async def initialize(server: SurefootServer, params: types.InitializeParams) -> None:
    """Remember folders and settings; pygls answers with the capabilities."""
    server.start_session()
    server.protocol.abilities = dict(ABILITIES)
    state = server.workspace_state
    state.folders = _folders(params)
    state.settings = _settings(server, params.initialization_options) or {}


def initialized(server: SurefootServer, _params: types.InitializedParams) -> None:
    """Hear of changes on disk, open the engine, and index in the background."""
    files.watch(server)
    _configure(server)


async def shutdown(server: SurefootServer, _params: None) -> None:
    """Stop everything and close the engine before the reply."""
    await asyncio.get_running_loop().run_in_executor(None, server.close)


def did_change_configuration(server: SurefootServer, params: types.DidChangeConfigurationParams) -> None:
    """Take the settings that came along, or fetch them from clients that only say that something changed."""
    if params.settings is None:
        server.spawn(_fetch_settings(server))
    elif (settings := _settings(server, params.settings)) is not None:
        _take_settings(server, settings)


def did_change_workspace_folders(server: SurefootServer, params: types.DidChangeWorkspaceFoldersParams) -> None:
    """Adopt the new set of folders."""
    state = server.workspace_state
    removed = set(_paths(folder.uri for folder in params.event.removed))
    added = _paths(folder.uri for folder in params.event.added)
    state.folders = [*(folder for folder in state.folders if folder not in removed), *added]
    _configure(server)


def _configure(server: SurefootServer) -> None:
    state = server.workspace_state
    server.session.configure(tuple(state.folders), dict(state.settings))


def _folders(params: types.InitializeParams) -> list[Path]:
    if params.workspace_folders is not None:
        return _paths(folder.uri for folder in params.workspace_folders)
    if params.root_uri is not None:
        return _paths([params.root_uri])
    return [Path(params.root_path)] if params.root_path else []


def _paths(uris: Iterable[str]) -> list[Path]:
    paths = (convert.path_of(uri) for uri in uris)
    return list(dict.fromkeys(path for path in paths if path is not None))


def _settings(server: SurefootServer, value: object) -> dict[str, Any] | None:
    """The settings in what the client sent; None, and a message, where it is nothing of the kind."""
    if value is None:
        return {}
    if isinstance(value, dict):
        inner = value.get(SETTINGS_SECTION, value)
        if isinstance(inner, dict):
            return inner
        if inner is None:
            return {}
    server.show("Surefoot's settings must be an object of names and values; they are ignored.")
    return None


def _take_settings(server: SurefootServer, settings: dict[str, Any]) -> None:
    if settings != server.workspace_state.settings:
        server.workspace_state.settings = settings
        _configure(server)


async def _fetch_settings(server: SurefootServer) -> None:
    workspace = server.client_capabilities.workspace
    if not (workspace and workspace.configuration):
        return
    item = types.ConfigurationItem(section=SETTINGS_SECTION)
    try:
        values = await server.workspace_configuration_async(types.ConfigurationParams(items=[item]))
    except JsonRpcException:
        return
    if values and (settings := _settings(server, values[0])) is not None:
        _take_settings(server, settings)
