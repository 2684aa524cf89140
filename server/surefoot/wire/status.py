"""What is indexed, and what has drifted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from surefoot.domain import (
    Drift,
    RootStatus,
    SkippedFile,
    Status,
)
from surefoot.wire.base import Reply, Text
from surefoot.wire.indexing import Failed, Skipped, failed_files

MOST_SKIPPED = 100  # files listed for each reason; `skipped` has the true numbers


class DriftReply(Reply):
    """How far the index was behind the disk when that was last counted, at `measured_at` (seconds since the epoch).

    Of the `files` that were indexed, `drifted_files` with `drifted_chunks` in them were gone or had another content;
    `unindexed_files` were there to be indexed.
    """

    measured_at: float
    files: int
    drifted_files: int
    drifted_chunks: int
    unindexed_files: int


def drift_reply(drift: Drift | None) -> DriftReply | None:
    """The latest measurement, where there is one."""
    if drift is None:
        return None
    return DriftReply(
        measured_at=round(drift.measured_at, 3),
        files=drift.files,
        drifted_files=drift.drifted_files,
        drifted_chunks=drift.drifted_chunks,
        unindexed_files=drift.unindexed_files,
    )


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
    bytes_per_chunk: int  # 0 where there are none
    languages: dict[str, int]  # language -> files
    sources: dict[str, int]  # source -> tickets, commits, or else files
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
    bytes_per_chunk: int
    embedder: Text
    model: Text
    model_state: Text
    indexing: bool
    waits_for_power: bool
    measured_at: float
    roots: list[RootStatusReply]
    sources: dict[str, int]


def status_reply(status: Status) -> StatusReply:
    """The state of the whole workspace."""
    roots = status.roots
    database_bytes, chunks = sum(root.database_bytes for root in roots), sum(root.chunks for root in roots)
    return StatusReply(
        files=sum(root.files for root in roots),
        symbols=sum(root.symbols for root in roots),
        chunks=chunks,
        drifted_chunks=sum(root.drifted_chunks for root in roots),
        unindexed_files=sum(root.unindexed_files for root in roots),
        database_bytes=database_bytes,
        bytes_per_chunk=bytes_per_chunk(database_bytes, chunks),
        embedder=status.embedder,
        model=status.model,
        model_state=status.model_state,
        indexing=status.indexing,
        waits_for_power=status.waits_for_power,
        measured_at=status.measured_at,
        roots=[_root_status(root) for root in roots],
        sources=_summed(roots),
    )


def _summed(roots: Iterable[RootStatus]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for root in roots:
        total.update({source.value: number for source, number in root.sources.items()})
    return dict(total)


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
        bytes_per_chunk=bytes_per_chunk(status.database_bytes, status.chunks),
        languages=dict(status.languages),
        sources={source.value: number for source, number in status.sources.items()},
        skipped=dict(status.skipped),
        failed=failed_files(status.failed),
        skipped_files=_first_skipped(status.skipped_files),
    )


def bytes_per_chunk(database_bytes: int, chunks: int) -> int:
    """What the index takes on disk for each chunk, with everything that belongs to it."""
    return round(database_bytes / chunks) if chunks else 0


def _first_skipped(files: Iterable[SkippedFile]) -> list[Skipped]:
    """The first files of each reason, so that a thousand of one kind don't hide the one of another."""
    listed: Counter[str] = Counter()
    shown = []
    for file in files:
        listed[file.reason] += 1
        if listed[file.reason] <= MOST_SKIPPED:
            shown.append(Skipped(path=file.path, reason=file.reason))
    return shown
