"""How a server that stays is ended: by a signal in order, and in any case soon.

Invariant: no thread that is stuck in a system call keeps a process alive after its client has gone.
"""

from __future__ import annotations

import os
import signal
import threading

EXIT_SECONDS = 8.0


def leave_on_signals() -> list[int]:
    """Leave in order when asked to by a signal, so that no process of ours is left behind; returns what came."""
    came: list[int] = []

    def leave(number: int, _frame: object) -> None:
        came.append(number)
        raise SystemExit

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, leave)
    return came


def exit_anyway(status: int, seconds: float = EXIT_SECONDS) -> None:
    """End the process when it has not ended by itself in time."""
    timer = threading.Timer(seconds, os._exit, [status])
    timer.daemon = True
    timer.start()
