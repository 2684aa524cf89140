"""What cases and histories do to a working tree.

Invariant: an edit that does not fit the tree is a UsageError, and the tree is as it was.
"""

from __future__ import annotations

from pathlib import Path

from surefoot.errors import UsageError
from surefoot.golden import Edit


def apply_edit(root: Path, edit: Edit) -> None:
    """Do to the working tree what the case says. Raises UsageError where the edit does not fit it."""
    path = root / edit.path
    try:
        if edit.action == "write":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(edit.text, encoding="utf-8")
        elif edit.action == "replace":
            text = path.read_text(encoding="utf-8")
            if text.count(edit.old) != 1:
                raise UsageError(f"{edit.path} holds the text to be replaced {text.count(edit.old)} times, not once.")
            path.write_text(text.replace(edit.old, edit.text), encoding="utf-8")
        elif edit.action == "rename":
            (root / edit.to).parent.mkdir(parents=True, exist_ok=True)
            path.rename(root / edit.to)
        else:
            path.unlink()
    except OSError as error:
        raise UsageError(f"The edit of {edit.path} cannot be made ({error.strerror}).") from error
