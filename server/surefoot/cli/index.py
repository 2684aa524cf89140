"""`surefoot index`: make the index, or list what would go into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from surefoot.cli.render import counted, heading, table
from surefoot.cli.session import opened, refresh, stopped_by_interrupt
from surefoot.cli.terminal import out, plain, print_json, shown_path
from surefoot.domain import IndexReport, Root

if TYPE_CHECKING:
    from surefoot.workspace.walk import Walk


def index(roots: Sequence[Path], *, json: bool) -> None:
    """Bring the indexes of the roots up to date and say what was done."""
    with opened(roots) as engine, stopped_by_interrupt() as cancel:
        report = refresh(engine, cancel)
    if json:
        from surefoot import wire

        print_json(wire.index_reply(report))
    else:
        _print_report(report)


def _print_report(report: IndexReport) -> None:
    rate = f" ({report.indexed / report.seconds:,.0f} files/s)" if report.indexed and report.seconds else ""
    out().print(
        f"{counted(report.files, 'file')}: {report.indexed:,} indexed, {report.unchanged:,} unchanged, "
        f"{report.removed:,} removed; {counted(report.symbols, 'symbol')}, {counted(report.chunks, 'chunk')}; "
        f"{report.seconds:.2f} s{rate}"
    )
    if report.commits:
        out().print(f"{counted(report.commits, 'commit')} of the git history")
    print_left_out(report.skipped)
    for file in report.failed:
        out().print(plain(f"{file.path}: {file.error}"), style="red")


def print_left_out(skipped: Mapping[str, int]) -> None:
    """How many files were skipped for which reason."""
    if skipped:
        heading("Skipped")
        table((f"{count:,}", reason) for reason, count in sorted(skipped.items(), key=lambda item: -item[1]))


def preview(roots: Sequence[Path], *, json: bool) -> None:
    """List what would be indexed, and why the rest would not."""
    with opened(roots) as engine:
        walks = engine.preview()
    if json:
        from surefoot import wire

        replies = [wire.previewed_root(root, walk.files, walk.skipped, walk.failed) for root, walk in walks]
        print_json(wire.PreviewReply(roots=replies))
        return
    for root, walk in walks:
        _print_walk(root, walk)


def _print_walk(root: Root, walk: Walk) -> None:
    for entry in walk.files:
        out().print(shown_path(root.path, entry.path))
    for skipped in walk.skipped:
        out().print(f"{shown_path(root.path, skipped.path)}  skipped: {skipped.reason}", style="dim")
    for failed in walk.failed:
        out().print(f"{shown_path(root.path, failed.path)}  failed: {plain(failed.error)}", style="red")
    out().print(
        f"{plain(root.name)}: {len(walk.files):,} to index, {len(walk.skipped):,} skipped, {len(walk.failed):,} failed",
        style="bold",
    )
