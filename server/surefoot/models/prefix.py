"""The evaluated beginning of a prompt, kept in a file: a fresh process reads it in milliseconds instead of seconds.

Invariant: a file is used only if it is whole and was made for the very same tokens, model and runtime.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FEWEST_TOKENS = 64  # shorter beginnings are evaluated sooner than a file is looked for
MOST_FILES = 6  # of all models together: one is some 10 MB, and a new version of the prompt makes a new one
DIGEST = 32  # bytes of a sha256


@dataclass(frozen=True, slots=True)
class PrefixStore:
    """A folder with a file for each beginning. `kind` names the model, the runtime and how it runs."""

    folder: Path
    kind: str

    def load(self, tokens: Sequence[int]) -> bytes | None:
        """What was kept for these tokens, None where there is nothing whole."""
        path = self._path(tokens)
        try:
            content = path.read_bytes()
        except OSError:
            return None
        digest, state = content[:DIGEST], content[DIGEST:]
        if hashlib.sha256(state).digest() != digest:
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # the least used ones go first
        return state

    def save(self, tokens: Sequence[int], state: bytes) -> None:
        """Keep a state; that it cannot be written costs only time later."""
        path = self._path(tokens)
        beside = path.with_suffix(f".{os.getpid()}.tmp")
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(hashlib.sha256(state).digest() + state)
            beside.replace(path)
            for old in sorted(self.folder.glob("*.prefix"), key=lambda file: file.stat().st_mtime)[:-MOST_FILES]:
                old.unlink()

    def _path(self, tokens: Sequence[int]) -> Path:
        name = hashlib.sha256(f"{self.kind} {list(tokens)}".encode()).hexdigest()[:32]
        return self.folder / f"{name}.prefix"
