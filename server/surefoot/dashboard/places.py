"""`/api/source`, `/api/files`, `/api/symbols`, `/api/neighbours`: places in the code, as they stand now.

Invariant: only what the engine would show anyway: nothing outside the roots, nothing ignored.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from surefoot import wire
from surefoot.dashboard import contract
from surefoot.dashboard.replies import needed, number, word

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp

    from surefoot.dashboard.dashboard import Dashboard
    from surefoot.engine import Engine
    from surefoot.trace import CancelToken

LISTED, MOST_LISTED = 20, 200


async def source(dashboard: Dashboard, request: Request) -> ASGIApp:
    """A file as it stands now; `root` may be left out where `path` is absolute."""
    path = Path(word(request, "root")) / needed(request, "path")
    return await dashboard.reply(request, lambda engine, _: wire.source_reply(engine.source(path)), settle=0.0)


async def neighbours(dashboard: Dashboard, request: Request) -> ASGIApp:
    """The symbols and files around one symbol."""
    name, root, path = needed(request, "name"), word(request, "root"), word(request, "path")
    roots = (Path(root),) if root else ()

    def run(engine: Engine, _cancel: CancelToken) -> wire.Reply:
        return wire.neighbours_reply(engine.neighbours(name, roots=roots, path=path))

    return await dashboard.reply(request, run, settle=0.0)


async def files(dashboard: Dashboard, request: Request) -> ASGIApp:
    """Indexed files whose paths are like `text`."""
    text, limit = needed(request, "text"), number(request, "limit", LISTED, most=MOST_LISTED)

    def run(engine: Engine, _cancel: CancelToken) -> wire.Reply:
        rows = [contract.FileRow(root=str(root.path), path=path) for root, path in engine.files_like(text, limit)]
        return contract.FilesReply(files=rows)

    return await dashboard.reply(request, run, settle=0.0)


async def symbols(dashboard: Dashboard, request: Request) -> ASGIApp:
    """Definitions whose names are like `text`."""
    text, limit = needed(request, "text"), number(request, "limit", LISTED, most=MOST_LISTED)

    def run(engine: Engine, _cancel: CancelToken) -> wire.Reply:
        rows = [
            contract.SymbolRow(
                root=str(root.path),
                path=symbol.span.path,
                start_line=symbol.span.start,
                end_line=symbol.span.end,
                name=symbol.qualified_name,
                kind=symbol.kind,
            )
            for root, symbol in engine.symbols(text, limit)
        ]
        return contract.SymbolsReply(symbols=rows)

    return await dashboard.reply(request, run, settle=0.0)
