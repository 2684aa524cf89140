"""The words of a chunk as full-text search stores them: made where the file is parsed, which may be another process.

Invariant: imports nothing of SQLite, so that a process that only parses does not load it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from surefoot.domain import Chunk
from surefoot.store.stored_text import searchable

Lexer = Callable[[str], str]
Words = tuple[str, str, str, str, str]  # path, name, signature, doc, body: the columns of the full-text table


def lexed(chunks: Sequence[Chunk], lexer: Lexer) -> list[Words]:
    """The words of each chunk of one file; `lexer` splits identifiers into the words that they are made of."""
    path = searchable(lexer(chunks[0].span.path)) if chunks else ""
    return [
        (path, searchable(lexer(c.symbol)), searchable(lexer(c.signature)), searchable(lexer(c.doc)),
         searchable(lexer(c.text)))
        for c in chunks
    ]  # fmt: skip
