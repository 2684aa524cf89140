"""Links to lines as a remote has them: at a commit that it has, and only where the lines are the very same there.

Invariant: nothing is written, nothing is fetched and nothing raises; where anything is in doubt, there is no link.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path

from surefoot.workspace.decoding import decode
from surefoot.workspace.git import git_line, run_git
from surefoot.workspace.remote_links import Place, Repository, repository_of


@dataclass(frozen=True, slots=True)
class Published:
    """A work tree, where its repository is on the web, and the newest commit of ours that is there."""

    top: Path
    repository: Repository
    commit: str


class Permalinks:
    """Links for one request: what git says of a folder is asked once."""

    def __init__(self) -> None:
        self._published = lru_cache(maxsize=None)(published)
        self._lines = lru_cache(maxsize=None)(lines_at)

    def to(self, file: Path, lines: tuple[str, ...], start: int, end: int) -> str:
        """The address of lines `start` to `end` of the file, whose present content is `lines`; "" if there is none."""
        found = self._published(str(file.parent))
        if found is None or not file.is_relative_to(found.top):
            return ""
        path = file.relative_to(found.top).as_posix()
        before = self._lines(str(found.top), found.commit, path)
        first = where_before(before, lines, start, end)
        return "" if first is None else found.repository.to(Place(found.commit, path, first, first + end - start))


def published(folder: str) -> Published | None:
    """What of the repository around a folder can be seen on the web."""
    top, remote = git_line(folder, "rev-parse", "--show-toplevel"), _remote(folder)
    if top is None or remote is None:
        return None
    repository = repository_of(git_line(folder, "remote", "get-url", remote) or "")
    commit = _commit(folder, remote) if repository is not None else None
    return Published(Path(top), repository, commit) if repository is not None and commit is not None else None


def lines_at(top: str, commit: str, path: str) -> tuple[str, ...]:
    """The lines of a file at a commit; none where it is not there, or no text."""
    content = run_git(top, "cat-file", "blob", f"{commit}:{path}")
    text = decode(content) if content is not None else None
    return tuple(text.split("\n")) if text is not None else ()


def where_before(before: tuple[str, ...], now: tuple[str, ...], start: int, end: int) -> int | None:
    """The first line at which lines `start` to `end` of `now` stood in `before`: followed, and never a twin of them."""
    wanted = now[start - 1 : end]
    places = _occurrences(wanted, before)
    if not places or len(places) == len(_occurrences(wanted, now)) == 1:
        return places[0] + 1 if places else None
    # The same text stands there several times: only what surrounds it tells which of them is meant.
    for block in SequenceMatcher(None, before, now).get_matching_blocks():
        around = (*now[block.b : start - 1], *now[end : block.b + block.size])
        if block.b <= start - 1 and end <= block.b + block.size and any(line.strip() for line in around):
            return block.a + start - block.b
    return None


def _occurrences(wanted: tuple[str, ...], lines: tuple[str, ...]) -> list[int]:
    first, length = wanted[0], len(wanted)
    return [place for place, line in enumerate(lines) if line == first and lines[place : place + length] == wanted]


def _remote(folder: str) -> str | None:
    """The remote of the current branch, or else `origin`, or else the first one."""
    known = (git_line(folder, "remote") or "").split("\n")
    branch = git_line(folder, "symbolic-ref", "--quiet", "--short", "HEAD")
    own = git_line(folder, "config", "--get", f"branch.{branch}.remote") if branch else None
    return next((name for name in (own, "origin", known[0]) if name and name in known), None)


def _commit(folder: str, remote: str) -> str | None:
    """HEAD if the remote is known to have it; else where HEAD has left the upstream or the remote's main branch."""
    head = git_line(folder, "rev-parse", "--quiet", "--verify", "HEAD^{commit}")
    if head is None:
        return None
    if git_line(folder, "for-each-ref", "--count=1", "--contains", head, f"refs/remotes/{remote}/"):
        return head
    bases = (git_line(folder, "merge-base", head, branch) for branch in _branches(folder, remote))
    return next((base for base in bases if base is not None), None)


def _branches(folder: str, remote: str) -> Iterator[str]:
    upstream = git_line(folder, "rev-parse", "--symbolic-full-name", "--verify", "--quiet", "@{upstream}") or ""
    if upstream.startswith(f"refs/remotes/{remote}/"):
        yield upstream
    yield from (f"refs/remotes/{remote}/{name}" for name in ("HEAD", "main", "master"))
