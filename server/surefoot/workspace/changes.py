"""What differs between the files on disk and the files in the index.

Invariant: looks at (mtime_ns, size) only; whether a changed file has other content is for its hash to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from surefoot.domain import FileEntry, IndexedFile


@dataclass(frozen=True, slots=True)
class Changes:
    """The files on disk by what has to happen to them, and the indexed paths that are no longer there."""

    new: tuple[FileEntry, ...]
    changed: tuple[FileEntry, ...]
    unchanged: tuple[FileEntry, ...]
    removed: tuple[str, ...]


def compare(entries: Iterable[FileEntry], indexed: Mapping[str, IndexedFile]) -> Changes:
    """Sort the entries of a walk against what is indexed, keeping their order."""
    new, changed, unchanged = [], [], []
    gone = dict.fromkeys(indexed)
    for entry in entries:
        known = indexed.get(entry.path)
        gone.pop(entry.path, None)
        if known is None:
            new.append(entry)
        elif (known.mtime_ns, known.size) == (entry.mtime_ns, entry.size):
            unchanged.append(entry)
        else:
            changed.append(entry)
    return Changes(tuple(new), tuple(changed), tuple(unchanged), tuple(sorted(gone)))
