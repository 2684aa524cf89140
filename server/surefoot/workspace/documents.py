"""The text of a file: from the editor's unsaved buffer where there is one, otherwise from disk.

Invariant: no symbolic link below a root is followed, and no more than the allowed size is read.
"""

from __future__ import annotations

import os
import stat
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from surefoot.domain import FileEntry, IndexedFile, Root, SkipReason, Stamp, content_hash, is_commit
from surefoot.readings import Reading, most_bytes, reading_of
from surefoot.workspace.decoding import decode, with_plain_newlines
from surefoot.workspace.paths import crosses_link, parts_of
from surefoot.workspace.spelling import is_as_listed
from surefoot.workspace.stamps import is_settled, stamp_of

# Not following the link that a file is swapped for, not waiting for the pipe it is swapped for, and on Windows no
# translation of line endings by the system.
_OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
# A file that was written while it was read is read again after so many seconds, each a new attempt.
PAUSES = (0.002, 0.02)


class Documents:
    """The unsaved buffers, over what is on disk. Any thread may call any method."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._texts: dict[Path, str] = {}

    def open(self, path: Path, text: str) -> None:
        """An editor has opened the file: from now on this text is what it holds."""
        self.change(path, text)

    def change(self, path: Path, text: str) -> None:
        """The buffer has another text."""
        key, text = path.resolve(), with_plain_newlines(text.removeprefix("\ufeff"))
        with self._lock:
            self._texts[key] = text

    def close(self, path: Path) -> None:
        """The editor has closed the file: what is on disk counts again."""
        key = path.resolve()
        with self._lock:
            self._texts.pop(key, None)

    def text(self, path: Path) -> str | None:
        """The text of the buffer, decoded as a file would be, or None where the file is not open."""
        if not self._texts:
            return None
        key = path.resolve()
        with self._lock:
            return self._texts.get(key)

    def paths(self) -> tuple[Path, ...]:
        """The files that are open."""
        with self._lock:
            return tuple(self._texts)


@dataclass(frozen=True, slots=True)
class FileContent:
    r"""The text of a file with `\n` line endings. `size` and the times are those on disk, also for a buffer.

    Where the file is no text as it stands, `text` is that of its `reading`.
    A buffer that was never saved has size and time 0: it differs from whatever will be on disk. `is_settled` says
    whether a later change of the file is sure to change these figures (see `IndexedFile`).
    """

    text: str
    content_hash: str
    size: int
    mtime_ns: int
    from_buffer: bool
    ctime_ns: int = 0
    is_settled: bool = False
    reading: Reading | None = None


def read_file(root: Root, path: str, *, documents: Documents | None = None, max_bytes: int) -> FileContent | SkipReason:
    """The current text of a file, or the reason why it has none.

    Raises:
        OSError: the file is gone, may not be read, or is outside of the root (FileNotFoundError).
    """
    if is_commit(path):
        return _from_history(root, path)
    parts = parts_of(path)
    if parts is None:
        raise FileNotFoundError(f"'{path}' does not name a file inside the root.")
    if crosses_link(root, parts):
        return SkipReason.SYMLINK
    buffered = documents.text(root.path.joinpath(*parts)) if documents is not None else None
    if buffered is not None:
        return _from_buffer(root, path, buffered, max_bytes)
    return _from_disk(root, path, root.path.joinpath(*parts), max_bytes)


def read_text(root: Root, path: str, *, documents: Documents | None = None, max_bytes: int) -> str | None:
    """The text of a file as an editor shows it, whatever is read in it; None where it has none.

    Raises:
        OSError: as `read_file`.
    """
    content = read_file(root, path, documents=documents, max_bytes=max_bytes)
    if not isinstance(content, FileContent):
        return None
    if content.reading is None:
        return content.text
    buffered = documents.text(root.path / path) if documents is not None else None
    if buffered is not None:
        return buffered
    read = _read_once(root.path / path, most_bytes(path, max_bytes, is_export=root.holds_tickets(path)))
    return None if isinstance(read, SkipReason) else decode(read.content)


def read_buffer(root: Root, path: str, documents: Documents) -> FileContent | None:
    """An open file as its buffer has it, read as the file would be; None where it is not open, or holds no text."""
    buffered = documents.text(root.path / path)
    content = None if buffered is None else _from_buffer(root, path, buffered, len(buffered))
    return content if isinstance(content, FileContent) else None


def read_if_same(root: Root, file: IndexedFile) -> FileContent | None:
    """What is on disk, where it has the text that is indexed; None where it has another one or cannot be read."""
    try:
        # Other line endings at most double a text, and a byte order mark is put before it: still the same text.
        content = read_file(root, file.path, max_bytes=2 * max(file.size, 0) + len("\ufeff".encode()))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, FileContent) and content.content_hash == file.content_hash else None


def disk_state(root: Root, path: str) -> FileEntry | None:
    """The file as the walk would list it; None where it is gone, no regular file or behind a symbolic link.

    A commit is there as long as the clone has it; it has no time of its own, since it never changes.
    """
    if is_commit(path):
        reading = _commit_at(root, path)
        return None if reading is None else FileEntry(path, _size(reading.text), 0)
    parts = parts_of(path)
    if parts is None or crosses_link(root, parts):
        return None
    try:
        status = root.path.joinpath(*parts).lstat()
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(status.st_mode) or not is_as_listed(root, parts):
        return None
    return FileEntry(path, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def stamp_at(root: Root, path: str) -> Stamp | None:
    """The stamp of a file that was just read; None where it is gone or none any more. One look, however it is spelt."""
    try:
        status = (root.path / path).lstat()
    except (OSError, ValueError):
        return None
    return stamp_of(status) if stat.S_ISREG(status.st_mode) else None


def _from_history(root: Root, path: str) -> FileContent:
    """A commit as the clone has it now."""
    reading = _commit_at(root, path)
    if reading is None:
        raise FileNotFoundError(f"'{path}' is not in this clone.")
    text = reading.text
    return FileContent(text, content_hash(text), _size(text), 0, from_buffer=False, is_settled=True, reading=reading)


def _commit_at(root: Root, path: str) -> Reading | None:
    from surefoot.workspace.commits import read_commit_at  # noqa: PLC0415 - an index that is current needs it not

    return read_commit_at(root, path)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _from_buffer(root: Root, path: str, buffered: str, max_bytes: int) -> FileContent | SkipReason:
    text = with_plain_newlines(buffered.removeprefix("\ufeff"))
    is_export = root.holds_tickets(path)
    if len(text) > most_bytes(path, max_bytes, is_export=is_export):
        return SkipReason.TOO_LARGE
    if "\0" in text:
        return SkipReason.BINARY
    entry = disk_state(root, path) or FileEntry("", 0, 0)
    reading = reading_of(path, text.encode("utf-8", "replace"), is_export=is_export)
    if reading is None and len(text) > max_bytes:
        return SkipReason.TOO_LARGE
    text = text if reading is None else reading.text
    return FileContent(
        text,
        content_hash(text),
        entry.size,
        entry.mtime_ns,
        from_buffer=True,
        ctime_ns=entry.ctime_ns,
        reading=reading,
    )


def _from_disk(root: Root, path: str, file: Path, max_bytes: int) -> FileContent | SkipReason:
    is_export = root.holds_tickets(path)
    most = most_bytes(path, max_bytes, is_export=is_export)
    read = _read_once(file, most)
    for pause in PAUSES:
        if isinstance(read, SkipReason) or read.is_whole:
            break
        time.sleep(pause)
        read = _read_once(file, most)
    if isinstance(read, SkipReason):
        return read
    reading = reading_of(path, read.content, is_export=is_export)
    if reading is None and len(read.content) > max_bytes:  # text as it stands, whatever its name promised
        return SkipReason.TOO_LARGE
    text = decode(read.content) if reading is None else reading.text
    if text is None:
        return SkipReason.BINARY
    stamp = read.stamp
    return FileContent(
        text,
        content_hash(text),
        stamp.size,
        stamp.mtime_ns,
        from_buffer=False,
        ctime_ns=stamp.ctime_ns,
        is_settled=read.is_whole and is_settled(stamp, read.began_ns),
        reading=reading,
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """What one reading found. It is not whole where the file changed meanwhile."""

    content: bytes
    stamp: Stamp
    began_ns: int
    is_whole: bool


def _read_once(file: Path, max_bytes: int) -> _Read | SkipReason:
    began_ns = time.time_ns()  # before the first look: whatever happens from now on is later than this
    descriptor = os.open(file, _OPEN_FLAGS)
    with os.fdopen(descriptor, "rb") as opened:
        # Taken before the text: a write in between makes the file look changed at the next look, never unchanged.
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise FileNotFoundError(f"'{file.name}' is not a regular file.")
        if status.st_size > max_bytes:
            return SkipReason.TOO_LARGE
        content = opened.read(max_bytes + 1)
        after = os.fstat(descriptor)
    if len(content) > max_bytes:
        return SkipReason.TOO_LARGE
    stamp = stamp_of(status)
    return _Read(content, stamp, began_ns, is_whole=stamp == stamp_of(after) and len(content) == stamp.size)
