"""Where an index lives that no folder of the user's can take: a temporary one, in memory where there is one.

Invariant: a folder lives as long as its owner; one whose owner was killed is removed by whoever makes the next one.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path

import filelock

MEMORY = Path("/dev/shm")  # noqa: S108 - Linux keeps what is in here in memory; each folder is its owner's alone
PREFIX = "surefoot-memory-"
LOCK = ".lock"
OWNER_ONLY = 0o700
# A container often has 64 MB there, which the index of a large project fills; then the temporary folder is the better.
ROOM = 1024 * 1024 * 1024


class MemoryFolder:
    """A folder of this process's own. Close it when done; it is also removed when the program ends."""

    def __init__(self, path: Path, lock: filelock.BaseFileLock) -> None:
        self.path = path
        self.close = weakref.finalize(self, _remove_as, os.getpid(), path, lock)

    @classmethod
    def make(cls, places: Sequence[Path] | None = None) -> MemoryFolder:
        """A new, empty one. Raises OSError where no place has any."""
        above = _roomiest(_places() if places is None else places)
        _sweep(above)
        path = above / f"{PREFIX}{secrets.token_hex(8)}"
        lock = _lock_of(path)
        lock.acquire(timeout=0)  # before there is a folder: whoever finds one unlocked knows that its owner is dead
        try:
            path.mkdir(OWNER_ONLY)
        except OSError:
            _remove(path, lock)
            raise
        return cls(path, lock)

    def take_over(self, location: Path) -> Path:
        """Where the database may live instead, with what there is of it, if that can be read while nobody writes."""
        here = self.path / location.name
        names = [location, location.with_name(location.name + "-wal")]
        with contextlib.suppress(OSError):
            before = [_stamp(name) for name in names]
            for name in filter(Path.exists, names):
                shutil.copyfile(name, self.path / name.name)
            if before == [_stamp(name) for name in names]:
                return here
        for name in names:
            (self.path / name.name).unlink(missing_ok=True)
        return here


def _places() -> tuple[Path, ...]:
    return MEMORY, Path(tempfile.gettempdir())


def _roomiest(places: Sequence[Path]) -> Path:
    """The first place with much room, or else the one with most."""
    usable = [place for place in places if place.is_dir() and os.access(place, os.W_OK | os.X_OK)]
    if not usable:
        raise FileNotFoundError("No temporary folder can be written.")
    free = {place: shutil.disk_usage(place).free for place in usable}
    return next((place for place in usable if free[place] >= ROOM), max(usable, key=lambda place: free[place]))


def _sweep(above: Path) -> None:
    """Remove the folders of processes that did not live to do it."""
    for path in _left_in(above):
        lock = _lock_of(path)
        with contextlib.suppress(OSError, filelock.Timeout):  # somebody else's, or in use
            lock.acquire(timeout=0)
            _remove(path, lock)


def _left_in(above: Path) -> Iterator[Path]:
    with contextlib.suppress(OSError):
        yield from (path for path in above.glob(f"{PREFIX}*") if path.is_dir() and not path.is_symlink())


def _lock_of(path: Path) -> filelock.BaseFileLock:
    # A name is drawn anew for every folder, so a lock can be removed with it: nobody else will want it.
    return filelock.FileLock(path.with_name(path.name + LOCK), thread_local=False)


def _remove_as(owner: int, path: Path, lock: filelock.BaseFileLock) -> None:
    if os.getpid() == owner:  # and not a process that was forked from it
        _remove(path, lock)


def _remove(path: Path, lock: filelock.BaseFileLock) -> None:
    shutil.rmtree(path, ignore_errors=True)
    with contextlib.suppress(OSError):
        Path(lock.lock_file).unlink()
    lock.release()


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_size, found.st_mtime_ns
