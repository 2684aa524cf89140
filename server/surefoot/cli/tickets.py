"""`surefoot tickets sync | list | forget`: the tickets of trackers as files of a root.

Invariant: of a token, nothing is printed but the name of the variable that holds it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from surefoot.cli.progress import TicketProgress
from surefoot.cli.session import current_folder, read_settings, stopped_by_interrupt
from surefoot.cli.terminal import note, one_line, out, shown_path
from surefoot.config import Settings
from surefoot.errors import SyncError, UsageError
from surefoot.sync.fetch import Patience
from surefoot.sync.folder import is_begun
from surefoot.sync.remembered import Remembered
from surefoot.sync.sync import SyncOptions, SyncReport, sync
from surefoot.sync.targets import Target, target_of
from surefoot.trace import CancelToken
from surefoot.workspace.roots import resolve_roots

LOCKS = "ticket-locks"
SHOWN = 3  # names of tickets in a note


def sync_tickets(root: Path | None, names: Sequence[str], url: str, *, all_anew: bool) -> None:
    """Sync the named targets, or all that were synced into this root before."""
    folder, settings = _folder(root), read_settings()
    remembered = Remembered(settings.cache_dir)
    targets = _targets(names, url, remembered.targets(folder))
    failed: list[str] = []
    with stopped_by_interrupt() as cancel:
        for target in targets:
            try:
                report = _sync_one(folder, target, settings, cancel, all_anew=all_anew)
                _tell(folder, target, report)
            except SyncError as error:
                if len(targets) == 1:
                    raise
                failed.append(target.name)
                note(f"{target.name}: {error}")
            finally:
                if is_begun(folder, target):  # also when it was interrupted, as the next sync goes on there
                    remembered.remember(folder, target)
    if failed:
        raise SyncError(f"{len(failed)} of {len(targets)} targets could not be synced: {', '.join(failed)}.")


def list_targets(root: Path | None) -> None:
    """What `surefoot tickets sync` repeats here."""
    targets = Remembered(read_settings().cache_dir).targets(_folder(root))
    for target in targets:
        out().print(one_line(f"{target.name} {target.url}"))
    if not targets:
        out().print("No tickets were synced here; run: surefoot tickets sync github:owner/repository.")


def forget(root: Path | None, name: str) -> None:
    """Sync a target no longer; what is there of it stays."""
    if not Remembered(read_settings().cache_dir).forget(_folder(root), name):
        raise UsageError(f"{name} was not synced here; `surefoot tickets list` shows what was.")
    out().print(one_line(f"{name} is no longer synced. Its files in .surefoot/tickets stay; delete them as you like."))


def _folder(root: Path | None) -> Path:
    return resolve_roots([root or current_folder()])[0].path


def _targets(names: Sequence[str], url: str, known: Sequence[Target]) -> list[Target]:
    if not names and not known:
        raise UsageError("No tickets were synced here yet; name a project: surefoot tickets sync github:owner/repo.")
    if not names and url:
        raise UsageError("--url says where a project is; name the project too.")
    urls = {target.name.lower(): target.url for target in known}
    return [target_of(name, url or urls.get(name.lower(), "")) for name in names] or list(known)


def _sync_one(root: Path, target: Target, settings: Settings, cancel: CancelToken, *, all_anew: bool) -> SyncReport:
    with TicketProgress(target.name) as progress:
        options = SyncOptions(
            os.environ, settings.cache_dir / LOCKS, all_anew, progress=progress.show, patience=Patience(cancel)
        )
        return sync(root, target, options)


def _tell(root: Path, target: Target, report: SyncReport) -> None:
    """Say what was done. Raises SyncError where that is not all."""
    where = shown_path(root, report.folder.relative_to(root).as_posix())
    counts = f"{report.written:,} tickets written, {report.here:,} in all"
    out().print(one_line(f"{target.name}: {counts}, in {where}."))
    for problem in report.problems:
        note(f"{target.name}: {problem}")
    if report.gone:
        first = ", ".join(report.gone[:SHOWN])
        note(
            f"{target.name} no longer lists {len(report.gone):,} tickets that have a file in {where} ({first}); "
            "delete the files if you no longer want them."
        )
    if report.unfinished:
        raise SyncError(" ".join(report.unfinished))
