"""What runs in a process that is going to be killed: one way of indexing.

Invariant: everything that it does to the tree was decided before, so that whoever kills it knows each file's texts.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from multiprocessing import util
from pathlib import Path
from types import FrameType
from typing import Any

from faults.scene import settings_for
from surefoot.engine import Engine
from surefoot.index import indexer

NEVER = -1  # only count the calls
CALLS = "calls"  # the file that has their number then
SMALL_COMMIT = 40  # chunks: many states between nothing and everything


def index_everything(root: str, cache: str, kill_at: int = 0) -> None:
    """One pass over all of it."""
    _begin(cache, kill_at)
    engine = Engine.open([Path(root)], settings_for(Path(cache), index_workers=1))
    engine.refresh()
    engine.close()
    sys.setprofile(None)


def save_files(root: str, cache: str, saves: list[tuple[str, str]], kill_at: int = 0) -> None:
    """Files are written and reported, one after the other."""
    _begin(cache, kill_at)
    engine = Engine.open([Path(root)], settings_for(Path(cache), index_workers=1))
    for name, text in saves:
        path, beside = Path(root) / name, Path(cache) / "saved"
        beside.write_text(text)
        beside.replace(path)  # as most editors do; what is half written is a case of its own
        engine.refresh([path])
    engine.close()
    sys.setprofile(None)


def nothing() -> None:
    """Starts the server that forks the others."""


def _begin(cache: str, kill_at: int) -> None:
    os.setsid()
    indexer.WRITE_CHUNKS = SMALL_COMMIT
    if kill_at:
        _die_at_call(kill_at, Path(cache) / CALLS)


def _die_at_call(number: int, counted: Path) -> None:
    """End like kill -9 at the n-th call of a function, which is the same place on a fast machine and on a slow one."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")
        if calls == number:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)
    if number == NEVER:
        atexit_in_a_fork(lambda: counted.write_text(str(calls)))


def atexit_in_a_fork(last: Callable[[], object]) -> None:
    """What a process of multiprocessing does last; it ends without Python's own way out."""
    util.Finalize(None, last, exitpriority=0)
