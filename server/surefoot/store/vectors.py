"""The vectors of chunks in a `vec0` table, and the cache that outlives them.

Invariant: every vector here comes from the embedder named in `meta`; the ids are those of `chunks`.

Searching reads the blocks of 1,024 vectors that `vec0` keeps in its shadow tables and multiplies them with numpy:
exact, always fresh, and several times faster than the MATCH of sqlite-vec 0.1.9, which computes int8 distances one
component at a time and selects the best k in k passes (evals/bench/bench_store.py measures both). A test holds both
to the same result, so that a change of layout in a later sqlite-vec cannot go unnoticed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import apsw
import numpy as np
import numpy.typing as npt

from surefoot.domain import Scope
from surefoot.store.rows import rows, value
from surefoot.store.scope import chunks_in_scope

Ids: TypeAlias = npt.NDArray[np.int64]
Components: TypeAlias = npt.NDArray[np.int8]
Scores: TypeAlias = npt.NDArray[np.float32]
Floats: TypeAlias = npt.NDArray[np.float32]

SCALE = 127  # what the embedder multiplies unit vectors with
# A matrix of so many takes 64 MB at 256 dimensions; larger indexes are read block by block for each question.
MOST_IN_MEMORY = 65_536
BLOCK = 1024  # vectors in one block of vec0
# vec0 never fills the gaps that deletions leave, so scans and the file grow with every re-indexed file. The table is
# written anew when it has half as many blocks again as it needs; the slack keeps small tables from it.
WASTEFUL_SHARE = 1.5
BLOCKS_OF_SLACK = 4
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


@dataclass(frozen=True, slots=True)
class Matrix:
    """All vectors of one generation in memory, as floats: five times faster to search than reading them again."""

    generation: int
    ids: Ids
    components: Floats


def load_matrix(connection: apsw.Connection, dimension: int, known: Matrix | None) -> Matrix | None:
    """The vectors as they are now: the `known` ones if nothing was written since; None if they would take too much."""
    generation = int(value(connection, "SELECT value FROM meta WHERE name = 'generation'"))
    if known is not None and known.generation == generation:
        return known
    if value(connection, "SELECT count(*) FROM vectors_rowids") > MOST_IN_MEMORY:
        return None
    # Should a write come in between, these vectors are newer than their label, and are read again next time.
    found = list(_blocks(connection, dimension))
    if not found:
        return Matrix(generation, np.empty(0, np.int64), np.empty((0, dimension), np.float32))
    ids = np.concatenate([ids for ids, _ in found])
    return Matrix(generation, ids, np.concatenate([components.astype(np.float32) for _, components in found]))


def nearest(
    connection: apsw.Connection, vector: bytes, scope: Scope, limit: int, matrix: Matrix | None = None
) -> list[tuple[int, float]]:
    """The chunks whose vectors are most alike, with the cosine of the angle between them."""
    wanted = np.frombuffer(vector, np.int8).astype(np.float32) / np.float32(SCALE * SCALE)
    if matrix is not None:
        all_ids, scores = matrix.ids, matrix.components @ wanted
    else:
        found = [(ids, components.astype(np.float32) @ wanted) for ids, components in _blocks(connection, len(vector))]
        if not found:
            return []
        all_ids, scores = np.concatenate([ids for ids, _ in found]), np.concatenate([scores for _, scores in found])
    allowed = _allowed(connection, scope)
    if allowed is not None:
        kept = np.isin(all_ids, allowed, assume_unique=True)
        all_ids, scores = all_ids[kept], scores[kept]
    return _best(all_ids, scores, limit)


def compact(connection: apsw.Connection, dimension: int) -> bool:
    """Write the table anew if it is mostly gaps; returns whether it was."""
    blocks = value(connection, "SELECT count(*) FROM vectors_chunks")
    needed = math.ceil(value(connection, "SELECT count(*) FROM vectors_rowids") / BLOCK)
    if blocks <= WASTEFUL_SHARE * needed + BLOCKS_OF_SLACK:
        return False
    kept = list(_blocks(connection, dimension))
    create(connection, dimension)
    for ids, components in kept:
        put(connection, ((int(i), bytes(v)) for i, v in zip(ids, components, strict=True)))
    return True


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


def _allowed(connection: apsw.Connection, scope: Scope) -> Ids | None:
    inside, bindings = chunks_in_scope(scope)
    if not inside:
        return None
    return np.fromiter((row[0] for row in rows(connection, inside, bindings)), np.int64)


def _blocks(connection: apsw.Connection, dimension: int) -> Iterator[tuple[Ids, Components]]:
    blocks = connection.execute(
        "SELECT c.rowids, c.validity, v.vectors FROM vectors_chunks c "
        "JOIN vectors_vector_chunks00 v ON v.rowid = c.chunk_id"
    )
    for ids, validity, components in blocks:
        used = np.unpackbits(np.frombuffer(validity, np.uint8), bitorder="little").astype(bool)
        all_ids = np.frombuffer(ids, np.int64)
        all_components = np.frombuffer(components, np.int8).reshape(-1, dimension)
        yield (all_ids, all_components) if used.all() else (all_ids[used], all_components[used])


def _best(ids: Ids, scores: Scores, limit: int) -> list[tuple[int, float]]:
    if limit < len(scores):
        chosen = np.argpartition(-scores, limit)[:limit]
        ids, scores = ids[chosen], scores[chosen]
    order = np.lexsort((ids, -scores))  # equal scores in the order of ids, so that answers repeat
    return [(int(ids[i]), float(scores[i])) for i in order[:limit]]
