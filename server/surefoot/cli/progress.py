"""Progress bars on stderr, and only where a person is looking.

Invariant: a bar that would be gone before it can be read is never drawn.
"""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from surefoot import domain
from surefoot.cli.terminal import err, one_line

if TYPE_CHECKING:  # most bars are never drawn
    from rich.progress import Progress, ProgressColumn

SHOWN_AFTER = 0.3  # seconds; an unchanged project is done sooner, and a flash of a bar only distracts


class _Bar:
    """A bar that appears when its work turns out to take long."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._begin = time.monotonic()
        self._bar: Progress | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def _columns(self) -> list[ProgressColumn]:
        from rich.progress import MofNCompleteColumn, TextColumn

        return [MofNCompleteColumn(), TextColumn("{task.fields[rate]}")]

    def _update(self, done: float, total: float | None, rate: str = "") -> None:
        if self._bar is None:
            if not err().is_terminal or time.monotonic() - self._begin < SHOWN_AFTER:
                return
            self._bar = self._drawn()
        (task,) = self._bar.task_ids
        self._bar.update(task, completed=done, total=total or None, rate=rate)

    def _drawn(self) -> Progress:
        from rich.progress import BarColumn, Progress, TextColumn

        bar = Progress(TextColumn("{task.description}"), BarColumn(), *self._columns(), console=err(), transient=True)
        bar.add_task(self._title, total=None, rate="")
        bar.start()
        return bar


class IndexingProgress(_Bar):
    """Files indexed, files a second, and the time left."""

    def __init__(self) -> None:
        super().__init__("Indexing")

    def show(self, progress: domain.Progress) -> None:
        """Called by the indexer as often as it likes."""
        parts = [f"{progress.files_per_second:,.0f} {progress.what}s/s"] if progress.files_per_second else []
        if progress.seconds_left is not None:
            parts.append(f"{clock(progress.seconds_left)} left")
        self._update(progress.done, progress.total, ", ".join(parts))


class CaseProgress(_Bar):
    """Cases or projects done, of how many."""

    def __init__(self, title: str, total: int) -> None:
        super().__init__(title)
        self._total, self._done = total, 0

    def show(self, name: str) -> None:
        """Called once for each, with its name."""
        self._done += 1
        self._update(self._done, self._total, one_line(name))


class TicketProgress(_Bar):
    """Tickets read, of how many where the tracker tells."""

    def __init__(self, name: str) -> None:
        super().__init__(one_line(name))

    def show(self, done: int, total: int) -> None:
        """Called for each ticket."""
        self._update(done, total)


class DownloadProgress(_Bar):
    """Bytes fetched, bytes a second, and the time left."""

    def __init__(self, name: str) -> None:
        super().__init__(one_line(name))

    def _columns(self) -> list[ProgressColumn]:
        from rich.progress import DownloadColumn, TimeRemainingColumn, TransferSpeedColumn

        return [DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn()]

    def show(self, done: int, total: int) -> None:
        """Called by the download as often as it likes."""
        self._update(done, total)


def clock(seconds: float) -> str:
    """Seconds as 0:05, 3:20 or 1:02:03."""
    whole = round(seconds)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
