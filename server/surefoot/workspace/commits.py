"""What commits say, read from git: their messages, and which files and functions they changed.

That is made of their objects alone: neither attributes in the work tree nor settings of the user change it, so that a
citation can be checked against the clone at any time. `diff_attributes` tells git how functions are headed.

Invariant: git is run as in `git.py`, so nothing is written, fetched or executed; whatever a commit holds, what is kept
of it is bounded, and what cannot be read is left out.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Generic, TypeVar

from surefoot.domain import Root
from surefoot.readings import Reading
from surefoot.readings.commits import MOST_FILES, Commit, TouchedFile, read_commit
from surefoot.trace import CancelToken
from surefoot.workspace.git_stream import Git, GitDamagedError, GitFailedError, GitNotStartedError, running
from surefoot.workspace.history import DIGITS, History, digits_of, history_of
from surefoot.workspace.hunks import OPTIONS, functions_in

_ATTRIBUTES = Path(__file__).parent / "diff_attributes"
_MOST_RENAMES = 200  # files that came and went in one commit; git compares each with each
_LARGEST_BLOB = 1024 * 1024  # bytes; a larger one is data, and comparing it takes git long
_KEPT_BYTES = 64 * 1024  # of a commit's object; messages of more are logs that somebody pasted
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = 9_000_000_000  # seconds, of the year 2255: in nanoseconds they are as many as the index can keep
_NEVER = CancelToken()

T = TypeVar("T")


def read_commits(history: History, digits: Sequence[str], cancel: CancelToken = _NEVER) -> list[Commit]:
    """These commits, without those that cannot be read; one of which git did not tell all is not whole."""
    commits = _in_halves(digits, lambda some: _objects(history, some, cancel)).found
    parents = {digits: parents for digits, (_, parents) in commits.items() if digits not in history.ends}
    touched = _in_halves(list(parents), lambda some: _touched(history, some, parents, cancel))
    single = [each for each, files in touched.found.items() if len(parents[each]) < 2 and files.may_have_functions]
    functions: _Told[dict[str, tuple[str, ...]]] = _Told({})
    if not history.is_partial:
        functions = _in_halves(single, lambda some: _functions(history, some, parents, cancel))
    # Of a partial clone some contents are lacking for good, and nothing is fetched here.
    lack_for_good = history.is_partial and touched.was_asked
    in_part = frozenset() if lack_for_good else touched.failed | functions.failed
    damaged = frozenset() if history.is_partial else touched.damaged | functions.damaged
    return [
        replace(
            _with_files(commit, touched.found.get(digits), functions.found.get(digits, {})),
            is_whole=digits not in in_part,
            is_damaged=digits in damaged,
        )
        for digits, (commit, _) in commits.items()
    ]


def read_commit_at(root: Root, path: str) -> Reading | None:
    """What the clone has of a commit at this moment; None where it has no such commit."""
    digits, history = digits_of(path), history_of(root)
    if digits is None or history is None:
        return None
    found = read_commits(history, [digits])
    return read_commit(found[0]) if found else None


@dataclass(slots=True)
class _Touched:
    """The files of one commit, as many as are kept."""

    files: list[TouchedFile]
    count: int = 0

    @property
    def may_have_functions(self) -> bool:
        return 0 < self.count <= MOST_FILES and any(file.status in "AMDR" for file in self.files)


def _with_files(commit: Commit, touched: _Touched | None, functions: dict[str, tuple[str, ...]]) -> Commit:
    if touched is None:
        return commit
    files = tuple(replace(file, functions=functions.get(file.path, ())) for file in touched.files)
    return replace(commit, files=files, file_count=touched.count)


@dataclass(frozen=True, slots=True)
class _Told(Generic[T]):
    """What git tells of commits, of which it failed to, and of which it cannot, as an object is damaged."""

    found: dict[str, T]
    failed: frozenset[str] = frozenset()
    damaged: frozenset[str] = frozenset()
    was_asked: bool = True  # git could be started whenever it was to be


def _in_halves(digits: Sequence[str], read: Callable[[Sequence[str]], dict[str, T]]) -> _Told[T]:
    """What git tells of these commits. Where it gives up, an object is lacking or damaged, and only that is lost."""
    if not digits:
        return _Told({})
    try:
        return _Told(read(digits))
    except GitNotStartedError:  # nor will it be for a part of them
        return _Told({}, frozenset(digits), was_asked=False)
    except GitFailedError as error:
        middle = len(digits) // 2
        if not middle:
            lost = frozenset(digits)
            return _Told({}, damaged=lost) if isinstance(error, GitDamagedError) else _Told({}, lost)
        first, second = _in_halves(digits[:middle], read), _in_halves(digits[middle:], read)
        were_asked = first.was_asked and second.was_asked
        failed, damaged = first.failed | second.failed, first.damaged | second.damaged
        return _Told(first.found | second.found, failed, damaged, were_asked)


# --- messages ---


def _objects(history: History, digits: Sequence[str], cancel: CancelToken) -> dict[str, tuple[Commit, list[str]]]:
    """Each commit with its parents, from the objects themselves: no message can look like the next one."""
    found = {}
    with running(history.root.as_posix(), ["cat-file", "--batch"], feed=_fed(digits)) as git:
        for each in digits:
            cancel.raise_if_cancelled()
            content = _object(git.output, each)
            if content is not None:
                found[each] = _commit(each, content)
        git.check()
    return found


def _object(output: IO[bytes], digits: str) -> bytes | None:
    """The content of a commit; None where git says that there is none. Raises GitFailedError where it says nothing."""
    line = output.readline()
    if not line:
        raise GitFailedError
    name, _, rest = line.partition(b" ")
    kind, _, size = rest.strip().partition(b" ")
    if not size.isdigit():
        return None  # there is none
    left = int(size)
    content = output.read(min(left, _KEPT_BYTES))
    if len(content) < min(left, _KEPT_BYTES):
        raise GitFailedError
    left -= len(content)
    while left > 0 and (skipped := output.read(min(left, _KEPT_BYTES))):
        left -= len(skipped)
    output.read(1)
    return content if kind == b"commit" and name.decode("ascii", "replace") == digits else None


def _commit(digits: str, content: bytes) -> tuple[Commit, list[str]]:
    head, _, message = content.partition(b"\n\n")
    lines = head.split(b"\n")
    headers = {name: value for name, _, value in reversed([line.partition(b" ") for line in lines])}
    parents = [line[7:].decode("ascii", "replace") for line in lines if line.startswith(b"parent ")]
    encoding = headers.get(b"encoding", b"utf-8").decode("ascii", "replace")
    date, time = _day(headers.get(b"author", b"")), _seconds(headers.get(b"committer", b""))
    return Commit(digits, date, time, _decoded(message.replace(b"\0", b" "), encoding)), parents


def _decoded(message: bytes, encoding: str) -> str:
    for name in (encoding, "utf-8"):
        try:
            return message.decode(name)
        except (LookupError, ValueError):  # no such encoding, or not in it
            pass
    return message.decode("cp1252", "replace")


_WHEN = re.compile(rb" (\d{1,12}) ([+-])(\d\d)(\d\d)$")


def _seconds(person: bytes) -> int:
    when = _WHEN.search(person)
    return min(int(when[1]), _LATEST) if when else 0


def _day(person: bytes) -> str:
    """The day on the author's own calendar."""
    when = _WHEN.search(person)
    if when is None:
        return "unknown"
    offset = timedelta(hours=int(when[3]), minutes=int(when[4])) * (-1 if when[2] == b"-" else 1)
    try:
        return (_EPOCH + timedelta(seconds=int(when[1])) + offset).strftime("%Y-%m-%d")
    except OverflowError:
        return "unknown"


