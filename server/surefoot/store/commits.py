"""Rows about commits: which are indexed, and which of them touched a file.

Invariant: functions of a connection; the caller owns the transaction.
"""

# ruff: noqa: S608 - statements are put together from names in this file, values are bound
from __future__ import annotations

from collections.abc import Sequence

import apsw

from surefoot.domain import COMMIT, LinkKind, Source
from surefoot.store.rows import rows
from surefoot.store.sources import OTHER_SOURCES
from surefoot.store.stored_text import loaded, stored

IS_COMMIT = f"source = '{Source.COMMITS}' AND {OTHER_SOURCES}"  # the second for the index of the schema


def all_digits(connection: apsw.Connection) -> frozenset[str]:
    """The digits of all commits that are indexed."""
    found = rows(connection, f"SELECT path FROM files WHERE {IS_COMMIT}")
    return frozenset(loaded(path).removeprefix(COMMIT) for (path,) in found)


def unread(connection: apsw.Connection) -> frozenset[str]:
    """Those among them that another version of Surefoot has read."""
    found = rows(connection, f"SELECT path FROM files WHERE {IS_COMMIT} AND content_hash = ''")
    return frozenset(loaded(path).removeprefix(COMMIT) for (path,) in found)


def beginning_with(connection: apsw.Connection, digits: str, limit: int) -> list[str]:
    """The paths of indexed commits that begin with these digits."""
    found = rows(
        connection,
        "SELECT path FROM files WHERE path >= ? AND path < ? ORDER BY path LIMIT ?",
        (f"{COMMIT}{digits}", f"{COMMIT}{digits}g", limit),
    )
    return [loaded(path) for (path,) in found]


def touching(connection: apsw.Connection, path: str, functions: Sequence[str], limit: int) -> list[int]:
    """The chunks of commits that name this file, the latest first; with `functions`, those that name one of these too.

    `path` and `functions` are keys of links.
    """
    marks = ", ".join("?" * len(functions))
    inside = f"SELECT 1 FROM links s WHERE s.chunk_id = l.chunk_id AND s.kind = ? AND s.target IN ({marks})"
    found = rows(
        connection,
        "SELECT l.chunk_id FROM links l JOIN chunks c ON c.id = l.chunk_id JOIN files f ON f.id = c.file_id "
        f"WHERE l.target = ? AND l.kind = ? AND c.source = ? {f'AND EXISTS ({inside})' if functions else ''} "
        "ORDER BY f.mtime_ns DESC, f.id, l.line LIMIT ?",
        (
            *(stored(path), str(LinkKind.PATH), str(Source.COMMITS)),
            *((str(LinkKind.SYMBOL), *map(stored, functions)) if functions else ()),
            limit,
        ),
    )
    return [number for (number,) in found]
