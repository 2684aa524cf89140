"""The folder of a project's tickets in a root: its files, and up to which change they are there.

Invariant: a file is there as a whole or not at all, nothing is written outside of the root, and the state never says
more than the files hold.
"""

from __future__ import annotations

import contextlib
import json
import os
from datetime import datetime
from pathlib import Path

from surefoot.errors import SyncError
from surefoot.sync.markdown import is_same, value_in
from surefoot.sync.pages import Item, time_of
from surefoot.sync.targets import Target

TICKETS = ".surefoot/tickets"
STATE = ".sync-state"  # without ending, so that nobody takes it for an export
ENDING = ".md"
PART = ".part"
LARGEST_STATE = 1024 * 1024
LARGEST_TICKET = 64 * 1024 * 1024


def is_begun(root: Path, target: Target) -> bool:
    """Whether tickets of the target are in the root."""
    return root.joinpath(TICKETS, target.tracker, target.project, STATE).is_file()


class TicketFolder:
    """`.surefoot/tickets/<tracker>/<project>` of a root."""

    def __init__(self, root: Path, target: Target) -> None:
        self.path = _made(root, (*TICKETS.split("/"), target.tracker, *target.project.split("/")))
        self._url = target.url
        self._times = self._read_state(target)

    def since(self, stream: str) -> datetime | None:
        """The latest change up to which all tickets are here."""
        return time_of(self._times.get(stream))

    def advance(self, stream: str, time: datetime) -> None:
        """Remember that everything up to this change is here."""
        before = self.since(stream)
        if before is None or time > before:
            self._times[stream] = time.isoformat()
            _write(self.path / STATE, json.dumps({"url": self._url, "updated": self._times}, indent=1) + "\n")

    def has(self, item: Item) -> bool:
        """Whether the ticket's file is of this very change, or has the comments on its lines up to this one."""
        text = _read(self._file(item.name))
        if item.updated:
            return value_in(text, "updated") == item.updated
        return bool(item.reviewed) and value_in(text, "reviewed") >= item.reviewed

    def write(self, name: str, text: str) -> bool:
        """Write a ticket's file, unless it says the same already."""
        path = self._file(name)
        before = _read(path)
        if before and is_same(before, text):
            return False
        _write(path, text)
        return True

    def names(self) -> set[str]:
        """The tickets that have a file."""
        return {path.name.removesuffix(ENDING) for path in self.path.glob(f"*{ENDING}")}

    def _file(self, name: str) -> Path:
        return self.path / f"{name}{ENDING}"

    def _read_state(self, target: Target) -> dict[str, str]:
        text = _read(self.path / STATE, LARGEST_STATE)
        try:
            state = json.loads(text) if text else {}
        except (ValueError, RecursionError):
            return {}
        if not isinstance(state, dict):
            return {}
        if state.get("url", target.url) != target.url:
            raise SyncError(
                f"{self.path} has tickets of another {target.service.title}; delete that folder, or sync into "
                "another root."
            )
        times = state.get("updated")
        pairs = times.items() if isinstance(times, dict) else ()
        return {stream: time for stream, time in pairs if isinstance(time, str)}


def _made(root: Path, parts: tuple[str, ...]) -> Path:
    """The folder, made where it is missing. A link on the way may have come with the project, and leads elsewhere."""
    folder = root
    try:
        for part in parts:
            folder /= part
            if folder.is_symlink():
                raise SyncError(f"{folder} is a link, and tickets are only written into the project; remove it.")
            folder.mkdir(exist_ok=True)
    except OSError as error:
        raise SyncError(f"{folder} cannot be made ({error.strerror or error}); make room or access there.") from error
    return folder


def _read(path: Path, limit: int = LARGEST_TICKET) -> str:
    """What a file says; nothing where there is none, or a link to one that is not ours."""
    if path.is_symlink():
        return ""
    try:
        with path.open("rb") as file:
            return file.read(limit).decode("utf-8", "replace")
    except OSError:
        return ""


def _write(path: Path, text: str) -> None:
    """Write it beside, and put it in its place: who reads meanwhile sees the old or the new one."""
    part = path.with_name(f".{path.name}{PART}")
    try:
        with contextlib.suppress(FileNotFoundError):
            part.unlink()  # of a sync that was killed; a link would be followed
        with part.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise SyncError(
            f"{path} cannot be written ({error.strerror or error}); make room or access there and run the same "
            "command again: it goes on where it stopped."
        ) from error
