"""What of a root is in its index: every file on disk and in the index, and how the two stand to each other.

Invariant: a file is listed once; no file is opened here, so that twenty thousand of them take as long as a walk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter

from surefoot.domain import CoveredFile, FailedFile, FileEntry, FileState, IndexedFile, SkippedFile
from surefoot.index.drift import is_left_out
from surefoot.workspace.changes import compare
from surefoot.workspace.walk import Walk

Outcomes = tuple[Iterable[SkippedFile], Iterable[FailedFile]]


def coverage(
    walked: Walk, indexed: Mapping[str, IndexedFile], outcomes: Outcomes, differs: Callable[[str], bool]
) -> tuple[CoveredFile, ...]:
    """The files of a root, sorted by path.

    `outcomes` are what the last indexing left out; `differs` tells of a file that looks changed, or may be, whether
    its content is another too.
    """
    changes = compare(walked.files, indexed)
    skipped = {file.path: file for file in outcomes[0]}
    failed = {file.path: file for file in outcomes[1]}
    drifted = {entry.path for entry in changes.suspect if differs(entry.path)}
    found = [_known(entry, indexed[entry.path], FileState.INDEXED) for entry in changes.unchanged]
    for entry in changes.suspect:
        state = FileState.CHANGED if entry.path in drifted else FileState.INDEXED
        found.append(_known(entry, indexed[entry.path], state))
    found += [CoveredFile(path, 0, indexed[path].language, FileState.GONE) for path in changes.removed]
    found += [_unknown(entry, skipped.get(entry.path), failed.get(entry.path)) for entry in changes.new]
    found += [CoveredFile(f.path, max(f.size, 0), "", FileState.SKIPPED, f.reason) for f in walked.skipped]
    found += [CoveredFile(f.path, 0, "", FileState.FAILED, f.error) for f in walked.failed]
    # A file that was indexed and is too large by now is gone from the walk's files: what it is now says more.
    by_path = {file.path: file for file in sorted(found, key=lambda file: file.state is not FileState.GONE)}
    return tuple(sorted(by_path.values(), key=attrgetter("path")))


def _known(entry: FileEntry, file: IndexedFile, state: FileState) -> CoveredFile:
    return CoveredFile(entry.path, entry.size, file.language, state)


def _unknown(entry: FileEntry, skipped: SkippedFile | None, failed: FailedFile | None) -> CoveredFile:
    """A file that is not in the index: left out when it was read, or not seen yet."""
    if failed is not None:
        return CoveredFile(entry.path, entry.size, "", FileState.FAILED, failed.error)
    if skipped is not None and is_left_out(entry, skipped):
        return CoveredFile(entry.path, entry.size, "", FileState.SKIPPED, skipped.reason)
    return CoveredFile(entry.path, entry.size, "", FileState.NEW)
