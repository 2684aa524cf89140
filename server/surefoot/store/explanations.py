"""What was said of definitions, each under a key that changes with the lines that it was said of.

Invariant: functions of a connection; the caller owns the transaction. Of a file that is forgotten nothing stays, and of
all others no more than the latest `MOST_KEPT`.
"""

from __future__ import annotations

import apsw

from surefoot.store.rows import value
from surefoot.store.stored_text import loaded, stored

MOST_KEPT = 2_000  # half a megabyte; who asks ten times a day has those of half a year


def find(connection: apsw.Connection, key: str) -> str | None:
    """What is kept under the key."""
    found = value(connection, "SELECT content FROM explanations WHERE key = ?", (key,))
    return None if found is None else loaded(found)


def keep(connection: apsw.Connection, key: str, path: str, content: str) -> None:
    """Keep it, in the place of what was kept under this key; the oldest beyond the bound go."""
    statement = "INSERT OR REPLACE INTO explanations (key, path, content) VALUES (?, ?, ?)"
    connection.execute(statement, (key, stored(path), stored(content)))
    oldest = "SELECT id FROM explanations ORDER BY id DESC LIMIT -1 OFFSET ?"
    connection.execute(f"DELETE FROM explanations WHERE id IN ({oldest})", (MOST_KEPT,))  # noqa: S608 - a constant


def forget(connection: apsw.Connection, path: str) -> None:
    """Keep nothing of the file."""
    connection.execute("DELETE FROM explanations WHERE path = ?", (stored(path),))
