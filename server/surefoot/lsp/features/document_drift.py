"""`textDocument/publishDiagnostics`: what an open document or docstring names and is not there, with quick fixes.

Invariant: a document is checked off the event loop, some time after the last key, and never against half an index; what
is published is about the text that the editor has at that moment, and goes when the document is closed.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from surefoot.domain import Verdict
from surefoot.errors import Cancelled, SurefootError
from surefoot.lsp import convert

if TYPE_CHECKING:
    from surefoot.domain import CheckedMention, TextCheck
    from surefoot.lsp.server import SurefootServer
    from surefoot.trace import CancelToken

# While somebody types, half of the paths are not there yet.
SECONDS_AFTER_CHANGE = 1.0
SECONDS_AFTER_SAVE = 0.2
SOURCE = "surefoot"
CODE = "document-drift"


class Checker:
    """The open documents of one editor, with what was last said of them."""

    def __init__(self, server: SurefootServer) -> None:
        self._server = server
        self._open: dict[str, Path] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._running: dict[str, CancelToken] = {}
        self._shown: set[str] = set()

    # --- called by the features that hear of documents, on the event loop --------------------------------------

    def look(self, uri: str, seconds: float) -> None:
        """Check a document in a while; another call before that puts it off."""
        path = convert.path_of(uri)
        if path is None or self._server.loop is None:
            return
        self._open[uri] = path
        self._stop(uri)
        self._timers[uri] = self._server.loop.call_later(seconds, self._begin, uri)

    def look_at_all(self) -> None:
        """The index has changed, or the settings have."""
        for uri in tuple(self._open):
            self.look(uri, SECONDS_AFTER_CHANGE)

    def close(self, uri: str) -> None:
        """Nothing is said any more of a document that is not open."""
        self._open.pop(uri, None)
        self._stop(uri)
        self._publish(uri, [])

    # --- the check ---------------------------------------------------------------------------------------------

    def _stop(self, uri: str) -> None:
        timer = self._timers.pop(uri, None)
        if timer is not None:
            timer.cancel()
        running = self._running.pop(uri, None)
        if running is not None:
            running.cancel()

    def _begin(self, uri: str) -> None:
        self._timers.pop(uri, None)
        if not self._is_on():
            self._publish(uri, [])
        elif self._server.session.ready and not self._server.session.indexing:  # else `look_at_all` comes after it
            self._server.spawn(self._check(uri, self._open[uri]))

    def _is_on(self) -> bool:
        settings = self._server.session.settings
        return settings is not None and settings.document_drift

    async def _check(self, uri: str, path: Path) -> None:
        text = self._server.session.documents.text(path)
        if text is None:
            return

        mine: list[CancelToken] = []

        def look(cancel: CancelToken) -> TextCheck | None:
            mine.append(cancel)
            self._running[uri] = cancel
            with self._server.session.engine(cancel, settle=0.0) as engine:
                return engine.document_drift(path, text, cancel)

        try:
            found = await self._server.check(look)
        except (Cancelled, SurefootError):  # another look comes, or the folder was closed
            return
        finally:
            if self._running.get(uri) in mine:  # and not that of a later look
                del self._running[uri]
        if found is not None and uri in self._open and self._server.session.documents.text(path) == text:
            encoding = str(self._server.workspace.position_encoding)
            self._publish(uri, [diagnostic(mention, text, encoding) for mention in found.mentions])

    def _publish(self, uri: str, diagnostics: list[types.Diagnostic]) -> None:
        if diagnostics or uri in self._shown:
            params = types.PublishDiagnosticsParams(uri=uri, diagnostics=diagnostics)
            self._server.text_document_publish_diagnostics(params)
        (self._shown.add if diagnostics else self._shown.discard)(uri)


def diagnostic(mention: CheckedMention, text: str, encoding: str) -> types.Diagnostic:
    """What an editor shows of one finding. `data` comes back with the request for quick fixes."""
    is_fix = bool(mention.correction) and mention.correction != mention.text
    return types.Diagnostic(
        range=convert.range_in(text, mention.start, mention.end, encoding),
        message=mention.reason or f"{mention.text} is not there.",
        severity=types.DiagnosticSeverity.Warning,
        source=SOURCE,
        code=CODE,
        data={"text": mention.text, "correction": mention.correction, "moved": mention.verdict is Verdict.MOVED}
        if is_fix
        else None,
    )


def quick_fixes(uri: str, diagnostics: list[types.Diagnostic], text: str, encoding: str) -> list[types.CodeAction]:
    """A fix for each of our findings that says what to write, as long as the text still says what was wrong."""
    return [
        types.CodeAction(
            title=f"Change to {data['correction']}",
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[each],
            is_preferred=True,
            edit=types.WorkspaceEdit(changes={uri: [types.TextEdit(range=each.range, new_text=data["correction"])]}),
        )
        for each in diagnostics
        if each.source == SOURCE
        and (data := _data(each))
        and convert.text_in(text, each.range, encoding) == data["text"]
    ]


def _data(diagnostic: types.Diagnostic) -> dict[str, str]:
    """What `diagnostic` put there; pygls hands objects out as named tuples."""
    data: Any = diagnostic.data
    data = data._asdict() if hasattr(data, "_asdict") else data
    given = data if isinstance(data, dict) else {}
    is_whole = all(isinstance(given.get(key), str) for key in ("text", "correction"))
    return {key: given[key] for key in ("text", "correction")} if is_whole else {}
