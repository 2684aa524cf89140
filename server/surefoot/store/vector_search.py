"""Finding the nearest vectors, with numpy over the blocks that `vec0` keeps.

Searching reads the blocks of 1,024 vectors that `vec0` keeps in its shadow tables and multiplies them with numpy:
exact, always fresh, and several times faster than the MATCH of sqlite-vec 0.1.9, which computes int8 distances one
component at a time and selects the best k in k passes (evals/bench/bench_store.py measures both). A test holds both
to the same result, so that a change of layout in a later sqlite-vec cannot go unnoticed.

Invariant: numpy, which takes longer to import than an unchanged index takes to check, is imported here alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import apsw
import numpy as np
import numpy.typing as npt

from surefoot.domain import Scope
from surefoot.store.rows import rows, value
from surefoot.store.scope import chunks_in_scope
from surefoot.store.vectors import create, put

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
