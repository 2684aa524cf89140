"""Lists what is in a root: the files to index, those left out with the reason, and those that could not be listed.

Invariant: reads names and file attributes only; no file but the ignore files is opened, no link followed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING

from surefoot.domain import FailedFile, FileEntry, Root, SkippedFile, SkipReason
from surefoot.workspace.ignore import Folder, IgnoreRules
from surefoot.workspace.paths import is_odd_name, printable
from surefoot.workspace.skip import (
    content_skip_reason,
    file_name_skip_reason,
    is_vendored_folder,
    name_skip_reason,
)

if TYPE_CHECKING:
    from surefoot.config import Settings

__all__ = ["IgnoreRules", "Walk", "content_skip_reason", "name_skip_reason", "walk"]

_ODD_NAME = "The name holds control characters or bytes that are not UTF-8, so it could not be cited."


@dataclass(frozen=True, slots=True)
class Walk:
    """What is in a root, each list sorted by path.

    A folder that is left out as a whole (vendored, unreadable) is one entry, and its path ends with a slash.
    """

    files: tuple[FileEntry, ...]
    skipped: tuple[SkippedFile, ...]
    failed: tuple[FailedFile, ...]


@dataclass(slots=True)
class _Found:
    """What one walk has found so far, and the folders that it has still to list."""

    files: list[FileEntry] = field(default_factory=list)
    skipped: list[SkippedFile] = field(default_factory=list)
    failed: list[FailedFile] = field(default_factory=list)
    waiting: list[tuple[Folder, str, str]] = field(default_factory=list)  # folder above, name, path with final slash


def walk(root: Root, settings: Settings, *, rules: IgnoreRules | None = None) -> Walk:
    """List a root. Rules that are kept between walks spare git a few calls and the patterns a second reading."""
    rules = rules or IgnoreRules(root)
    found = _Found()
    top = rules.root_folder()
    _list_folder(top, "", _entries(top.path or "/", "", found), rules, settings, found)
    while found.waiting:
        above, name, path = found.waiting.pop()
        entries = _entries(f"{above.path}/{name}", path, found)
        if entries:
            folder = rules.enter(above, name, {entry.name for entry in entries})
            _list_folder(folder, path, entries, rules, settings, found)
    by_path = attrgetter("path")
    return Walk(
        tuple(sorted(found.files, key=by_path)),
        tuple(sorted(found.skipped, key=by_path)),
        tuple(sorted(found.failed, key=by_path)),
    )


def _entries(absolute: str, path: str, found: _Found) -> list[os.DirEntry[str]]:
    """What lies in a folder; nothing where it is gone, and a failure where it cannot be read."""
    try:
        with os.scandir(absolute) as entries:
            return list(entries)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        found.failed.append(FailedFile(path or "./", f"The folder cannot be listed: {error.strerror or error}."))
        return []


def _list_folder(
    folder: Folder,
    path: str,
    entries: list[os.DirEntry[str]],
    rules: IgnoreRules,
    settings: Settings,
    found: _Found,
) -> None:
    """Sort the entries of one folder into what was found."""
    above = path[:-1].rpartition("/")[2]
    for entry, is_dir in _kinds(entries):
        name = entry.name
        if rules.ignores(folder, name, is_dir=is_dir):
            continue
        full = f"{path}{name}"
        if is_odd_name(name):
            found.failed.append(FailedFile(printable(full) + ("/" if is_dir else ""), _ODD_NAME))
        elif not is_dir:
            _sort_file(entry, full, settings, found)
        elif not settings.include_vendored and is_vendored_folder(name, above):
            found.skipped.append(SkippedFile(full + "/", SkipReason.VENDORED))
        else:
            found.waiting.append((folder, name, full + "/"))


def _kinds(entries: list[os.DirEntry[str]]) -> Iterator[tuple[os.DirEntry[str], bool]]:
    """The files, folders and links among the entries, with whether each is a folder. Sockets and devices are none."""
    for entry in entries:
        try:
            is_dir = entry.is_dir(follow_symlinks=False)
            if is_dir or entry.is_file(follow_symlinks=False) or entry.is_symlink():
                yield entry, is_dir
        except OSError:  # gone since it was listed
            continue


def _sort_file(entry: os.DirEntry[str], path: str, settings: Settings, found: _Found) -> None:
    reason = SkipReason.SYMLINK if entry.is_symlink() else file_name_skip_reason(entry.name)
    if reason is None:
        try:
            status = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            return
        except OSError as error:
            found.failed.append(FailedFile(path, f"The file cannot be looked at: {error.strerror or error}."))
            return
        reason = _size_reason(status.st_size, settings)
        if reason is None:
            found.files.append(FileEntry(path, status.st_size, status.st_mtime_ns))
            return
    found.skipped.append(SkippedFile(path, reason))


def _size_reason(size: int, settings: Settings) -> SkipReason | None:
    if size == 0:
        return SkipReason.EMPTY
    return SkipReason.TOO_LARGE if size > settings.max_file_bytes else None
