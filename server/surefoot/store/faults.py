"""What SQLite and the file system refuse, in one sentence each.

Invariant: no apsw exception leaves the store; a damaged database is marked, so that the next opening rebuilds it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from surefoot.errors import StoreBusyError, StoreDamagedError, StoreError, StoreFullError, StoreUnwritableError

DAMAGED = (apsw.CorruptError, apsw.NotADBError, apsw.FormatError)
LOST_TABLE = re.compile(r"(?:SQLError: )?no such (?:table|column)")  # our statements know the schema: the file lost it
SHORT_READ = 522  # SQLITE_IOERR_SHORT_READ: the log ends before what the index of it says, as somebody has cut it
UNWRITABLE = (apsw.ReadOnlyError, apsw.CantOpenError, apsw.PermissionsError, apsw.AuthError)
# SQLite reports a full disk as an I/O error where it grows the -shm file; less space than this is "full".
NEARLY_NOTHING = 1024 * 1024


def display_name(location: Path) -> str:
    """What people call the thing behind a database: `flask-1a2b3c.db` is the index of flask."""
    return location.stem.rpartition("-")[0] or location.stem


def busy(location: Path) -> StoreBusyError:
    """The error for a lock that another process did not give up in time."""
    return StoreBusyError(f"Another Surefoot process is indexing {display_name(location)}; try again when it is done.")


def damage_mark(location: Path) -> Path:
    """The file whose presence says that damage was found while the database was in use."""
    return location.with_name(location.name + ".damage-found")


@contextmanager
def explained(location: Path) -> Iterator[None]:
    """Turn what apsw raises in the block into a StoreError."""
    try:
        yield
    except apsw.Error as error:
        raise _of_sqlite(error, location) from error


@contextmanager
def folder_explained(location: Path) -> Iterator[None]:
    """Turn an OSError of the block, which works on the folder of the database, into a StoreError."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _full(location) from error
        raise unwritable(location) from error


def can_be_written(location: Path) -> bool:
    """Whether the database and its folder are writable, as far as can be told without writing; or can be made."""
    folder = location.parent
    if not folder.exists():
        return True  # whoever makes it will see
    return os.access(folder, os.W_OK | os.X_OK) and (not location.exists() or os.access(location, os.W_OK))


def _of_sqlite(error: apsw.Error, location: Path) -> StoreError:
    name = display_name(location)
    if is_damage(error):
        with contextlib.suppress(OSError):
            damage_mark(location).touch()
        return StoreDamagedError(f"The index of {name} is damaged; it will be rebuilt the next time it is opened.")
    if isinstance(error, apsw.CantOpenError) and not location.exists() and can_be_written(location):
        return StoreDamagedError(f"The index of {name} has been deleted; it is made again with the next indexing.")
    is_vague = isinstance(error, (apsw.IOError, apsw.CantOpenError))
    if isinstance(error, apsw.FullError) or (is_vague and _disk_is_full(location)):
        return _full(location)
    if isinstance(error, (apsw.BusyError, apsw.LockedError)):
        return busy(location)
    # A program with too many open files cannot open one more in a folder that is in order.
    if isinstance(error, UNWRITABLE) and not (isinstance(error, apsw.CantOpenError) and can_be_written(location)):
        return unwritable(location)
    return StoreError(f"The index of {name} cannot be used ({error}).")


def is_damage(error: apsw.Error) -> bool:
    """Whether it says that the file is not what was once written."""
    is_cut = isinstance(error, apsw.IOError) and getattr(error, "extendedresult", 0) == SHORT_READ
    return isinstance(error, DAMAGED) or is_cut or LOST_TABLE.match(str(error)) is not None


def _disk_is_full(location: Path) -> bool:
    try:
        return shutil.disk_usage(location.parent).free < NEARLY_NOTHING
    except OSError:
        return False


def _full(location: Path) -> StoreFullError:
    return StoreFullError(
        f"No space is left in {location.parent}; free some, or set SUREFOOT_CACHE_DIR to a folder with more."
    )


def unwritable(location: Path) -> StoreUnwritableError:
    """The error for a folder, or a database in it, that may not be written."""
    return StoreUnwritableError(f"{location.parent} cannot be written; set SUREFOOT_CACHE_DIR to a folder that can.")
