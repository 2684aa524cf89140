"""Where the history of a root stands, and which commits lead to its HEAD.

Invariant: whether anything has changed is found by looking at a few small files; git is run only to list commits, as in
`git.py`, so that nothing is written, fetched or executed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from surefoot.domain import COMMIT, Root, content_hash, is_commit
from surefoot.trace import CancelToken
from surefoot.workspace.git import GitFolder, head_commit_by_files, repository_above
from surefoot.workspace.git_stream import GitFailedError, running

FEW = 200  # commits that a question waits for; more are read behind everything else
DIGITS = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_BOUNDARY_BYTES = 1024 * 1024  # of the list of commits that a shallow clone ends at


@dataclass(frozen=True, slots=True)
class History:
    """The repository around a root, and what decides which commits there are.

    `folder` is the root's place in the work tree, empty or with a final slash. `ends` are the commits at which a
    shallow clone ends, whose parents are not there. Of a partial clone, which may lack contents, only the names of
    files are read.
    """

    repository: GitFolder
    root: Path
    folder: str
    head: str
    ends: frozenset[str]
    is_partial: bool

    @property
    def state(self) -> str:
        """The same as long as the same commits are there."""
        return f"{self.head} {content_hash(' '.join(sorted(self.ends)))[:12] if self.ends else ''}".strip()


def digits_of(path: str) -> str | None:
    """The digits of a commit's path; None for one that no commit can have."""
    return path.removeprefix(COMMIT) if is_commit(path) else None


def history_of(root: Root) -> History | None:
    """Where the root's history stands; None without a repository or a commit. Looks at files, and runs nothing."""
    repository = repository_above(root.path.as_posix())
    head = None if repository is None else head_commit_by_files(repository)
    if repository is None or head is None:
        return None
    folder = root.path.relative_to(repository.top).as_posix()
    return History(
        repository,
        root.path,
        "" if folder == "." else f"{folder}/",
        head,
        frozenset(DIGITS.findall(_text(f"{repository.common_dir}/shallow"))),
        any(word in _text(f"{repository.common_dir}/config").lower() for word in ("promisor", "partialclone")),
    )


def state_of(root: Root) -> str:
    """What to compare with what was recorded when commits were read; empty without a history."""
    history = history_of(root)
    return "" if history is None else history.state


def reachable(history: History, limit: int, cancel: CancelToken) -> tuple[str, ...] | None:
    """The commits that lead to HEAD and touch the root, newest first; None where git cannot tell."""
    arguments = ["rev-list", f"--max-count={limit}", history.head, "--", *(["."] if history.folder else [])]
    try:
        with running(history.root.as_posix(), arguments) as git:
            found = [line.strip().decode("ascii", "replace") for line in git.lines(cancel)]
            git.check()
    except GitFailedError:
        return None
    return tuple(digits for digits in found if DIGITS.fullmatch(digits))


def _text(path: str) -> str:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - for each hit that is a commit, where Path is slow
            return file.read(_BOUNDARY_BYTES).decode("ascii", "replace")
    except OSError:
        return ""
