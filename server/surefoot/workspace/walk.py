"""Lists what is in a root: the files to index, those left out with the reason, and those that could not be listed.

Invariant: reads names and file attributes only; no file but the ignore files is opened, no link followed.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING

from surefoot.domain import FailedFile, FileEntry, Root, SkippedFile, SkipReason
from surefoot.readings import most_bytes
from surefoot.workspace.ignore import Folder, IgnoreRules
from surefoot.workspace.paths import is_odd_name, printable
from surefoot.workspace.skip import (
    OWN_FOLDER,
    OWN_TICKETS,
    content_skip_reason,
    file_name_skip_reason,
    is_vendored_folder,
    name_skip_reason,
)

if TYPE_CHECKING:
    from surefoot.config import Settings

__all__ = ["IgnoreRules", "Walk", "content_skip_reason", "name_skip_reason", "walk"]

OWN_PREFIX = f"{OWN_FOLDER}/"
_ODD_NAME = "The name holds control characters or bytes that are not UTF-8, so it could not be cited."


@dataclass(frozen=True, slots=True)
class Walk:
    """What is in a root, each list sorted by path.

    A folder that is left out as a whole (vendored, unreadable) is one entry, and its path ends with a slash.
    """

    files: tuple[FileEntry, ...]
    skipped: tuple[SkippedFile, ...]
    failed: tuple[FailedFile, ...]


def walk(root: Root, settings: Settings, *, rules: IgnoreRules | None = None) -> Walk:
    """List a root. Rules that are kept between walks spare git a few calls and the patterns a second reading."""
    rules = rules or IgnoreRules(root)
    listing = _Listing(rules, settings)
    top = rules.root_folder()
    top.tracked.read()  # quicker than the patterns, for as many files as there are
    listing.sort_entries(top, "", listing.entries_of(top.path or "/", ""))
    while listing.waiting:
        above, name, path = listing.waiting.pop()
        entries = listing.entries_of(f"{above.path}/{name}", path)
        if entries:
            folder = rules.enter(above, name, {entry.name for entry in entries})
            listing.sort_entries(folder, path, entries)
    by_path = attrgetter("path")
    return Walk(
        tuple(sorted(listing.files, key=by_path)),
        tuple(sorted(listing.skipped, key=by_path)),
        tuple(sorted(listing.failed, key=by_path)),
    )


@dataclass(slots=True)
class _Listing:
    """What one walk has found so far, and the folders that it has still to list."""

    rules: IgnoreRules
    settings: Settings
    files: list[FileEntry] = field(default_factory=list)
    skipped: list[SkippedFile] = field(default_factory=list)
    failed: list[FailedFile] = field(default_factory=list)
    waiting: list[tuple[Folder, str, str]] = field(default_factory=list)  # folder above, name, path with final slash

    def entries_of(self, absolute: str, path: str) -> list[os.DirEntry[str]]:
        """What lies in a folder; nothing where it is gone, and a failure where it cannot be read."""
        try:
            with os.scandir(absolute) as entries:
                return list(entries)
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            self._fail(path or "./", f"The folder cannot be listed: {error.strerror or error}.")
            return []

    def sort_entries(self, folder: Folder, path: str, entries: list[os.DirEntry[str]]) -> None:
        """Put each entry of one folder where it belongs."""
        above = path[:-1].rpartition("/")[2]
        for entry in entries:
            name = entry.name
            try:
                is_dir = entry.is_dir(follow_symlinks=False)
                if self.rules.ignores(folder, name, is_dir=is_dir):
                    continue
                if is_odd_name(name):
                    self._fail(f"{path}{name}/" if is_dir else f"{path}{name}", _ODD_NAME)
                elif (path.startswith(OWN_PREFIX) or name == OWN_FOLDER) and self._is_own(path, name, is_dir=is_dir):
                    self.skipped.append(SkippedFile(f"{path}{name}{'/' * is_dir}", SkipReason.OWN))
                elif not is_dir:
                    self._sort_file(entry, f"{path}{name}")
                elif not self.settings.include_vendored and is_vendored_folder(name, above):
                    self.skipped.append(SkippedFile(f"{path}{name}/", SkipReason.VENDORED))
                else:
                    self.waiting.append((folder, name, f"{path}{name}/"))
            except FileNotFoundError:  # gone since it was listed
                continue
            except OSError as error:
                self._fail(f"{path}{name}", f"The file cannot be looked at: {error.strerror or error}.")

    def _is_own(self, path: str, name: str, *, is_dir: bool) -> bool:
        """Whether an entry of folder `.surefoot`, or that folder, holds none of the tickets that may be in there."""
        if not is_dir:
            return name_skip_reason(f"{path}{name}", self.settings) is SkipReason.OWN
        if path:
            return name == OWN_FOLDER or (path == OWN_PREFIX and name != OWN_TICKETS)
        return not os.path.isdir(f"{self.rules.root.path}/{OWN_FOLDER}/{OWN_TICKETS}")  # noqa: PTH112

    def _sort_file(self, entry: os.DirEntry[str], path: str) -> None:
        if entry.is_symlink():
            self.skipped.append(SkippedFile(path, SkipReason.SYMLINK))
            return
        if not entry.is_file(follow_symlinks=False):  # a socket, a pipe or a device, which git does not list either
            return
        reason = file_name_skip_reason(entry.name)
        if reason is None:
            status = entry.stat(follow_symlinks=False)
            reason = self._size_reason(path, status.st_size)
            if reason is None:
                self.files.append(FileEntry(path, status.st_size, status.st_mtime_ns, status.st_ctime_ns))
                return
        self.skipped.append(SkippedFile(path, reason))

    def _size_reason(self, path: str, size: int) -> SkipReason | None:
        most = self.settings.max_file_bytes
        if size > most:  # nearly none, so that what else is read is asked for these alone
            most = most_bytes(path, most, is_export=self.rules.root.holds_tickets(path))
        return SkipReason.EMPTY if size == 0 else SkipReason.TOO_LARGE if size > most else None

    def _fail(self, path: str, error: str) -> None:
        self.failed.append(FailedFile(printable(path), error))
