"""Vector stage: nearest chunks by cosine similarity of their embeddings."""

from __future__ import annotations

from surefoot.domain import ChunkKey, Ranking, Scope
from surefoot.retrieve.root_index import RootIndex


def vector(index: RootIndex, embedded: bytes, scope: Scope, limit: int) -> Ranking:
    """The chunks of one root whose vectors lie closest to the question's (int8, as the embedder made it)."""
    rows = index.store.nearest(embedded, scope, limit)
    return Ranking("vector", tuple((ChunkKey(index.root.path, chunk_id), score) for chunk_id, score in rows))
