"""`surefoot index --watch`: stays, and keeps the index as the files on disk are.

Invariant: Ctrl-C ends it in order, with exit code 0, whatever is being indexed.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from surefoot import wire
from surefoot.cli.progress import IndexingProgress
from surefoot.cli.render import counted
from surefoot.cli.session import current_folder
from surefoot.cli.terminal import note, print_json, say
from surefoot.domain import IndexReport
from surefoot.errors import SurefootError
from surefoot.live.leaving import SIGNALS, exit_anyway
from surefoot.live.session import Observer, Run, Session, engines_for
from surefoot.workspace.roots import resolve_roots

LOOK_SECONDS = 0.1  # how often the bar moves
WATCHING = "Watching for changes; Ctrl-C ends."


def watch(roots: Sequence[Path], *, json: bool) -> None:
    """Index the roots and then whatever changes in them, one line for each batch, until told to stop."""
    folders = list(roots) or [current_folder()]
    resolve_roots(folders)
    with stopped_by_signals() as stop:
        printer = _Printer(stop, json=json)
        session = printer.session = Session(engines_for("cli"), printer.observer(), watches_files=True)
        try:
            session.configure(folders, {})
            _show_first_pass(session, printer.runs[0], stop)
            if not (session.ready or stop.is_set()):
                raise SurefootError(session.problem)
            if not stop.is_set():
                say(WATCHING)
            while not stop.wait(LOOK_SECONDS):
                pass
        finally:
            if stop.is_set():
                exit_anyway(0)
            session.close()
    if printer.fault is not None:
        raise printer.fault


def _show_first_pass(session: Session, run: Run, stop: threading.Event) -> None:
    with IndexingProgress() as bar:
        while not (run.future and run.future.done()) and not stop.wait(LOOK_SECONDS):
            if (progress := session.progress) is not None:
                bar.show(progress)


@contextmanager
def stopped_by_signals() -> Iterator[threading.Event]:
    """An event that the first signal sets; a second one stops at once, for work that does not look up."""
    stop = threading.Event()

    def leave(_signal: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = {number: signal.signal(number, leave) for number in SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Printer:
    """Prints what was done; called on the threads that index."""

    def __init__(self, stop: threading.Event, *, json: bool) -> None:
        self._stop = stop
        self._json = json
        self._lock = threading.Lock()
        self._is_first = True
        self.fault: OSError | None = None
        self.session: Session | None = None
        self.runs: list[Run] = []  # the passes that were begun

    def observer(self) -> Observer:
        """What a session tells this printer."""
        return Observer(self.message, self.runs.append, lambda: None, lambda: None, self.reported)

    def message(self, sentence: str) -> None:
        """A note; but why there is no index to watch is the error with which the command ends."""
        if self.session is None or sentence != self.session.problem:
            note(sentence)

    def reported(self, report: IndexReport) -> None:
        """A line for what has changed; nothing where an event brought no change, as when a file is written twice."""
        with self._lock:
            is_first, self._is_first = self._is_first, False
            if is_first or report.indexed or report.removed:
                self._print(report)

    def _print(self, report: IndexReport) -> None:
        if not self._json:
            say(_line(report))
            return
        try:
            print_json(wire.index_reply(report))
        except OSError as error:  # whoever reads our output has gone
            self.fault = error
            self._stop.set()


def _line(report: IndexReport) -> str:
    done = f"{report.indexed:,} indexed, {report.removed:,} removed"
    failed = f", {len(report.failed):,} failed" if report.failed else ""
    return f"{time.strftime('%H:%M:%S')}  {counted(report.files, 'file')}: {done}{failed}; {report.seconds:.2f} s"
