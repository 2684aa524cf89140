"""Rows about links: what a chunk names that is elsewhere, by the chunk that names it and by what is named.

Invariant: functions of a connection; the caller owns the transaction. A chunk's links come and go with it.
"""

# ruff: noqa: S608 - statements are put together from names in this file, values are bound
from __future__ import annotations

from collections.abc import Iterable, Sequence

import apsw

from surefoot.domain import Link, LinkKind
from surefoot.store.rows import rows
from surefoot.store.stored_text import loaded, stored

AT_ONCE = 500  # values bound to one statement


def put(connection: apsw.Connection, found: Iterable[tuple[int, Sequence[Link]]]) -> None:
    """Record the links of chunks by the ids of the chunks; of several to one target the first counts."""
    connection.executemany(
        "INSERT OR IGNORE INTO links (chunk_id, kind, target, line, score) VALUES (?, ?, ?, ?, ?)",
        ((number, str(link.kind), stored(link.target), link.line, link.score) for number, of in found for link in of),
    )


def remove(connection: apsw.Connection, ids: Iterable[int]) -> None:
    """Forget the links of these chunks."""
    connection.executemany("DELETE FROM links WHERE chunk_id = ?", ((number,) for number in ids))


def of_chunks(connection: apsw.Connection, ids: Sequence[int]) -> dict[int, list[Link]]:
    """What each of the chunks names, in the order of its lines; chunks without links are left out."""
    found: dict[int, list[Link]] = {}
    for begin in range(0, len(ids), AT_ONCE):
        some = tuple(ids[begin : begin + AT_ONCE])
        marks = ", ".join("?" * len(some))
        statement = f"SELECT chunk_id, kind, target, line, score FROM links WHERE chunk_id IN ({marks}) ORDER BY line"
        for number, kind, target, line, score in rows(connection, statement, some):
            found.setdefault(number, []).append(Link(LinkKind(kind), loaded(target), line, score))
    return found


def naming(connection: apsw.Connection, kind: LinkKind, targets: Sequence[str], limit: int) -> list[tuple[int, Link]]:
    """The chunks that name one of these targets, the latest first, each with its link; so many in all."""
    some = targets[:AT_ONCE]
    marks = ", ".join("?" * len(some))
    found = rows(
        connection,
        f"SELECT chunk_id, target, line, score FROM links WHERE target IN ({marks}) AND kind = ? "
        "ORDER BY chunk_id DESC LIMIT ?",
        (*map(stored, some), str(kind), limit),
    )
    return [(number, Link(kind, loaded(target), line, score)) for number, target, line, score in found]
