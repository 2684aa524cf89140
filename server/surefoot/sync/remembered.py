"""Which targets were synced into which root, so that the next sync needs no arguments.

Invariant: this is kept in the user's own folder and not in the root: a project that somebody else wrote must not choose
whom a token is sent to.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import filelock

from surefoot.errors import SyncError, UsageError
from surefoot.sync.targets import Target, target_of

FILE = "tickets.json"
PATIENCE = 10.0  # seconds; the file is held for an instant


class Remembered:
    """The targets of every root, in the cache folder."""

    def __init__(self, cache_dir: Path) -> None:
        self._path = cache_dir / FILE

    def targets(self, root: Path) -> list[Target]:
        """Those of a root, in the order in which they were first synced."""
        found = []
        for row in self._rows().get(str(root), []):
            try:
                found.append(target_of(str(row["name"]), str(row["url"])))
            except (UsageError, KeyError, TypeError):
                continue  # of another version, or damaged: it can be named again
        return found

    def remember(self, root: Path, target: Target) -> None:
        """Add a target to those of its root; one of the same name is replaced."""
        with self._locked():
            targets = self.targets(root)
            if target not in targets:
                self._save(root, [*(one for one in targets if one.name != target.name), target])

    def forget(self, root: Path, name: str) -> bool:
        """Take a target from those of its root. Its files stay."""
        with self._locked():
            targets = self.targets(root)
            kept = [one for one in targets if one.name.lower() != name.lower()]
            self._save(root, kept)
        return len(kept) < len(targets)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with filelock.FileLock(f"{self._path}.lock", timeout=PATIENCE):
                yield
        except (OSError, filelock.Timeout) as error:
            why = "it is in use" if isinstance(error, filelock.Timeout) else error.strerror or error
            raise SyncError(f"{self._path} cannot be written ({why}); make room or access there.") from error

    def _save(self, root: Path, targets: Sequence[Target]) -> None:
        rows = self._rows() | {str(root): [{"name": one.name, "url": one.url} for one in targets]}
        part = self._path.with_name(f"{FILE}.part")
        part.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
        part.replace(self._path)

    def _rows(self) -> dict[str, list[dict[str, Any]]]:
        try:
            rows = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        pairs = rows.items() if isinstance(rows, dict) else ()
        return {root: targets for root, targets in pairs if isinstance(targets, list)}
