"""How a server that stays is ended: by a signal in order, and in any case soon.

Invariant: no thread that is stuck in a system call keeps a process alive after its client has gone.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from contextlib import suppress

SIGNALS = (signal.SIGTERM, signal.SIGINT)
EXIT_SECONDS = 8.0


def leave_on_signals() -> list[int]:
    """Leave in order when asked to by a signal, so that no process of ours is left behind; returns what came."""
    came: list[int] = []

    def leave(number: int, _frame: object) -> None:
        came.append(number)
        raise SystemExit

    for number in SIGNALS:
        signal.signal(number, leave)
    return came


def leave_loop_on_signals(came: list[int]) -> None:
    """The same for the running event loop: between its tasks, since in the middle of one it is the task that fails."""

    def leave(number: int) -> None:
        came.append(number)
        raise SystemExit

    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        with suppress(NotImplementedError):  # on Windows
            loop.add_signal_handler(number, leave, number)


def exit_anyway(status: int, seconds: float = EXIT_SECONDS) -> None:
    """End the process when it has not ended by itself in time."""
    timer = threading.Timer(seconds, os._exit, [status])
    timer.daemon = True
    timer.start()
