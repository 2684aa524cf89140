"""What indexing did, and what it would do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from surefoot.domain import (
    FailedFile,
    FileEntry,
    IndexReport,
    Root,
    SkippedFile,
)
from surefoot.wire.base import Reply, Text


class Failed(Reply):
    """A file that could not be indexed, and why in one sentence."""

    path: Text
    error: Text


class IndexReply(Reply):
    """`surefoot index --json`, and the LSP command `surefoot.reindex`."""

    files: int
    indexed: int
    unchanged: int
    removed: int
    skipped: dict[str, int]  # reason -> files
    failed: list[Failed]
    symbols: int
    chunks: int
    commits: int  # of the git history, read now
    seconds: float
    notices: list[Text]


def index_reply(report: IndexReport) -> IndexReply:
    """What one indexing run did."""
    return IndexReply(
        files=report.files,
        indexed=report.indexed,
        unchanged=report.unchanged,
        removed=report.removed,
        skipped=dict(report.skipped),
        failed=failed_files(report.failed),
        symbols=report.symbols,
        chunks=report.chunks,
        commits=report.commits,
        seconds=round(report.seconds, 3),
        notices=list(report.notices),
    )


def failed_files(files: Iterable[FailedFile]) -> list[Failed]:
    """The files that could not be indexed, for a reply."""
    return [Failed(path=file.path, error=file.error) for file in files]


class Skipped(Reply):
    """A file that is left out on purpose, and why."""

    path: Text
    reason: str


class PreviewedRoot(Reply):
    """What indexing one root would read, and what it would not."""

    root: Text
    files: list[Text]
    skipped: list[Skipped]
    failed: list[Failed]


class PreviewReply(Reply):
    """`surefoot index --preview --json`."""

    roots: list[PreviewedRoot]


def previewed_root(
    root: Root, files: Sequence[FileEntry], skipped: Sequence[SkippedFile], failed: Sequence[FailedFile]
) -> PreviewedRoot:
    """One root of a preview, from the walk's three lists."""
    return PreviewedRoot(
        root=str(root.path),
        files=[entry.path for entry in files],
        skipped=[Skipped(path=file.path, reason=file.reason) for file in skipped],
        failed=failed_files(failed),
    )
