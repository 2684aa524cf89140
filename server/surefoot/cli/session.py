"""What the commands share: settings, the engine over the chosen roots, and stopping on Ctrl-C.

Invariant: the engine is closed however a command ends.
"""

from __future__ import annotations

import gc
import math
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from surefoot.cli.terminal import note
from surefoot.config import Settings, load_settings
from surefoot.domain import IndexReport
from surefoot.errors import RootError, StoreBusyError
from surefoot.trace import CancelToken

if TYPE_CHECKING:  # `surefoot doctor` has to run where the engine cannot even be imported
    from surefoot.engine import Engine

# Objects that come before the young ones are looked at for garbage, 700 by default: a command that comes and goes
# mostly imports, and what it imports stays.
COLLECTED_AFTER = 200_000


def read_settings(roots: Sequence[Path] = ()) -> Settings:
    """The settings; what was not understood in them is told once."""
    settings, messages = load_settings(roots=tuple(roots))
    for message in messages:
        note(message)
    return settings


@contextmanager
def opened(roots: Sequence[Path]) -> Iterator[Engine]:
    """The engine over `roots`, or over the current folder."""
    gc.set_threshold(COLLECTED_AFTER)
    from surefoot.engine import Engine

    folders = list(roots) or [current_folder()]
    engine = Engine.open(folders, read_settings(folders))
    try:
        yield engine
    finally:
        engine.close()


def current_folder() -> Path:
    """Where the command was started. Raises RootError."""
    try:
        return Path.cwd()
    except FileNotFoundError as error:
        raise RootError("The current folder has been deleted; go to another, or name one with --root.") from error


@contextmanager
def stopped_by_interrupt() -> Iterator[CancelToken]:
    """A token that the first Ctrl-C cancels; a second one stops at once, for work that does not look at it."""
    token = CancelToken()

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        if token.cancelled:
            raise KeyboardInterrupt
        token.cancel()

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield token
    finally:
        signal.signal(signal.SIGINT, before)


def refresh_if_possible(engine: Engine, cancel: CancelToken) -> None:
    """Bring the index up to date before a question; where another process keeps it busy, what there is will do."""
    try:
        refresh(engine, cancel, patience=engine.settings.lock_timeout)
    except StoreBusyError as error:
        if not engine.state().files:
            raise
        note(f"{error} Until then the index answers as it is, and what has changed since is left out.")


def refresh(engine: Engine, cancel: CancelToken, *, patience: float = math.inf) -> IndexReport:
    """Bring the index up to date, with a progress bar on a terminal, and tell what was put right on the way.

    Where another process is at it, its progress is shown, and it is waited for as long as `patience` says.
    """
    from surefoot.cli.progress import IndexingProgress

    with IndexingProgress() as progress:
        report = engine.refresh(progress=progress.show, cancel=cancel, patience=patience)
    notices = dict.fromkeys([*engine.notices, *report.notices])
    of_answers = engine.refusals() if notices else ()  # an answer tells them where it lacks what they are about
    for notice in notices:
        if notice not in of_answers:
            note(notice)
    return report
