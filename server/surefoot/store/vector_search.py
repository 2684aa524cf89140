"""Finding the nearest vectors: three looks, each closer, at fewer and fewer of them.

All are compared by the signs of their components, the best of those by two bits a component, both in memory, and the
best of those exactly, by the int8 components in the database. What an index of some thousand chunks holds passes the
first two looks anyway, so there the result is exact; evals/bench/bench_vectors.py measures what larger ones lose.

Invariant: of equal scores the lower id goes before, at every look, so that answers repeat whoever wrote the index and
in whatever order. Numpy, which takes longer to import than an unchanged index takes to check, is imported here and in
the modules about codes, and nowhere else in the store.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TypeAlias

import apsw
import numpy as np
import numpy.typing as npt

from surefoot.domain import Scope
from surefoot.store.code_blocks import Ids
from surefoot.store.code_memory import CodeMemory, Mask, Rows, State
from surefoot.store.codes import FAR, LENGTH, Components, Question
from surefoot.store.rows import rows

Scores: TypeAlias = npt.NDArray[np.float32]
Numbers: TypeAlias = npt.NDArray[np.uint16] | Scores

# How many pass the first look: a share, as the larger an index is the more in it is close to a question, and no fewer
# than cost nothing. And the second: each is a row of the database to read.
PASS_SIGNS_SHARE = 1 / 32
PASS_SIGNS = 8192
PASS_BOTH = 1024
PASS_BOTH_FOR_ONE = 8  # of those that are asked for, should these be many
# Two looks at so few cost as much as reading them.
ALL_READ = 4096


def nearest(
    connection: apsw.Connection, memory: CodeMemory, vector: bytes, scope: Scope, limit: int
) -> list[tuple[int, float]]:
    """The chunks whose vectors are most alike, with the cosine of the angle between them. In a transaction."""
    state = memory.at(connection, len(vector))
    wanted = np.frombuffer(vector, np.int8)
    most = max(PASS_BOTH, limit * PASS_BOTH_FOR_ONE)
    left = _not_far(state, wanted, memory.mask(connection, state, scope), most)
    ids, scores = _read(connection, wanted, state.ids[left])
    chosen = _lowest(-scores, ids, limit)
    order = chosen[np.lexsort((ids[chosen], -scores[chosen]))]
    return [(int(ids[row]), float(scores[row])) for row in order]


def similarities(connection: apsw.Connection, vector: bytes, ids: Sequence[int]) -> dict[int, float]:
    """The cosine of the angle between a vector and those of some chunks; chunks without one are left out."""
    found, scores = _read(connection, np.frombuffer(vector, np.int8), np.array(ids, np.int64))
    return dict(zip(found.tolist(), scores.tolist(), strict=True))


def _not_far(state: State, vector: Components, used: Mask, most: int) -> Rows:
    """The rows that are worth reading."""
    number = np.count_nonzero(used)
    if number <= max(ALL_READ, most):
        return np.flatnonzero(used)
    question = Question(vector)
    pass_signs = max(PASS_SIGNS, int(number * PASS_SIGNS_SHARE), 2 * most)
    if number > pass_signs:
        distances = question.distances(state.planes[:, : state.count])
        distances[~used] = FAR
        left = _lowest(distances, state.ids[: state.count], pass_signs)
    else:
        left = np.flatnonzero(used)
    estimates = question.estimates(state.planes[:, left].T)
    return left[_lowest(-estimates, state.ids[left], most)]


def _read(connection: apsw.Connection, vector: Components, ids: Ids) -> tuple[Ids, Scores]:
    """The ids among these that have a vector, and their cosines."""
    found = rows(
        connection,
        "SELECT v.id, v.vector FROM json_each(?) wanted CROSS JOIN vectors v ON v.id = wanted.value",
        (json.dumps(np.sort(ids).tolist()),),
    )
    components = np.frombuffer(b"".join([row[1] for row in found]), np.int8).reshape(-1, len(vector))
    # The sums are whole numbers below 127 x 127, as of any two such vectors, and exact in whatever order.
    sums = components.astype(np.float32) @ vector.astype(np.float32)
    return np.array([row[0] for row in found], np.int64), sums / np.float32(LENGTH * LENGTH)


def _lowest(numbers: Numbers, ids: Ids, limit: int) -> Rows:
    """The positions of the lowest numbers, of equal ones those of the lower ids."""
    if limit <= 0 or limit >= len(numbers):
        return np.arange(len(numbers) if limit > 0 else 0)
    last = np.partition(numbers, limit - 1)[limit - 1]
    lower, equal = np.flatnonzero(numbers < last), np.flatnonzero(numbers == last)
    if len(lower) + len(equal) > limit:
        equal = equal[np.argsort(ids[equal])[: limit - len(lower)]]
    return np.concatenate([lower, equal])
