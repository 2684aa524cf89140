"""How many rows there are, kept count of: counting a million anew takes longer than answering a question.

Invariant: the numbers are changed in the transaction that changes the rows, so that no reader sees them differ.
"""

from __future__ import annotations

from collections.abc import Mapping

import apsw

from surefoot.store.rows import rows

CHUNKS = "chunks"
SYMBOLS = "symbols"
LANGUAGE = "language."  # before the name of one
SOURCE = "source."  # likewise


def add(connection: apsw.Connection, differences: Mapping[str, int]) -> None:
    """Count what came, and what went as less than nothing."""
    changed = [(number, name) for name, number in differences.items() if number]
    connection.executemany(
        "INSERT OR IGNORE INTO tallies (name, number) VALUES (?, 0)", [(name,) for _, name in changed]
    )
    connection.executemany("UPDATE tallies SET number = number + ? WHERE name = ?", changed)


def read(connection: apsw.Connection) -> dict[str, int]:
    """All numbers."""
    return dict(rows(connection, "SELECT name, number FROM tallies"))


def named(found: Mapping[str, int], begin: str) -> dict[str, int]:
    """Those numbers whose names begin so, by the rest of the name."""
    return {name.removeprefix(begin): number for name, number in found.items() if name.startswith(begin)}
