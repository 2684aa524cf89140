"""Whether a path is spelt as its folders list it, where the file system finds it in other spellings too.

Invariant: where letter case matters, nothing is listed and every spelling is its own file.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from surefoot.domain import Root


@cache  # asked for every file that is looked at, and the same as long as the folder is there
def ignores_case(folder: Path) -> bool:
    """Whether the folder is found under its name in other letters: by itself, or by the nearest one with letters."""
    named = next((each for each in (folder, *folder.parents) if each.name.swapcase() != each.name), None)
    try:
        return named is not None and named.samefile(named.with_name(named.name.swapcase()))
    except OSError:
        return False


def is_as_listed(root: Root, parts: tuple[str, ...]) -> bool:
    """Whether each part of a root-relative path is in the listing of its folder in this very spelling."""
    if not ignores_case(root.path):
        return True
    here = root.path
    for part in parts:
        try:
            if all(entry.name != part for entry in here.iterdir()):
                return False
        except OSError:
            return False
        here /= part
    return True
