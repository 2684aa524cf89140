"""Keeps the traceback of a fault of ours out of the terminal and on disk, where a bug report can quote it."""

from __future__ import annotations

import platform
import sys
import time
import traceback
from importlib.metadata import version
from pathlib import Path

LOGS_KEPT = 20  # enough to see whether a fault repeats, small enough to forget about


def write_log(error: BaseException) -> Path | None:
    """Write the traceback to the cache folder's `logs`; None where nothing can be written."""
    from surefoot.config import load_settings

    folder = load_settings()[0].cache_dir / "logs"
    path = folder / time.strftime("%Y%m%d-%H%M%S.log")
    head = f"surefoot {version('surefoot')}, Python {platform.python_version()}, {platform.platform()}\n"
    text = head + f"arguments: {sys.argv[1:]!r}\n\n" + "".join(traceback.format_exception(error))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="backslashreplace")
        for old in sorted(folder.glob("*.log"))[:-LOGS_KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        return None
    return path
