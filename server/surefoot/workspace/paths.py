"""Root-relative paths: which ones may be looked at.

Invariant: what passes here names a place inside its root, written in one way only.
"""

from __future__ import annotations

import os
import re
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from surefoot.domain import Root

# Control characters, line separators and undecodable bytes (which Python reads as surrogates) break `path:line`
# on a terminal, JSON and SQLite.
_ODD_CHARACTERS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def parts_of(path: str) -> tuple[str, ...] | None:
    """The parts of a root-relative path, or None where it is absolute, climbs, or is not in its shortest form."""
    parts = tuple(path.split("/"))
    if any(part in ("", ".", "..") for part in parts) or "\x00" in path:
        return None
    if os.name == "nt" and ("\\" in path or ":" in path):
        return None
    return parts


def is_odd_name(name: str) -> bool:
    """Whether a file name cannot be shown, stored or cited."""
    if name.isascii() and name.isprintable():  # nearly every name, and no regular expression needed
        return False
    return _ODD_CHARACTERS.search(name) is not None


def printable(path: str) -> str:
    """The path with what cannot be shown written as escapes."""
    shown = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return _ODD_CHARACTERS.sub(lambda match: match.group().encode("unicode_escape").decode(), shown)


def crosses_link(root: Root, parts: tuple[str, ...]) -> bool:
    """Whether any part of the path, the last one included, is a symbolic link. What does not exist is none."""
    here = str(root.path)
    for part in parts:
        here = os.path.join(here, part)  # noqa: PTH118 - called for every citation; Path is five times slower
        try:
            if stat.S_ISLNK(os.lstat(here).st_mode):
                return True
        except (OSError, ValueError):
            return False
    return False
