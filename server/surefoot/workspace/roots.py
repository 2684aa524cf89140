"""Turns the folders that a user names into roots.

Invariant: a root is an existing, readable folder, its path is absolute and resolved, and no two are the same folder.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from surefoot.config import ticket_folders
from surefoot.domain import Root
from surefoot.errors import RootError


def resolve_roots(paths: Sequence[Path]) -> tuple[Root, ...]:
    """The roots in the order given, each folder once, with names that tell them apart.

    A root whose project file cannot be read has no folders of tickets, not even the usual one: its index knows them.

    Raises:
        RootError: a path does not exist, is no folder or cannot be read.
    """
    folders: dict[tuple[int, int] | Path, Path] = {}
    for path in paths:
        folder = _readable_folder(path)
        folders.setdefault(_identity(folder), folder)
    names = _names(tuple(folders.values()))
    return tuple(_root(folder, name) for folder, name in zip(folders.values(), names, strict=True))


def _root(folder: Path, name: str) -> Root:
    """The root, with the folders of tickets that its project names besides the usual one."""
    usual, named = Root(folder, name), ticket_folders(folder)
    return replace(usual, tickets=() if named is None else tuple(dict.fromkeys((*usual.tickets, *named))))


def _readable_folder(path: Path) -> Path:
    try:
        folder = path.resolve(strict=True)
        if not folder.is_dir():
            raise RootError(f"'{path}' is a file; name the folder that it is in.")
        with os.scandir(folder):
            return folder
    except (FileNotFoundError, NotADirectoryError) as error:
        raise RootError(f"'{path}' does not exist; name an existing folder.") from error
    except RuntimeError as error:  # Python 3.11 and 3.12 say so of a link that leads to itself
        raise RootError(f"'{path}' is a symbolic link that leads to itself; name an existing folder.") from error
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise RootError(f"'{path}' cannot be read ({why}); name a folder that you may list.") from error


def _identity(folder: Path) -> tuple[int, int] | Path:
    """The same for two spellings of one folder, on file systems that ignore case too."""
    status = folder.stat()
    return (status.st_dev, status.st_ino) if status.st_ino else folder


def _names(folders: tuple[Path, ...]) -> list[str]:
    """The last part of each path, and as many parts before it as it takes to tell it from the others."""
    depths = [1] * len(folders)
    while True:
        names = [_tail(folder, depth) for folder, depth in zip(folders, depths, strict=True)]
        counts = Counter(names)
        if all(counts[name] == 1 for name in names):
            return names
        depths = [depth + (counts[name] > 1) for depth, name in zip(depths, names, strict=True)]


def _tail(folder: Path, depth: int) -> str:
    parts = [part for part in folder.parts if part != folder.anchor]
    return "/".join(parts[-depth:]) or folder.anchor