# --- files and functions ---


def _touched(
    history: History, digits: Sequence[str], parents: dict[str, list[str]], cancel: CancelToken
) -> dict[str, _Touched]:
    found: dict[str, _Touched] = {}
    with _diff(history, digits, parents, ["-z", "--name-status"]) as git:
        words = git.split(b"\0", cancel)
        for word in words:
            if DIGITS.fullmatch(header := word.decode("ascii", "replace")):
                found[header] = _Touched([])
                continue
            before = next(words, b"") if word.startswith((b"R", b"C")) else b""
            path = next(words, b"")
            if found and path:
                _add(next(reversed(found.values())), header[:1], path, before)
        git.check()
    return found


def _add(touched: _Touched, status: str, path: bytes, before: bytes) -> None:
    touched.count += 1
    if len(touched.files) < MOST_FILES:
        touched.files.append(TouchedFile(status, os.fsdecode(path), os.fsdecode(before)))


def _functions(
    history: History, digits: Sequence[str], parents: dict[str, list[str]], cancel: CancelToken
) -> dict[str, dict[str, tuple[str, ...]]]:
    patch = [
        "-p",
        "-U0",
        "--inter-hunk-context=0",
        "--diff-filter=AMDR",
        "--diff-algorithm=myers",
        "--indent-heuristic",
    ]
    prefixes = ["--src-prefix=a/", "--dst-prefix=b/"]
    with _diff(history, digits, parents, [*patch, *prefixes]) as git:
        found = functions_in(git.lines(cancel))
        git.check()
    return found


def _diff(
    history: History, digits: Sequence[str], parents: dict[str, list[str]], arguments: list[str]
) -> AbstractContextManager[Git]:
    """Compare commits with their first parents, in a work tree that has no attributes but ours."""
    fixed = ["-r", "--root", "--no-ext-diff", "--no-textconv", "--no-color", "--ignore-submodules=none"]
    renames = ["-M100%"] if history.is_partial else ["-M", f"-l{_MOST_RENAMES}"]
    inside = [f"--relative={history.folder}"] if history.folder else []
    options = [f"core.attributesFile={_ATTRIBUTES / 'attributes'}", f"core.bigFileThreshold={_LARGEST_BLOB}"]
    return running(
        _ATTRIBUTES.as_posix(),
        ["diff-tree", "--stdin", *fixed, *renames, *inside, *arguments],
        feed=_fed(f"{each} {parents[each][0]}" if parents[each] else each for each in digits),
        options=[*options, *OPTIONS, "core.quotePath=false"],
        environment={
            "GIT_DIR": history.repository.git_dir,
            "GIT_WORK_TREE": _ATTRIBUTES.as_posix(),
            "GIT_INDEX_FILE": (_ATTRIBUTES / "no-index").as_posix(),
        },
    )


def _fed(lines: Iterator[str] | Sequence[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()
