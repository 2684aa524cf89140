"""Vector stage: nearest chunks by cosine similarity of their embeddings."""

from __future__ import annotations

from collections.abc import Sequence

from surefoot.domain import ChunkKey, Ranking, Scope
from surefoot.retrieve.root_index import RootIndex


def vector(index: RootIndex, embedded: bytes, scope: Scope, limit: int) -> Ranking:
    """The chunks of one root whose vectors lie closest to the question's (int8, as the embedder made it)."""
    rows = index.store.nearest(embedded, scope, limit)
    return Ranking("vector", tuple((ChunkKey(index.root.path, chunk_id), score) for chunk_id, score in rows))


def similarities(index: RootIndex, embedded: bytes, ids: Sequence[int]) -> dict[ChunkKey, float]:
    """How alike some chunks of one root are to the question, whichever retriever brought them."""
    found = index.store.similarities(embedded, ids)
    return {ChunkKey(index.root.path, chunk_id): similarity for chunk_id, similarity in found.items()}
