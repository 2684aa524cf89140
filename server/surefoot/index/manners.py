"""CPU manners: how many processes may parse, at which priority, and whether a battery is being used up.

Invariant: where a system cannot tell or refuses, indexing goes on as if nothing had been asked for.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress

from surefoot.config import Settings

MOST_PROCESSES = 8  # more than that are waited for by the one that writes
NICENESS = 5  # typing and building come first, and an idle machine is used whole


def parser_processes(settings: Settings) -> int:
    """How many processes parse: those that were asked for, or that share of the cores."""
    if settings.index_workers:
        return settings.index_workers
    return max(1, min(int(_cores() * settings.index_share), MOST_PROCESSES))


def _cores() -> int:
    """The cores that this process may use, which in a container are not all of them."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def lower_thread_priority() -> None:
    """Let every other thread of this machine go first. On Linux only: elsewhere it would be the whole process."""
    if sys.platform == "linux":
        with suppress(OSError):
            own = threading.get_native_id()
            os.setpriority(os.PRIO_PROCESS, own, max(os.getpriority(os.PRIO_PROCESS, own), NICENESS))


def lower_process_priority() -> None:
    """Let every other process go first. One that was started at low priority keeps that one."""
    with suppress(OSError, ImportError):
        if sys.platform == "win32":
            import psutil  # noqa: PLC0415 - not needed elsewhere

            psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            os.setpriority(os.PRIO_PROCESS, 0, max(os.getpriority(os.PRIO_PROCESS, 0), NICENESS))


def on_battery() -> bool:
    """Whether this machine runs on its battery; False where there is none or nobody knows."""
    try:
        import psutil  # noqa: PLC0415 - only where the setting asks for it

        battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    except Exception:  # noqa: BLE001 - drivers report whatever they like, and indexing does not depend on it
        return False
    return battery is not None and battery.power_plugged is False
