"""What is indexed, and what has drifted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from surefoot.domain import (
    RootStatus,
    SkippedFile,
    Status,
)
from surefoot.wire.base import Reply, Text
from surefoot.wire.indexing import Failed, Skipped, failed_files

MOST_SKIPPED = 100  # files listed for each reason; `skipped` has the true numbers


class RootStatusReply(Reply):
    """The state of one root's index, counted against disk."""

    root: Text
    name: Text
    database: Text
    database_bytes: int
    files: int
    symbols: int
    chunks: int
    drifted_chunks: int
    drifted_files: list[Text]
    unindexed_files: int
    languages: dict[str, int]  # language -> files
    skipped: dict[str, int]  # reason -> files
    failed: list[Failed]
    skipped_files: list[Skipped]  # only where details are asked for, and then the first of each reason


class StatusReply(Reply):
    """`surefoot status --json`, and the LSP command `surefoot.status`. The counts are sums over `roots`."""

    files: int
    symbols: int
    chunks: int
    drifted_chunks: int
    unindexed_files: int
    database_bytes: int
    embedder: Text
    model: Text
    model_state: Text
    indexing: bool
    measured_at: float
    roots: list[RootStatusReply]


def status_reply(status: Status) -> StatusReply:
    """The state of the whole workspace."""
    roots = status.roots
    return StatusReply(
        files=sum(root.files for root in roots),
        symbols=sum(root.symbols for root in roots),
        chunks=sum(root.chunks for root in roots),
        drifted_chunks=sum(root.drifted_chunks for root in roots),
        unindexed_files=sum(root.unindexed_files for root in roots),
        database_bytes=sum(root.database_bytes for root in roots),
        embedder=status.embedder,
        model=status.model,
        model_state=status.model_state,
        indexing=status.indexing,
        measured_at=status.measured_at,
        roots=[_root_status(root) for root in roots],
    )


def _root_status(status: RootStatus) -> RootStatusReply:
    return RootStatusReply(
        root=str(status.root.path),
        name=status.root.name,
        database=str(status.database),
        database_bytes=status.database_bytes,
        files=status.files,
        symbols=status.symbols,
        chunks=status.chunks,
        drifted_chunks=status.drifted_chunks,
        drifted_files=list(status.drifted_files),
        unindexed_files=status.unindexed_files,
        languages=dict(status.languages),
        skipped=dict(status.skipped),
        failed=failed_files(status.failed),
        skipped_files=_first_skipped(status.skipped_files),
    )


def _first_skipped(files: Iterable[SkippedFile]) -> list[Skipped]:
    """The first files of each reason, so that a thousand of one kind don't hide the one of another."""
    listed: Counter[str] = Counter()
    shown = []
    for file in files:
        listed[file.reason] += 1
        if listed[file.reason] <= MOST_SKIPPED:
            shown.append(Skipped(path=file.path, reason=file.reason))
    return shown
