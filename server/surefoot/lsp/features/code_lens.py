"""`textDocument/codeLens`: "Explain" above each definition, while the setting `code_lens` is on.

Invariant: a lens stands on the line where the name of its definition stands in the buffer now, or it is not there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from surefoot.domain import SymbolKind
from surefoot.lsp import convert
from surefoot.lsp.features.code_action import explain_command
from surefoot.lsp.features.hover import document_text

if TYPE_CHECKING:
    from pathlib import Path

    from surefoot.domain import Symbol
    from surefoot.lsp.server import SurefootServer
    from surefoot.trace import CancelToken

TITLE = "Explain"
# What has a body to explain; a lens above every field, constant and heading would be half of the page.
KINDS = frozenset({
    SymbolKind.CLASS,
    SymbolKind.CONSTRUCTOR,
    SymbolKind.ENUM,
    SymbolKind.FUNCTION,
    SymbolKind.INTERFACE,
    SymbolKind.METHOD,
    SymbolKind.MODULE,
    SymbolKind.STRUCT,
})  # fmt: skip
_WORD = re.compile(r"[\w$]+")  # what `surefoot.explain` takes for a name


async def code_lens(server: SurefootServer, params: types.CodeLensParams) -> list[types.CodeLens]:
    """The lenses of one document; none while they are off."""
    path = convert.path_of(params.text_document.uri)
    if path is None or not _is_on(server):
        return []
    uri, encoding = params.text_document.uri, str(server.workspace.position_encoding)

    def look(cancel: CancelToken) -> list[types.CodeLens]:
        with server.session.engine(cancel, settle=0.0) as engine:
            definitions = engine.definitions_in(path)
        return lenses(definitions, _lines(server, path), uri, encoding)

    return await server.glance(look)


def lenses(definitions: list[Symbol], lines: list[str], uri: str, encoding: str) -> list[types.CodeLens]:
    """A lens for each definition whose name stands on its line of `lines`."""
    found = []
    for symbol in definitions:
        if symbol.kind not in KINDS or not _WORD.fullmatch(symbol.name) or symbol.name_line > len(lines):
            continue
        place = convert.name_range(lines[symbol.name_line - 1], symbol.name_line, symbol.name, encoding)
        if place is not None:
            found.append(types.CodeLens(range=place, command=explain_command(TITLE, uri, place.start)))
    return found


def refresh(server: SurefootServer) -> None:
    """Have the client ask again, where it can be told to and lenses are, or were, on."""
    workspace = server.client_capabilities.workspace
    can_refresh = workspace is not None and workspace.code_lens is not None and workspace.code_lens.refresh_support
    is_on = _is_on(server)
    if can_refresh and (is_on or server.shows_lenses):
        server.spawn(_ask_client(server))
    server.shows_lenses = is_on


async def _ask_client(server: SurefootServer) -> None:
    try:
        await server.workspace_code_lens_refresh_async(None)
    except JsonRpcException:
        return  # the client asks again when it likes


def _is_on(server: SurefootServer) -> bool:
    settings = server.session.settings
    return settings is not None and settings.code_lens


def _lines(server: SurefootServer, path: Path) -> list[str]:
    return convert.LINE_END.split(document_text(server, path))
