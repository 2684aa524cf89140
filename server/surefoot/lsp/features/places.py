"""`surefoot.recheck`, `surefoot.permalinks` and `surefoot.source`: places that were shown earlier, when they are used.

Invariant: a verdict is about the unsaved buffer or the disk now, and a link leads to the very same lines.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from surefoot import wire
from surefoot.domain import Span
from surefoot.lsp import convert

if TYPE_CHECKING:
    from surefoot.engine import Engine
    from surefoot.lsp.server import SurefootServer
    from surefoot.trace import CancelToken


async def recheck(server: SurefootServer, arguments: wire.RecheckArguments) -> dict[str, Any]:
    """Where the lines of a citation stand now. Does not wait for indexing: files and buffers are what is read."""
    root = convert.path_of(arguments.root) or Path(arguments.root)
    span = Span(arguments.path, arguments.start_line, arguments.end_line)

    def run(engine: Engine, _cancel: CancelToken) -> wire.Reply:
        return wire.recheck_reply(engine.recheck(root, span, arguments.text, arguments.symbol))

    return await server.with_engine(run, settle=0.0)


async def permalinks(server: SurefootServer, arguments: wire.PermalinksArguments) -> dict[str, Any]:
    """The web addresses of some places."""

    def run(engine: Engine, _cancel: CancelToken) -> wire.Reply:
        places = ((convert.path_of(p.path) or Path(p.path), p.start_line, p.end_line) for p in arguments.places)
        return wire.PermalinksReply(links=engine.permalinks(places))

    return await server.with_engine(run, settle=0.0)


async def source(server: SurefootServer, arguments: wire.SourceArguments) -> dict[str, Any]:
    """The text that is read of a file or a commit."""
    root = convert.path_of(arguments.root) or Path(arguments.root)

    def run(engine: Engine, _cancel: CancelToken) -> wire.Reply:
        return wire.source_reply(engine.source(root / arguments.path))

    return await server.with_engine(run, settle=0.0)
