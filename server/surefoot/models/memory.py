"""How much memory this machine has, and whether a model fits into it.

Invariant: where it cannot be told, nothing is refused.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from pathlib import Path

LIMIT_SHARE = 0.75  # of the machine's memory that a model's process may take for itself, its file not counted
SPARE_SHARE = 0.1  # of the machine's memory that a model must leave to everything else
EXPENDABLE = 800  # of 1,000: when memory runs out, the system ends the model's process and no editor


def physical_memory() -> int:
    """Bytes of this machine, or of the group of processes that we are limited to; 0 where nobody knows."""
    found = 0
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        found = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    with contextlib.suppress(OSError, ValueError):
        limit = int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii"))
        found = min(found, limit) if found else limit
    return found


def available_memory() -> int:
    """Bytes that could be used now; 0 where nobody knows."""
    with contextlib.suppress(OSError):
        found = re.search(r"^MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text(encoding="ascii"), re.MULTILINE)
        return int(found.group(1)) * 1024 if found else 0
    return 0


def unfit(needed: int) -> str:
    """Why a model that needs so many bytes does not fit this machine, as a clause; empty where it does."""
    memory = physical_memory()
    if not memory or needed <= memory * (1 - SPARE_SHARE):
        return ""
    return f"it needs {needed / 2**30:.1f} GiB of memory and this machine has {memory / 2**30:.1f} GiB"


def limit_this_process(most: int) -> None:
    """Let this process take at most `most` bytes for itself, and be the first to go when memory runs out.

    Files that are only mapped, as a model's is, do not count. 0 is a share of the machine's memory.
    """
    most = most or int(LIMIT_SHARE * physical_memory())
    if sys.platform == "linux":
        import resource  # noqa: PLC0415 - there is no such module on Windows

        if most:
            with contextlib.suppress(OSError, ValueError):
                resource.setrlimit(resource.RLIMIT_DATA, (most, resource.getrlimit(resource.RLIMIT_DATA)[1]))
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text(str(EXPENDABLE), encoding="ascii")
