"""Small real values for the store tests."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from surefoot.domain import (
    Chunk,
    EmbedderIdentity,
    IndexedFile,
    ParsedFile,
    Source,
    Span,
    Symbol,
    SymbolKind,
    content_hash,
)
from surefoot.store.database import IndexStore

DIMENSION = 8
EMBEDDER = EmbedderIdentity("sample", DIMENSION, "a" * 32)
WEIGHTS = (2.0, 4.0, 2.0, 1.5, 1.0)


def lexer(text: str) -> str:
    """Lower case, with the parts of camelCase words beside them."""
    return " ".join(
        " ".join([word.lower(), *(part.lower() for part in re.findall(r"[A-Z]?[a-z]+|\d+", word))])
        for word in re.findall(r"\w+", text)
    )


def opened(location: Path, embedder: EmbedderIdentity = EMBEDDER, lock_timeout: float = 5.0) -> IndexStore:
    return IndexStore.open(location, embedder, lock_timeout=lock_timeout, lexer=lexer)


@contextmanager
def open_store(
    location: Path, embedder: EmbedderIdentity = EMBEDDER, lock_timeout: float = 5.0
) -> Iterator[IndexStore]:
    store = opened(location, embedder, lock_timeout)
    try:
        yield store
    finally:
        store.close()


def vector(*components: int, dimension: int = DIMENSION) -> bytes:
    return bytes(c % 256 for c in (*components, *[0] * (dimension - len(components))))


def parsed(
    path: str,
    texts: Sequence[str] = ("def greet():\n    return 1",),
    *,
    names: Sequence[str] = (),
    language: str = "python",
    source: Source = Source.CODE,
    doc: str = "",
) -> ParsedFile:
    """A file of ten-line chunks with these texts; the n-th name is defined on the first line of the n-th chunk."""
    spans = [Span(path, 10 * n + 1, 10 * n + 10) for n in range(len(texts))]
    padded = [*names, *[""] * (len(texts) - len(names))]
    chunks = tuple(
        Chunk(span, source, language, text, name, SymbolKind.FUNCTION, f"def {name}()" if name else "", doc)
        for span, text, name in zip(spans, texts, padded, strict=False)
    )
    symbols = tuple(
        Symbol(name, SymbolKind.FUNCTION, span, span.start, "", f"def {name}()", doc)
        for span, name in zip(spans, names, strict=False)
    )
    file = IndexedFile(path, source, language, 100, 1_000, content_hash("".join(texts)))
    return ParsedFile(file, symbols, chunks)


def put(store: IndexStore, file: ParsedFile, *vectors: bytes) -> None:
    """Write the file in a transaction of its own, with zero vectors where none are given."""
    dimension = store.embedder.dimension
    blobs = list(vectors) or [bytes(dimension)] * len(file.chunks)
    with store.writing() as writer:
        writer.replace_file(file, blobs)
