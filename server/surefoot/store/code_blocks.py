"""The codes of vectors in the database, in blocks, and the log of blocks that changed.

A block holds the codes of those of 32 consecutive ids that have a vector: a million are read in some 50 ms, where
single rows would take half a second, and a saved file changes two or three blocks.

Invariant: functions of a connection; the caller owns the transaction, in which `vectors` changes too. A reader that
knew the state of a generation no older than the oldest entry of the log finds every later change there.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import apsw
import numpy as np
import numpy.typing as npt

from surefoot.store.codes import Codes, encoded, words_of
from surefoot.store.rows import rows

BLOCK_BITS = 5  # of an id tell its place in a block; more would make rows that fill pages badly
BLOCK = 1 << BLOCK_BITS
# Blocks that one transaction may enter in the log; after a larger one, reading all is quicker than catching up.
MOST_LOGGED = 1024
LOG_KEPT = 4096  # entries; a reader that fell further behind reads all
WORD_BYTES = 8
AT_ONCE = 256  # blocks read at once: half a megabyte

Ids = npt.NDArray[np.int64]
_BIT = np.left_shift(np.uint64(1), np.arange(BLOCK, dtype=np.uint64))


def write(
    connection: apsw.Connection, came: Mapping[int, bytes], went: Iterable[int], dimension: int, generation: int
) -> None:
    """Bring the blocks up to date with vectors that came and chunks that lost theirs, and enter them in the log."""
    vectors = np.frombuffer(b"".join(came.values()), np.int8).reshape(len(came), dimension)
    new: dict[int, dict[int, bytes]] = defaultdict(dict)
    for number, code in zip(came, encoded(vectors), strict=True):
        new[number >> BLOCK_BITS][number & BLOCK - 1] = code.tobytes()
    gone: dict[int, list[int]] = defaultdict(list)
    for number in went:
        gone[number >> BLOCK_BITS].append(number & BLOCK - 1)
    touched = sorted({*new, *gone})
    for block in touched:
        _change(connection, block, new.get(block, {}), gone.get(block, ()), 2 * WORD_BYTES * words_of(dimension))
    _log(connection, generation, touched)


def read_all(connection: apsw.Connection, dimension: int) -> Iterator[tuple[Ids, Codes]]:
    """All ids and codes in the order of ids, some at a time: what is worked on stays in the processor's cache."""
    cursor = connection.execute("SELECT block, present, codes FROM vector_codes ORDER BY block")
    while some := list(islice(cursor, AT_ONCE)):
        yield _decoded(some, dimension)


def read(connection: apsw.Connection, dimension: int, blocks: Sequence[int]) -> tuple[Ids, Codes]:
    """The ids and codes in these blocks."""
    statement = (
        "SELECT block, present, codes FROM json_each(?) wanted CROSS JOIN vector_codes ON block = wanted.value "
        "ORDER BY block"
    )
    return _decoded(rows(connection, statement, (json.dumps(blocks),)), dimension)


def _decoded(found: Sequence[tuple[Any, ...]], dimension: int) -> tuple[Ids, Codes]:
    numbers = np.array([row[0] for row in found], np.int64)
    present = np.array([row[1] for row in found], np.uint64)
    codes = np.frombuffer(b"".join([row[2] for row in found]), np.uint64).reshape(-1, 2 * words_of(dimension))
    places = np.nonzero(present[:, np.newaxis] & _BIT)
    return (numbers[places[0]] << BLOCK_BITS) + places[1], codes


def changed_since(connection: apsw.Connection, generation: int) -> list[int] | None:
    """The blocks that changed after the generation; None where the log does not go back so far."""
    found: set[int] = set()
    for at, block in connection.execute("SELECT generation, block FROM vector_changes ORDER BY id DESC"):
        if at <= generation:
            return sorted(found)
        found.add(block)
    return None


def _change(connection: apsw.Connection, block: int, new: dict[int, bytes], gone: Iterable[int], size: int) -> None:
    codes: dict[int, bytes] = {}
    for present, known in rows(connection, "SELECT present, codes FROM vector_codes WHERE block = ?", (block,)):
        places = [place for place in range(BLOCK) if present >> place & 1]
        codes = {place: known[n * size : (n + 1) * size] for n, place in enumerate(places)}
    for place in gone:
        codes.pop(place, None)
    codes |= new
    if codes:
        entry = (block, sum(1 << place for place in codes), b"".join(codes[place] for place in sorted(codes)))
        connection.execute("INSERT OR REPLACE INTO vector_codes VALUES (?, ?, ?)", entry)
    else:
        connection.execute("DELETE FROM vector_codes WHERE block = ?", (block,))


def _log(connection: apsw.Connection, generation: int, blocks: Sequence[int]) -> None:
    if len(blocks) > MOST_LOGGED:
        _log_all(connection, generation)
        return
    connection.executemany(
        "INSERT INTO vector_changes (generation, block) VALUES (?, ?)", ((generation, block) for block in blocks)
    )
    # The newest of what is dropped stays: it says how far the log goes back.
    connection.execute("DELETE FROM vector_changes WHERE id < (SELECT max(id) FROM vector_changes) - ?", (LOG_KEPT,))


def _log_all(connection: apsw.Connection, generation: int) -> None:
    connection.execute("DELETE FROM vector_changes")
    connection.execute("INSERT INTO vector_changes (generation, block) VALUES (?, -1)", (generation,))
