"""Watches the folders of a workspace on disk, for front ends that no editor tells what was saved.

Invariant: only says which paths changed; what is indexed and what is ignored is decided where indexing is.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from watchfiles import BaseFilter, watch

from surefoot.live.faults import report_fault

DEBOUNCE_MS = 200  # a save that is searchable in a third of a second feels immediate; a checkout comes in one batch
LOOK_MS = 500  # how soon a watcher that is told to stop does

# Folders where programs write all the time and nothing is ever indexed.
_NOISY = (".git", ".hg", ".svn", "__pycache__", ".venv", "node_modules", ".mypy_cache", ".pytest_cache", ".ruff_cache")


class _WithoutNoise(BaseFilter):
    ignore_dirs = _NOISY


class Watcher:
    """Tells `changed` about every path below `roots` that is written, created, renamed or deleted, until closed."""

    def __init__(self, roots: Sequence[Path], changed: Callable[[Iterable[Path]], None]) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self._watch, args=(tuple(roots), changed), name="surefoot-watch", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop watching."""
        self._stop.set()
        self._thread.join(timeout=2 * LOOK_MS / 1000)

    def _watch(self, roots: Sequence[Path], changed: Callable[[Iterable[Path]], None]) -> None:
        try:
            for changes in watch(
                *roots,
                watch_filter=_WithoutNoise(),
                debounce=DEBOUNCE_MS,
                rust_timeout=LOOK_MS,
                stop_event=self._stop,
                raise_interrupt=False,
                ignore_permission_denied=True,
            ):
                changed(Path(path) for _, path in changes)
        except Exception as error:  # noqa: BLE001 - a system without watches left; questions still check what they show
            report_fault("Watching for changes", error)
