"""Files that the users of a project write for themselves, as `.ruff.toml` or `.vscode/settings.json`.

Invariant: what is said here of a name says nothing of whether there is such a file.
"""

from __future__ import annotations

# Those that are words as well, as `json`, claim nothing anyway where no folder stands with them.
_SETTINGS = frozenset("toml yaml yml properties".split())
_DATA = _SETTINGS | frozenset("json json5 jsonc ini cfg conf env xml".split())


def is_data(path: str) -> bool:
    """Whether a file sets names and defines none: a function or a setting of code never stood in it."""
    return _ending(path) in _DATA


def may_be_users(path: str) -> bool:
    """Whether a file may be one that users write: its name or that of its folder has a dot, or it has no folder."""
    *folders, name = (part for part in path.replace("\\", "/").split("/") if part not in {"", ".", ".."})
    return name.startswith(".") or (_ending(name) in _SETTINGS if not folders else folders[-1].startswith("."))


def _ending(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[2].lower()
