"""`textDocument/codeAction`: fixes of what a document says wrongly, and "Explain `name`" on an indexed symbol.

Invariant: what is offered works: the name is looked up as `surefoot.explain` will look it up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from surefoot.lsp import convert, markup
from surefoot.lsp.features.document_drift import quick_fixes
from surefoot.lsp.features.hover import SETTLE_SECONDS, document_text
from surefoot.lsp.protocol import Command

if TYPE_CHECKING:
    from pathlib import Path

    from surefoot.domain import Symbol
    from surefoot.lsp.server import SurefootServer
    from surefoot.trace import CancelToken


async def code_action(server: SurefootServer, params: types.CodeActionParams) -> list[types.Command | types.CodeAction]:
    """Offer to mend what a document says wrongly, and to explain the symbol under the cursor."""
    path = convert.path_of(params.text_document.uri)
    if path is None:
        return []
    return [*_fixes(server, params, path), *await _explanations(server, params, path)]


def _fixes(server: SurefootServer, params: types.CodeActionParams, path: Path) -> list[types.CodeAction]:
    if params.context.only and types.CodeActionKind.QuickFix not in params.context.only:
        return []
    found = list(params.context.diagnostics)
    text, encoding = server.session.documents.text(path), str(server.workspace.position_encoding)
    return quick_fixes(params.text_document.uri, found, text, encoding) if found and text is not None else []


async def _explanations(server: SurefootServer, params: types.CodeActionParams, path: Path) -> list[types.Command]:
    """Nothing where a client asks for fixes or refactorings only."""
    if params.context.only or not server.session.ready or _is_lightbulb(params.context):
        return []
    position, encoding = params.range.start, str(server.workspace.position_encoding)

    def look(cancel: CancelToken) -> Symbol | None:
        place = convert.place_in(document_text(server, path), position, encoding)
        with server.session.engine(cancel, settle=SETTLE_SECONDS) as engine:
            return engine.definition(path, place.line, place.character)

    symbol = await server.glance(look)
    if symbol is None:
        return []
    return [explain_command(f"Explain `{markup.visible(symbol.name)}`", params.text_document.uri, position)]


def _is_lightbulb(context: types.CodeActionContext) -> bool:
    """Asked at every move of the cursor. Nearly every word is a symbol, and a lamp that is always lit says nothing."""
    return context.trigger_kind == types.CodeActionTriggerKind.Automatic


def explain_command(title: str, uri: str, position: types.Position) -> types.Command:
    """The command that explains the symbol at a position, for actions and lenses."""
    place = {"line": position.line, "character": position.character}
    return types.Command(
        title=title, command=Command.EXPLAIN.value, arguments=[{"textDocument": {"uri": uri}, "position": place}]
    )
