"""The drift meter: what of a walk is not in the index as it is on disk, and which files only look changed.

Invariant: a file counts as changed when its content is another one; its stamp only says which files to read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from surefoot.domain import Drift, FailedFile, FileEntry, IndexedFile, Root, SkippedFile
from surefoot.store.database import IndexStore
from surefoot.trace import CancelToken
from surefoot.workspace.changes import compare
from surefoot.workspace.documents import read_if_same, stamp_at
from surefoot.workspace.ignore import IgnoreRules
from surefoot.workspace.walk import Walk

Known = Mapping[str, IndexedFile]
Outcomes = tuple[Iterable[SkippedFile], Iterable[FailedFile]]


@dataclass(frozen=True, slots=True)
class Difference:
    """The paths in which disk and index differ."""

    drifted: tuple[str, ...]  # indexed, and gone or with another content
    unindexed: tuple[str, ...]


def difference(rules: IgnoreRules, walked: Walk, known: Known, outcomes: Outcomes) -> Difference:
    """What a walk found that the index does not have, reading only the files whose stamps leave it open.

    `rules` are those of the walk.
    """
    root = rules.root
    changes = compare(walked.files, known)
    changed = (entry.path for entry in changes.suspect if read_if_same(root, known[entry.path]) is None)
    skipped = {skip.path: skip for skip in outcomes[0]}
    failed = {failure.path for failure in outcomes[1]}
    left_out = (entry.path in failed or is_left_out(entry, skipped.get(entry.path)) for entry in changes.new)
    unindexed = (entry.path for entry, is_out in zip(changes.new, left_out, strict=True) if not is_out)
    removed = (path for path in changes.removed if not _is_newer(known[path], rules))
    return Difference((*removed, *changed), tuple(unindexed))


def _is_newer(file: IndexedFile, rules: IgnoreRules) -> bool:
    """Whether a file that a walk has not found was made and indexed since: it is not gone, nor ignored by now."""
    return stamp_at(rules.root, file.path) == file.stamp and not rules.is_ignored(file.path)


def is_left_out(entry: FileEntry, skipped: SkippedFile | None) -> bool:
    """Whether the file was read as it is now and left out."""
    return skipped is not None and skipped.stamp == entry.stamp


def drift(store: IndexStore, found: Difference, files: int, measured_at: float) -> Drift:
    """The same in figures."""
    chunks = sum(len(store.chunk_ids(path)) for path in found.drifted)
    return Drift(measured_at, files, len(found.drifted), chunks, len(found.unindexed))


def summed(measured: Iterable[Drift | None]) -> Drift | None:
    """The drift of several roots, as old as the oldest of them; None where one was never measured."""
    each = list(measured)
    if not each or None in each:
        return None
    known = [drift for drift in each if drift is not None]
    return Drift(
        min(drift.measured_at for drift in known),
        sum(drift.files for drift in known),
        sum(drift.drifted_files for drift in known),
        sum(drift.drifted_chunks for drift in known),
        sum(drift.unindexed_files for drift in known),
    )


def only_touched(root: Root, entries: Iterable[FileEntry], known: Known, cancel: CancelToken) -> Iterator[IndexedFile]:
    """Of files that look changed, those that are not, with the stamps under which they were read just now.

    A file of another size has another content, nearly always, and is left to be parsed without reading it twice.
    """
    for entry in entries:
        cancel.raise_if_cancelled()
        file = known[entry.path]
        content = read_if_same(root, file) if entry.size == file.size else None
        if content is not None and not (content.reading and content.reading.problems):
            yield replace(
                file,
                size=content.size,
                mtime_ns=content.mtime_ns,
                ctime_ns=content.ctime_ns,
                is_settled=content.is_settled,
            )
