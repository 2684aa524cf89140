"""Opening SQLite, and lending connections so that no two threads use one at a time.

Invariant: a lent connection looks at the file that stands at the location now, not at one since moved aside.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from surefoot.store.scope import register_path_filter

PAGE_SIZE = 8192  # texts of chunks are longer than a row that smaller pages hold well
BUSY_MILLISECONDS = 5000  # for the short locks that SQLite takes itself; long ones are waited for by WriteLock
READ_CACHE_KIB = 16 * 1024  # a connection's own copy of hot pages, the operating system holds the rest
WRITE_CACHE_KIB = 64 * 1024  # holds one batch of a cold run, so that no page is written twice
CHECKPOINT_PAGES = 4000  # 32 MB of log: a cold run rewrites index pages often, and pays once per checkpoint
LATEST_CHECKPOINT_PAGES = 16_000  # of a log that is to be written back later
LOG_KEPT_BYTES = 64 * 1024 * 1024  # what is left of a longer log is given back to the disk


def connect(location: Path, *, create: bool = False) -> apsw.Connection:
    """A connection for reading, or for creating and writing."""
    flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_NOMUTEX | (apsw.SQLITE_OPEN_CREATE if create else 0)
    connection = apsw.Connection(str(location), flags=flags)
    try:
        if create:
            # Both have an effect on a new file alone, but on another one the second takes the lock of a writer, which
            # no reader may wait for. Space is given back by `space.give_back`.
            connection.set_busy_timeout(BUSY_MILLISECONDS)
            connection.execute(f"PRAGMA page_size = {PAGE_SIZE}; PRAGMA auto_vacuum = INCREMENTAL")
        _configure(connection, cache_kib=WRITE_CACHE_KIB if create else READ_CACHE_KIB)
        if create:
            connection.execute(f"PRAGMA journal_size_limit = {LOG_KEPT_BYTES}")
            write_back_from(connection, CHECKPOINT_PAGES)
    except BaseException:
        connection.close()
        raise
    return connection


def write_back_from(connection: apsw.Connection, pages: int) -> None:
    """From how long a log on a commit writes it back into the database."""
    connection.execute(f"PRAGMA wal_autocheckpoint = {pages}")


@contextmanager
def transaction(connection: apsw.Connection) -> Iterator[None]:
    """All of the block or nothing. The write lock is taken at once: one taken after reading can be refused.

    Not `with connection`: apsw waits for the lock there without letting other threads run, so that a thread which
    holds it cannot end its own transaction.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite itself rolls back when the disk is full
            connection.execute("ROLLBACK")
        raise


@contextmanager
def one_state(connection: apsw.Connection) -> Iterator[None]:
    """All that the block reads is of one commit, whatever is written meanwhile."""
    if connection.in_transaction:  # that commit is chosen
        yield
        return
    connection.execute("BEGIN")
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.execute("COMMIT")


def _configure(connection: apsw.Connection, *, cache_kib: int) -> None:
    connection.set_busy_timeout(BUSY_MILLISECONDS)
    if connection.pragma("journal_mode") != "wal":
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY")
    connection.execute(f"PRAGMA cache_size = -{cache_kib}")
    register_path_filter(connection)


FileIdentity = tuple[int, int]
# Of the database and of its log, which stays as long as any connection is open; a log that goes is a fault.
Identities = tuple[FileIdentity | None, FileIdentity | None]


def file_identity(location: Path) -> FileIdentity | None:
    """Which file stands at the location, None if there is none."""
    try:
        found = location.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def identities(location: Path) -> Identities:
    """Which files a connection that is opened now works on, once it has read something."""
    return file_identity(location), file_identity(location.with_name(location.name + "-wal"))


class ReadConnections:
    """A pool of connections for reading: one per read in progress, opened as needed and kept."""

    def __init__(self, location: Path) -> None:
        self._location = location
        self._idle: list[tuple[apsw.Connection, Identities]] = []
        self._guard = threading.Lock()
        self._closed = False

    @contextmanager
    def lend(self) -> Iterator[apsw.Connection]:
        """A connection that nobody else uses until the block ends."""
        connection, identity = self._take(identities(self._location)) or self._opened()
        try:
            yield connection
        finally:
            with self._guard:
                keep = not self._closed
                if keep:
                    self._idle.append((connection, identity))
            if not keep:
                connection.close()

    def close(self) -> None:
        """Close the idle connections now, and the lent ones as they come back."""
        with self._guard:
            self._closed = True
        self.close_idle()

    def close_idle(self) -> None:
        """Let go of the file as far as nobody reads it just now."""
        with self._guard:
            idle, self._idle = self._idle, []
        for connection, _ in idle:
            connection.close()

    def _opened(self) -> tuple[apsw.Connection, Identities]:
        """A new connection and the files that it works on; should they be swapped meanwhile, once more."""
        while True:
            before = file_identity(self._location)
            connection = connect(self._location)
            found = identities(self._location)
            if found[0] == before:
                return connection, found
            connection.close()

    def _take(self, wanted: Identities) -> tuple[apsw.Connection, Identities] | None:
        while True:
            with self._guard:
                if not self._idle:
                    return None
                connection, identity = self._idle.pop()
            if identity == wanted:
                return connection, identity
            connection.close()
