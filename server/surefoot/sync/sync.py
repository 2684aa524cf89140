"""Syncs one target: page by page, the tickets that have changed since the last time.

    token -> folder and its state -> page -> whole tickets -> files -> state -> next page

Invariant: the state goes on only after every ticket of a page is written, so that whatever stops a sync, the next one
goes on there; what was written is neither fetched nor written again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import filelock

from surefoot.errors import SyncError
from surefoot.sync.fetch import Fetcher, Patience
from surefoot.sync.folder import TicketFolder
from surefoot.sync.github import GitHub
from surefoot.sync.gitlab import GitLab
from surefoot.sync.jira import Jira
from surefoot.sync.markdown import markdown_of
from surefoot.sync.pages import Item, Page, Tracker
from surefoot.sync.targets import Target
from surefoot.sync.tokens import credential_for
from surefoot.sync.trail import Trail

# A tracker's lists may be some minutes behind its tickets; what was read already is not fetched again.
OVERLAP = timedelta(minutes=5)
MOST_PROBLEMS = 20  # that are told
NAMES = MappingProxyType({"pulls/comments": "review comments", "merge_requests": "merge requests"})  # of lists

TRACKERS = MappingProxyType[str, Callable[[Fetcher], Tracker]]({"github": GitHub, "gitlab": GitLab, "jira": Jira})


def _silent(_done: int, _total: int) -> None:
    """Report nothing."""


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """How to sync. `all_anew` reads every ticket again, which is how deleted ones are found."""

    environ: Mapping[str, str]
    locks: Path  # a folder of the user's
    all_anew: bool = False
    progress: Callable[[int, int], None] = _silent
    patience: Patience = field(default_factory=Patience)


@dataclass(slots=True)
class SyncReport:
    """What a sync has done. `gone` are tickets with a file that the tracker lists no more; known after `all_anew`.

    `unfinished` says of each list that was left before its end why that was so, and what to do.
    """

    folder: Path
    read: int = 0
    written: int = 0
    here: int = 0  # files, when it was done
    gone: tuple[str, ...] = ()
    problems: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)


def sync(root: Path, target: Target, options: SyncOptions) -> SyncReport:
    """Bring the tickets of a target up to date. Raises SyncError, and Cancelled."""
    credential = credential_for(target, options.environ)
    with _alone(root, target, options.locks), Fetcher(target, credential, options.patience) as fetcher:
        run = _Run(TRACKERS[target.tracker](fetcher), TicketFolder(root, target), fetcher, options)
        for stream in run.tracker.streams:
            run.read_stream(stream)
        return run.finished()


class _Run:
    """What is shared by the pages of one sync."""

    def __init__(self, tracker: Tracker, folder: TicketFolder, fetcher: Fetcher, options: SyncOptions) -> None:
        self.tracker, self._folder, self._fetcher, self._options = tracker, folder, fetcher, options
        self.report = SyncReport(folder.path)
        self._seen: dict[str, str] = {}
        self._total = 0
        self._synced = datetime.fromtimestamp(options.patience.now(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def read_stream(self, stream: str) -> None:
        """All tickets of one kind, oldest change first."""
        last = None if self._options.all_anew else self._folder.since(stream)
        since, rest = last - OVERLAP if last else None, ""
        newest, in_order, trail = last, True, Trail()
        while not (end := trail.ends_at(since, rest)):
            page = self.tracker.page(stream, since, rest)
            trail.brings(self._write(page))
            in_order = in_order and page.is_in_order
            newest = max((time for time in (newest, self._not_later_than_now(page.newest)) if time), default=None)
            if newest and (in_order or not page.rest):
                self._folder.advance(stream, newest)
            if not page.rest:
                return
            since, rest = self._onward(page, since) if in_order else (since, page.rest)
        self.report.unfinished.append(
            f"{self._fetcher.target.service.title}'s list of {NAMES.get(stream, stream)} {end}, and was left there; "
            f"what came until then is kept, and the same command goes on from it (is --url right?)."
        )

    def _onward(self, page: Page, since: datetime | None) -> tuple[datetime | None, str]:
        """Where it goes on.

        A ticket that changes meanwhile leaves its page, and the first one of the next page comes forward and would be
        missed; so a list is asked for anew from where it was read to, and pages are followed where all have one time.
        """
        newest = page.newest
        is_further = newest is not None and (since is None or newest > since)
        return (newest, "") if self.tracker.is_exact and is_further else (since, page.rest)

    def _write(self, page: Page) -> int:
        """Write the tickets of a page. Returns how many were not on one before."""
        fresh = 0
        self._total = max(self._total, page.total)
        self.report.problems += page.problems[: MOST_PROBLEMS - len(self.report.problems)]
        for item in page.items:
            if item.name in self._seen and self._seen[item.name] == item.changed:
                continue
            self._options.patience.cancel.raise_if_cancelled()
            fresh += 1
            self.report.read += item.name not in self._seen
            self.report.written += self._write_item(item)
            self._seen[item.name] = item.changed
            self._options.progress(self.report.read, self._total)
        return fresh

    def _write_item(self, item: Item) -> bool:
        is_anew = self._options.all_anew and item.name not in self._seen
        if not is_anew and self._folder.has(item):
            return False
        whole = self.tracker.whole(item)
        ticket = self.tracker.ticket(whole.raw)
        if not ticket.key:
            self.report.problems += [f"Ticket {item.name} cannot be read."][: MOST_PROBLEMS - len(self.report.problems)]
            return False
        text = markdown_of(ticket, self._fetcher.target, whole, self._synced)
        return self._folder.write(item.name, self._fetcher.masked(text))

    def _not_later_than_now(self, time: datetime | None) -> datetime | None:
        """A clock that is ahead, or a made-up time, must not keep later changes from being read."""
        return min(time, datetime.fromtimestamp(self._options.patience.now(), UTC)) if time else None

    def finished(self) -> SyncReport:
        """The report, with what only the end can tell."""
        names = self._folder.names()
        self.report.here = len(names)
        if self._options.all_anew and not self.report.unfinished:
            self.report.gone = tuple(sorted(names - self._seen.keys()))
        return self.report


@contextmanager
def _alone(root: Path, target: Target, locks: Path) -> Iterator[None]:
    """Two syncs of one folder would undo each other's state."""
    name = hashlib.sha256(f"{root}\0{target.name}".encode(errors="surrogateescape")).hexdigest()[:16]
    try:
        locks.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(locks / f"{name}.lock", timeout=0)
        lock.acquire()
    except filelock.Timeout as error:
        raise SyncError(f"Another process is syncing {target.name}; wait for it to finish.") from error
    except OSError as error:
        raise SyncError(f"{locks} cannot be written ({error.strerror or error}); make room or access there.") from error
    try:
        yield
    finally:
        lock.release()
