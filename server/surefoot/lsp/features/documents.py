"""Open documents: unsaved text is kept for checking citations, saved text is indexed again.

Invariant: a buffer is exactly what the editor shows; its lines are split as the protocol says, nowhere else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from surefoot.lsp import convert
from surefoot.lsp.features.document_drift import SECONDS_AFTER_CHANGE, SECONDS_AFTER_SAVE

if TYPE_CHECKING:
    from lsprotocol import types

    from surefoot.lsp.server import SurefootServer


def did_open(server: SurefootServer, params: types.DidOpenTextDocumentParams) -> None:
    """Keep the text as the editor has it."""
    if (path := convert.path_of(params.text_document.uri)) is not None:
        server.session.documents.open(path, params.text_document.text)
        server.checker.look(params.text_document.uri, SECONDS_AFTER_SAVE)


def did_change(server: SurefootServer, params: types.DidChangeTextDocumentParams) -> None:
    """Apply the edits, which may be whole texts or ranges."""
    path = convert.path_of(params.text_document.uri)
    if path is None:
        return
    documents = server.session.documents
    text = documents.text(path)
    if text is not None:
        encoding = server.workspace.position_encoding
        documents.change(path, convert.edited(text, params.content_changes, str(encoding)))
        server.checker.look(params.text_document.uri, SECONDS_AFTER_CHANGE)


def did_save(server: SurefootServer, params: types.DidSaveTextDocumentParams) -> None:
    """Index the file again; the next question waits for it."""
    if (path := convert.path_of(params.text_document.uri)) is not None:
        server.session.changed([path])
        server.checker.look(params.text_document.uri, SECONDS_AFTER_SAVE)


def did_close(server: SurefootServer, params: types.DidCloseTextDocumentParams) -> None:
    """Forget the buffer; what was read from it gives way to what is on disk."""
    if (path := convert.path_of(params.text_document.uri)) is not None:
        server.checker.close(params.text_document.uri)
        server.session.documents.close(path)
        server.session.changed([path])
