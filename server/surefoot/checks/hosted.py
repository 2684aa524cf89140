"""Links to lines on a host of git: whether they are of a repository of ours, and where the lines are now.

Invariant: git is only read, and only asked about links to the repository itself; nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from surefoot.checks.written import WrittenPlace
from surefoot.retrieve.root_index import RootIndex
from surefoot.workspace.git import git_line
from surefoot.workspace.permalinks import lines_at, where_before
from surefoot.workspace.remote_links import repository_of

_COMMIT = re.compile(r"/([0-9a-f]{7,40})/")


class Hosted:
    """The repositories of the roots, each looked at once and only when a link asks for it."""

    def __init__(self, indexes: Sequence[RootIndex]) -> None:
        self._indexes = indexes
        self.top = lru_cache(maxsize=None)(_top)
        self._addresses = lru_cache(maxsize=None)(_addresses)

    def path(self, place: WrittenPlace) -> str | None:
        """The absolute path of the file that a link shows; None for a link to another repository."""
        wanted = place.link.lower().removeprefix("www.").removesuffix(".git")
        for index in self._indexes:
            folder = str(index.root.path)
            if wanted in self._addresses(folder):
                top = self.top(folder)
                return f"{top}/{place.path}" if top else None
        return None

    def lines_now(self, index: RootIndex, place: WrittenPlace, address: str, now: Sequence[str]) -> int | None:
        """Where the lines of a link to a commit stand in the file now: 0 if nowhere, None if git cannot tell."""
        commit, top = _COMMIT.search(address), self.top(str(index.root.path))
        then = lines_at(top, commit.group(1), place.path) if commit and top else ()
        if not then or place.last > len(then):
            return None
        return where_before(tuple(now), then, place.first, place.last) or 0


def _top(folder: str) -> str:
    top = git_line(folder, "rev-parse", "--show-toplevel")
    return Path(top).as_posix() if top else ""


def _addresses(folder: str) -> frozenset[str]:
    """The repositories that the remotes of a folder are, as host, owner and name."""
    remotes = [remote for remote in (git_line(folder, "remote") or "").split("\n") if remote]
    found = (repository_of(git_line(folder, "remote", "get-url", remote) or "") for remote in remotes)
    return frozenset(each.address.partition("://")[2].lower() for each in found if each is not None)
