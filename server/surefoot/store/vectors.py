"""The vectors of chunks, and the cache that outlives them: writing and looking up by key.

They stand in a plain table; ARCHITECTURE.md says why not in one of sqlite-vec's.

Invariant: every vector here comes from the embedder named in `meta`; the ids are those of `chunks`. Whatever changes
in `vectors` changes in `vector_codes` and is logged by the end of the transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import apsw

from surefoot.store import tallies
from surefoot.store.rows import value

VECTORS = "vectors"  # in tallies

# A branch switch and back needs the vectors of both sides; the constant part serves small projects.
CACHE_PER_CHUNK = 2
CACHE_SLACK = 10_000


class VectorChanges:
    """What one transaction does to the vectors. The codes follow at its end, each block of them once."""

    def __init__(self, connection: apsw.Connection, dimension: int) -> None:
        self._connection = connection
        self._dimension = dimension
        self._came: dict[int, bytes] = {}
        self._went: set[int] = set()
        self._growth = 0

    def put(self, vectors: Sequence[tuple[int, bytes]]) -> None:
        """Record the vectors of chunks that have none."""
        self._connection.executemany("INSERT INTO vectors VALUES (?, ?)", vectors)
        self._came.update(vectors)
        self._growth += len(vectors)

    def remove(self, ids: Iterable[int]) -> None:
        """Forget the vectors of these chunks, as far as they have any."""
        before = self._connection.total_changes()
        self._connection.executemany("DELETE FROM vectors WHERE id = ?", ((chunk_id,) for chunk_id in ids))
        self._growth -= self._connection.total_changes() - before
        for chunk_id in ids:
            self._came.pop(chunk_id, None)
            self._went.add(chunk_id)

    @property
    def brings_any(self) -> bool:
        """Whether any chunk got a vector."""
        return bool(self._came)

    @property
    def number(self) -> int:
        """How many chunks changed."""
        return len(self._came) + len(self._went)

    def finish(self, generation: int) -> None:
        """Bring the codes up to date; the last step before the commit."""
        if self._came or self._went:
            from surefoot.store import code_blocks  # noqa: PLC0415 - numpy; see vector_search

            code_blocks.write(self._connection, self._came, self._went, self._dimension, generation)
            tallies.add(self._connection, {VECTORS: self._growth})


def clear(connection: apsw.Connection) -> None:
    """Forget all vectors: those to come are another embedder's."""
    connection.execute("DELETE FROM vectors; DELETE FROM vector_codes; DELETE FROM vector_changes")
    connection.execute("DELETE FROM tallies WHERE name = ?", (VECTORS,))
    # Whoever keeps codes in memory finds a new generation, and a log that does not go back to theirs.
    connection.execute("UPDATE meta SET value = value + 1 WHERE name = 'generation'")
    connection.execute(
        "INSERT INTO vector_changes (generation, block) SELECT value, -1 FROM meta WHERE name = 'generation'"
    )


def cached(connection: apsw.Connection, keys: Sequence[str]) -> dict[str, bytes]:
    """The vectors known for these hashes of embedding texts."""
    statement = "SELECT vector FROM vector_cache WHERE key = ?"
    found = {key: value(connection, statement, (bytes.fromhex(key),)) for key in keys}
    return {key: vector for key, vector in found.items() if vector is not None}


def remember(connection: apsw.Connection, vectors: Mapping[str, bytes]) -> None:
    """Keep the vectors for when their text comes back; those used last have the highest ids."""
    connection.executemany(
        "INSERT OR REPLACE INTO vector_cache (key, vector) VALUES (?, ?)",
        ((bytes.fromhex(key), vector) for key, vector in vectors.items()),
    )


def forget_all(connection: apsw.Connection) -> None:
    """Empty the cache: its vectors are another embedder's."""
    connection.execute("DELETE FROM vector_cache")


def prune_cache(connection: apsw.Connection, most: int) -> int:
    """Drop the vectors unused for longest beyond the bound, `most` at once; returns how many."""
    chunks = tallies.read(connection).get(tallies.CHUNKS, 0)
    bound = CACHE_PER_CHUNK * chunks + CACHE_SLACK
    # Asked apart, each is one look at an end of the table; together they make SQLite read all of it.
    lowest = value(connection, "SELECT min(id) FROM vector_cache") or 0
    highest = value(connection, "SELECT max(id) FROM vector_cache") or 0
    if highest - lowest < bound:  # counting them takes a while where they are a million
        return 0
    excess: int = min(most, value(connection, "SELECT count(*) FROM vector_cache") - bound)
    if excess > 0:
        connection.execute(
            "DELETE FROM vector_cache WHERE id IN (SELECT id FROM vector_cache ORDER BY id LIMIT ?)", (excess,)
        )
    return max(0, excess)
