"""Reading rows whose column types the schema guarantees and the type checker cannot know.

Invariant: a statement is run to its end, so that no half-read cursor keeps a lock.
"""

from __future__ import annotations

from typing import Any

import apsw

Bindings = tuple[str | bytes | int | float, ...]


def rows(connection: apsw.Connection, statement: str, bindings: Bindings = ()) -> list[tuple[Any, ...]]:
    """All rows."""
    return connection.execute(statement, bindings).fetchall()


def value(connection: apsw.Connection, statement: str, bindings: Bindings = ()) -> Any:
    """The first column of the first row, None without rows."""
    found = connection.execute(statement, bindings).fetchall()
    return found[0][0] if found else None
