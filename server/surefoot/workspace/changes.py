"""What differs between the files on disk and the files in the index.

Invariant: looks at stamps only; whether a file with another stamp has another content is for its hash to say.
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
    unsettled: tuple[FileEntry, ...] = ()  # look unchanged, and must be hashed to know

    @property
    def suspect(self) -> tuple[FileEntry, ...]:
        """The indexed files whose content may be another one."""
        return (*self.changed, *self.unsettled)


def compare(entries: Iterable[FileEntry], indexed: Mapping[str, IndexedFile]) -> Changes:
    """Sort the entries of a walk against what is indexed, keeping their order."""
    new: list[FileEntry] = []
    changed: list[FileEntry] = []
    unchanged: list[FileEntry] = []
    unsettled: list[FileEntry] = []
    gone = dict.fromkeys(indexed)
    for entry in entries:
        known = indexed.get(entry.path)
        gone.pop(entry.path, None)
        if known is None:
            new.append(entry)
        elif known.stamp != entry.stamp:
            changed.append(entry)
        else:
            (unchanged if known.is_settled else unsettled).append(entry)
    return Changes(tuple(new), tuple(changed), tuple(unchanged), tuple(sorted(gone)), tuple(unsettled))


def is_unchanged(entry: FileEntry | None, known: IndexedFile | None) -> bool:
    """Whether a file is certainly as it was indexed, without reading it."""
    return entry is not None and known is not None and known.is_settled and known.stamp == entry.stamp
