"""`workspace/symbol`: definitions by name, however partial or misspelt.

Invariant: the order is the engine's, best first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from surefoot.lsp import convert

if TYPE_CHECKING:
    from lsprotocol import types

    from surefoot.lsp.server import SurefootServer
    from surefoot.trace import CancelToken

MOST_SYMBOLS = 100  # editors show a short list and ask again for every letter


async def workspace_symbol(server: SurefootServer, params: types.WorkspaceSymbolParams) -> list[types.WorkspaceSymbol]:
    """List matching definitions; none while there is no engine to ask."""
    if not server.session.ready:
        return []

    def look(cancel: CancelToken) -> list[types.WorkspaceSymbol]:
        with server.session.engine(cancel, settle=0.0) as engine:
            found = engine.symbols(params.query, MOST_SYMBOLS)
        return [convert.workspace_symbol(root.path, symbol) for root, symbol in found]

    return await server.glance(look)
