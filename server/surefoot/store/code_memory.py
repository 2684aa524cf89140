"""The codes of all vectors in memory, and how they follow what any process writes.

Each state is a value: a thread that searches keeps the one it took. A later state shares its arrays, with more behind
their end and some rows dead; when too much is dead or out of order, all is read anew.

Invariant: only the newest state is ever followed up, and by one thread at a time (CodeMemory sees to it), so that no
two states write behind the end of the same arrays.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TypeAlias

import apsw
import numpy as np
import numpy.typing as npt

from surefoot.domain import Scope
from surefoot.store import code_blocks, tallies
from surefoot.store.code_blocks import BLOCK_BITS, Ids
from surefoot.store.codes import WORD, Planes, words_of
from surefoot.store.rows import rows, value
from surefoot.store.scope import chunks_in_scope
from surefoot.store.vectors import VECTORS

Rows: TypeAlias = npt.NDArray[np.intp]
Mask: TypeAlias = npt.NDArray[np.bool_]

# Rows behind the sorted ones, dead ones among them, before all is read anew: an eighth slows a search by as much.
UNSORTED_SHARE = 1 / 8
UNSORTED_SLACK = 8192  # and not below what is read at once


@dataclass(frozen=True, slots=True)
class State:
    """The codes of one generation. Row n of `ids` and column n of `planes` belong together, up to `count`."""

    generation: int
    ids: Ids
    planes: Planes
    count: int
    sorted: int  # the first so many rows are in the order of their ids
    dead: Rows  # sorted

    @property
    def live(self) -> int:
        """How many vectors there are."""
        return self.count - len(self.dead)

    def used(self) -> Mask:
        """Which rows count."""
        found = np.ones(self.count, np.bool_)
        found[self.dead] = False
        return found


class CodeMemory:
    """The newest known state of one database; threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state: State | None = None
        # The rows that the last question could see: the next is mostly asked of the same. Replaced whole.
        self._seen: tuple[State, Scope, Mask] | None = None

    def at(self, connection: apsw.Connection, dimension: int) -> State:
        """The codes as the connection's transaction sees them."""
        generation, expected = _expected(connection)
        known = self._state
        if known is not None and known.generation == generation:
            return known
        with self._lock:
            found = followed(connection, self._state, generation)
            if found is None or found.live != expected:  # too much happened, or the log is damaged
                found = loaded(connection, dimension, generation, expected)
            self._state = found
            return found

    def mask(self, connection: apsw.Connection, state: State, scope: Scope) -> Mask:
        """Which rows are in scope."""
        seen = self._seen
        if seen is not None and seen[0] is state and seen[1] == scope:
            return seen[2]
        found = state.used()
        inside, bindings = chunks_in_scope(scope)
        if inside:
            allowed = np.array([row[0] for row in rows(connection, inside, bindings)], np.int64)
            found &= np.isin(state.ids[: state.count], allowed)
        self._seen = state, scope, found
        return found


def loaded(connection: apsw.Connection, dimension: int, generation: int, expected: int) -> State:
    """All codes, in arrays with room for some more; so many are `expected`, and any other number is right as well."""
    room, count = expected + _slack(expected), 0
    ids, planes = np.empty(room, np.int64), np.empty((2 * words_of(dimension), room), np.uint64)
    for some, codes in code_blocks.read_all(connection, dimension):
        while count + len(some) > len(ids):
            ids = np.concatenate([ids, np.empty_like(ids)])
            planes = np.concatenate([planes, np.empty_like(planes)], axis=1)
        ids[count : count + len(some)] = some
        planes[:, count : count + len(some)] = codes.T
        count += len(some)
    return State(generation, ids, planes, count, count, np.empty(0, np.intp))


def followed(connection: apsw.Connection, known: State | None, generation: int) -> State | None:
    """The known state with what changed since; None where reading all is needed, or cheaper."""
    # A lower generation is of a slower thread, or of a clock that was set back before the file was made anew.
    if known is None or known.generation >= generation:
        return known if known is not None and known.generation == generation else None
    blocks = code_blocks.changed_since(connection, known.generation)
    if blocks is None:
        return None
    if not blocks:
        return replace(known, generation=generation)
    ids, codes = code_blocks.read(connection, known.planes.shape[0] // 2 * WORD, blocks)
    count = known.count + len(ids)
    dead = np.union1d(known.dead, _rows_of(known, blocks))
    if count > len(known.ids) or len(dead) > _slack(known.count):
        return None
    known.ids[known.count : count] = ids
    known.planes[:, known.count : count] = codes.T
    return replace(known, generation=generation, count=count, dead=dead)


def _slack(count: int) -> int:
    return UNSORTED_SLACK + int(UNSORTED_SHARE * count)


def _expected(connection: apsw.Connection) -> tuple[int, int]:
    """The generation, and how many vectors there are in it."""
    generation = value(connection, "SELECT value FROM meta WHERE name = 'generation'")
    return int(generation), tallies.read(connection).get(VECTORS, 0)


def _rows_of(state: State, blocks: list[int]) -> Rows:
    """The rows of the ids in these blocks."""
    wanted = np.array(blocks, np.int64) << BLOCK_BITS
    in_order = state.ids[: state.sorted]
    begins, ends = np.searchsorted(in_order, wanted), np.searchsorted(in_order, wanted + (1 << BLOCK_BITS))
    ranges = [np.arange(begin, end) for begin, end in zip(begins, ends, strict=True)]
    behind = np.flatnonzero(np.isin(state.ids[state.sorted : state.count] >> BLOCK_BITS, blocks)) + state.sorted
    return np.concatenate([*ranges, behind])
