"""Opening SQLite, and lending connections so that no two threads use one at a time.

Invariant: a lent connection looks at the file that stands at the location now, not at one since moved aside.
"""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from surefoot.errors import StoreError
from surefoot.store.scope import register_path_filter

PAGE_SIZE = 8192  # a vector block is a quarter megabyte: larger pages mean shorter chains of them
BUSY_MILLISECONDS = 5000  # for the short locks that SQLite takes itself; long ones are waited for by WriteLock
READ_CACHE_KIB = 16 * 1024  # a connection's own copy of hot pages, the operating system holds the rest
WRITE_CACHE_KIB = 64 * 1024  # holds one batch of a cold run, so that no page is written twice
CHECKPOINT_PAGES = 4000  # 32 MB of log: a cold run rewrites index pages often, and pays once per checkpoint
LOG_KEPT_BYTES = 64 * 1024 * 1024  # what is left of a longer log is given back to the disk


def connect(location: Path, *, create: bool = False) -> apsw.Connection:
    """A connection for reading, or for creating and writing."""
    flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_NOMUTEX | (apsw.SQLITE_OPEN_CREATE if create else 0)
    connection = apsw.Connection(str(location), flags=flags)
    try:
        _configure(connection, cache_kib=WRITE_CACHE_KIB if create else READ_CACHE_KIB)
        if create:
            connection.execute(f"PRAGMA journal_size_limit = {LOG_KEPT_BYTES}")
            connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
            load_vectors(connection)
    except BaseException:
        connection.close()
        raise
    return connection


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


def load_vectors(connection: apsw.Connection) -> None:
    """Make `vec0` tables known to the connection. Only writing needs it."""
    connection.enable_load_extension(True)  # noqa: FBT003 - positional in apsw
    connection.load_extension(vectors_library())
    connection.enable_load_extension(False)  # noqa: FBT003 - positional in apsw


def vectors_library() -> str:
    """What `sqlite_vec.loadable_path()` says, without importing it: that would import numpy, for one annotation."""
    found = importlib.util.find_spec("sqlite_vec")
    if found is None or found.origin is None:
        raise StoreError("sqlite-vec is not installed; install Surefoot anew.")
    return str(Path(found.origin).with_name("vec0"))


def _configure(connection: apsw.Connection, *, cache_kib: int) -> None:
    connection.set_busy_timeout(BUSY_MILLISECONDS)
    connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
    if connection.pragma("journal_mode") != "wal":
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY")
    connection.execute(f"PRAGMA cache_size = -{cache_kib}")
    register_path_filter(connection)


FileIdentity = tuple[int, int]


def file_identity(location: Path) -> FileIdentity | None:
    """Which file stands at the location, None if there is none."""
    try:
        found = location.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


class ReadConnections:
    """A pool of connections for reading: one per read in progress, opened as needed and kept."""

    def __init__(self, location: Path) -> None:
        self._location = location
        self._idle: list[tuple[apsw.Connection, FileIdentity | None]] = []
        self._guard = threading.Lock()
        self._closed = False

    @contextmanager
    def lend(self) -> Iterator[apsw.Connection]:
        """A connection that nobody else uses until the block ends."""
        identity = file_identity(self._location)
        connection = self._take(identity) or connect(self._location)
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
            idle, self._idle = self._idle, []
        for connection, _ in idle:
            connection.close()

    def _take(self, wanted: FileIdentity | None) -> apsw.Connection | None:
        while True:
            with self._guard:
                if not self._idle:
                    return None
                connection, identity = self._idle.pop()
            if identity == wanted:
                return connection
            connection.close()
