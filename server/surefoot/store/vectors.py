"""The vectors of chunks in a `vec0` table, and the cache that outlives them: writing and looking up by key.

Invariant: every vector here comes from the embedder named in `meta`; the ids are those of `chunks`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import apsw

from surefoot.store.rows import value

# A branch switch and back needs the vectors of both sides; the constant part serves small projects.
CACHE_PER_CHUNK = 2
CACHE_SLACK = 10_000


def create(connection: apsw.Connection, dimension: int) -> None:
    """Make an empty table for vectors of this dimension, in place of any other."""
    connection.execute("DROP TABLE IF EXISTS vectors")
    connection.execute(f"CREATE VIRTUAL TABLE vectors USING vec0 (vector int8[{dimension}] distance_metric=cosine)")


def put(connection: apsw.Connection, vectors: Iterable[tuple[int, bytes]]) -> None:
    """Record the vectors of new chunks."""
    connection.executemany("INSERT INTO vectors (rowid, vector) VALUES (?, vec_int8(?))", vectors)


def remove(connection: apsw.Connection, ids: Iterable[int]) -> None:
    """Forget the vectors of these chunks."""
    connection.executemany("DELETE FROM vectors WHERE rowid = ?", ((chunk_id,) for chunk_id in ids))


def cached(connection: apsw.Connection, keys: Sequence[str]) -> dict[str, bytes]:
    """The vectors known for these hashes of embedding texts."""
    statement = "SELECT vector FROM vector_cache WHERE key = ?"
    found = {key: value(connection, statement, (bytes.fromhex(key),)) for key in keys}
    return {key: vector for key, vector in found.items() if vector is not None}


def remember(connection: apsw.Connection, vectors: Mapping[str, bytes], now: int) -> None:
    """Keep the vectors for when their text comes back; `now` orders them by last use."""
    connection.executemany(
        "INSERT INTO vector_cache (key, used, vector) VALUES (?, ?, ?) "
        "ON CONFLICT (key) DO UPDATE SET used = excluded.used, vector = excluded.vector",
        ((bytes.fromhex(key), now, vector) for key, vector in vectors.items()),
    )


def forget_all(connection: apsw.Connection) -> None:
    """Empty the cache: its vectors are another embedder's."""
    connection.execute("DELETE FROM vector_cache")


def prune_cache(connection: apsw.Connection) -> int:
    """Drop the vectors unused for longest beyond the bound; returns how many."""
    excess: int = value(
        connection,
        "SELECT (SELECT count(*) FROM vector_cache) - ? * (SELECT count(*) FROM chunks) - ?",
        (CACHE_PER_CHUNK, CACHE_SLACK),
    )
    if excess <= 0:
        return 0
    connection.execute(
        "DELETE FROM vector_cache WHERE id IN (SELECT id FROM vector_cache ORDER BY used, id LIMIT ?)", (excess,)
    )
    return excess
