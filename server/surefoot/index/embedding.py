"""Embed stage: the vectors of chunks, at once where that is quick, and behind everything else where it is not.

The static embedder takes a tenth of a millisecond for a chunk, and its vectors are written with the file. A model of
llama.cpp takes a tenth of a second: then words and names of all files are indexed first, and can be asked for while
the vectors fill in.

Invariant: a text that was ever embedded, and is not long forgotten, is not embedded again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from surefoot.domain import Chunk, content_hash
from surefoot.models.embedder import static_weights
from surefoot.models.protocols import Embedder
from surefoot.store.database import IndexStore
from surefoot.store.writer import Cached
from surefoot.trace import CancelToken

# Per transaction while vectors fill in: with a slow model, what is lost by stopping is a second or two of work.
FILL_CHUNKS = 16


def vectors_of(embedder: Embedder, cached: Cached, chunks: Sequence[Chunk]) -> list[bytes | None]:
    """The vectors of some chunks; None for those that are left to `fill_vectors`."""
    keys = [content_hash(chunk.embedding_text) for chunk in chunks]
    known = cached(keys)
    unknown = {key: chunk.embedding_text for key, chunk in zip(keys, chunks, strict=True) if key not in known}
    if unknown and static_weights(embedder) is not None:
        known |= dict(zip(unknown, embedder.embed_documents(list(unknown.values())), strict=True))
    return [known.get(key) for key in keys]


def fill_vectors(
    store: IndexStore,
    embedder: Embedder,
    advance: Callable[[int], None],
    cancel: CancelToken,
    paths: Sequence[str] | None = None,
) -> None:
    """Embed the chunks that have no vector yet, a few at a time, of these files or of all; `advance` counts files."""
    while waiting := store.without_vectors(FILL_CHUNKS, paths):
        cancel.raise_if_cancelled()
        chunks = store.chunks([number for ids in waiting.values() for number in ids])
        texts = {number: chunk.embedding_text for number, chunk in chunks.items()}
        keys = {number: content_hash(text) for number, text in texts.items()}
        known = store.cached_vectors(tuple(set(keys.values())))
        unknown = {keys[number]: text for number, text in texts.items() if keys[number] not in known}
        known |= dict(zip(unknown, embedder.embed_documents(list(unknown.values())), strict=True))
        done = 0
        with store.writing() as writer:
            for path, ids in waiting.items():
                found = [number for number in ids if number in keys]  # others are gone since
                done += writer.add_vectors(path, {number: (keys[number], known[keys[number]]) for number in found})
        advance(done)
