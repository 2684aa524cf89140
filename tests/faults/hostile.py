"""Folders that cannot be written, disks without space, and programs that run on them.

Invariant: whatever is mounted or locked here is given back at the end of the block.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

PATIENCE = 120.0
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


@contextlib.contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nobody can write there: by its permissions, or, as those do not hold for root, by a read-only mount."""
    if not IS_ROOT:
        folder.chmod(0o555)
        try:
            yield
        finally:
            folder.chmod(0o755)
        return
    if subprocess.run(["mount", "--bind", folder, folder], capture_output=True, check=False).returncode:
        pytest.skip("mounting a folder read-only needs more rights than this user has")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True)
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: float) -> Iterator[Path]:
    """A disk of its own with so much space."""
    folder.mkdir(parents=True, exist_ok=True)
    options = f"size={int(megabytes * 1024)}k"
    if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", folder], capture_output=True).returncode:  # noqa: PLW1510
        pytest.skip("mounting a small disk needs more rights than this user has")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@contextlib.contextmanager
def ballast(disk: Path, left_kib: int = 0) -> Iterator[None]:
    """The disk is full but for a little; its space is there again at the end."""
    heavy = disk / "ballast"
    status = os.statvfs(disk)
    size = max(0, status.f_bavail * status.f_frsize - left_kib * 1024)
    with heavy.open("wb") as file, contextlib.suppress(OSError):
        while size > 0:
            size -= file.write(b"\0" * min(size, 65_536))
            file.flush()
    try:
        yield
    finally:
        heavy.unlink()


def environment(cache: Path, **extra: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SUREFOOT_")}
    own = {"SUREFOOT_CACHE_DIR": str(cache), "SUREFOOT_MODEL": "none", "XDG_CONFIG_HOME": "/nonexistent"}
    return {**kept, **own, **extra}


def surefoot(
    cache: Path, *arguments: str, before: Sequence[str] = (), **extra: str
) -> subprocess.CompletedProcess[str]:
    """One command of the command line."""
    return subprocess.run(
        [*before, sys.executable, "-m", "surefoot", *arguments],
        env=environment(cache, **extra), capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
