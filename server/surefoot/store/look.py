"""One look at an index: all that a thread reads meanwhile is of one commit, and what it asks for twice is read once.

A question about tickets makes hundreds of small reads. Three in ten were asked before, and a tenth of the whole search
went into finding out whether the file was still the same.

Invariant: nothing outlives the block that it was read in; what is handed out is shared, and not to be changed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar, cast

import apsw

from surefoot.store.connections import one_state

Read = TypeVar("Read")


@dataclass(slots=True)
class Look:
    """A connection in a transaction, and what was read by it."""

    connection: apsw.Connection
    known: dict[object, object] = field(default_factory=dict)

    def once(self, key: object, read: Callable[[apsw.Connection], Read]) -> Read:
        """What was read under this key, or is now."""
        if key not in self.known:
            self.known[key] = read(self.connection)
        return cast("Read", self.known[key])


class Looks(threading.local):
    """The look of each thread that is taking one."""

    now: Look | None = None

    @contextmanager
    def taken(self, connection: apsw.Connection) -> Iterator[None]:
        """One that ends with the block."""
        with one_state(connection):
            self.now = Look(connection)
            try:
                yield
            finally:
                self.now = None
