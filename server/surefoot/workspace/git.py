"""What git knows about a folder, read and never written.

Invariant: every call runs with GIT_OPTIONAL_LOCKS=0, without the network and without the hooks that a repository can
configure, and nothing raises: where git or a repository is missing, damaged or refused, there are simply no facts.
"""

from __future__ import annotations

import os
import re
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from surefoot.domain import Root

# A git that hangs (a dead network drive) must not hang the walk.
_TIMEOUT_SECONDS = 30.0
# A repository is other people's input, and `core.fsmonitor` names a program that git would run.
_SAFE_OPTIONS = ("-c", "core.fsmonitor=false", "-c", "core.untrackedCache=false")
# In a partial clone, looking at a file of an old commit would fetch it from the remote.
_OFFLINE = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}
# Set while a git hook runs; they would point every repository at that hook's own.
_MISLEADING_VARIABLES = frozenset({
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_PREFIX",
    "GIT_OBJECT_DIRECTORY",
    "GIT_NAMESPACE",
    "GIT_LITERAL_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class GitFacts:
    """Where a work tree stands. `head` is None before the first commit, `branch` is None when detached."""

    top: Path
    head: str | None
    branch: str | None


@dataclass(frozen=True, slots=True)
class GitFolder:
    """A repository's work tree, its own git folder and the one that it shares with other work trees."""

    top: str
    git_dir: str
    common_dir: str


@dataclass(frozen=True, slots=True)
class GitState:
    """What the files in a git folder say about whether git is writing, and whether it has written."""

    head: tuple[int, ...]  # of HEAD and its log: differs after a commit, a switch, a reset
    index: tuple[int, ...]  # differs after whatever else changes the work tree through git
    lock: tuple[int, ...]  # of the lock of the index; empty where nobody holds it
    locked_at: float  # when the lock was made
    is_between_steps: bool  # a rebase, merge or the like was begun and has not ended


@dataclass(frozen=True, slots=True)
class GitConfig:
    """The settings that decide what is ignored."""

    excludes_file: str | None
    ignore_case: bool


def describe(root: Root) -> GitFacts | None:
    """Where the work tree around `root` stands, or None outside of one."""
    folder = str(root.path)
    top = git_line(folder, "rev-parse", "--show-toplevel")
    if top is None:
        return None
    head = git_line(folder, "rev-parse", "--quiet", "--verify", "HEAD^{commit}")
    return GitFacts(Path(top), head, git_line(folder, "symbolic-ref", "--quiet", "--short", "HEAD"))


def repository_at(folder: str) -> GitFolder | None:
    """The repository whose work tree starts in exactly this folder. Looks at files only, runs nothing."""
    git_dir = f"{folder.rstrip('/')}/.git"
    try:
        is_folder = stat.S_ISDIR(os.stat(git_dir).st_mode)  # noqa: PTH116 - once per folder of a walk, where Path is slow
    except (OSError, ValueError):
        return None
    if not is_folder:
        target = _first_line(git_dir)
        if not target.startswith("gitdir:"):
            return None
        git_dir = os.path.normpath(os.path.join(folder, target.removeprefix("gitdir:").strip()))  # noqa: PTH118
    if not os.path.lexists(f"{git_dir}/HEAD"):
        return None
    common = _first_line(f"{git_dir}/commondir")
    return GitFolder(folder, git_dir, os.path.normpath(os.path.join(git_dir, common)) if common else git_dir)  # noqa: PTH118


def repository_above(folder: str) -> GitFolder | None:
    """The repository that this folder lies in."""
    path = Path(folder)
    return next((found for above in (path, *path.parents) if (found := repository_at(above.as_posix()))), None)


# While these are there, git goes on by itself or waits for its user.
_UNFINISHED = ("rebase-merge", "rebase-apply", "sequencer", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD")
_MOST_HOPS = 5  # from HEAD to a commit, as git has it
_OBJECT_NAME = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_MOST_SUBMODULES = 50  # each costs some looks at files whenever git does something


def repositories_of(folder: str) -> tuple[GitFolder, ...]:
    """The repository that the folder lies in, and its submodules: whose git may write files here."""
    own = repository_above(folder)
    return () if own is None else (own, *_submodules_of(own))[:_MOST_SUBMODULES]


def _submodules_of(repository: GitFolder) -> Iterator[GitFolder]:
    for path, folders, files in os.walk(f"{repository.git_dir}/modules"):
        if "HEAD" in files:  # a git folder, and "modules" in it has the submodules of the submodule
            git_dir = path.replace(os.sep, "/")
            folders[:] = [name for name in folders if name == "modules"]
            if (top := _work_tree_of(git_dir)) is not None:
                yield GitFolder(top, git_dir, git_dir)


def _work_tree_of(git_dir: str) -> str | None:
    """Where the files of a submodule are, as its configuration says."""
    try:
        text = Path(git_dir, "config").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return None
    found = re.search(r"^\s*worktree\s*=\s*(.+?)\s*$", text, re.MULTILINE)
    return os.path.normpath(os.path.join(git_dir, found[1])) if found else None  # noqa: PTH118


def state_files(repository: GitFolder) -> tuple[str, str, str]:
    """The files of a git folder that change whenever git has changed the work tree: HEAD, its log, and the index."""
    return f"{repository.git_dir}/HEAD", f"{repository.git_dir}/logs/HEAD", f"{repository.git_dir}/index"


def git_state(repository: GitFolder) -> GitState:
    """Looks at some files and runs nothing, so that it can be asked before each look at the work tree."""
    head, log, index = state_files(repository)
    lock = _stamp(f"{repository.git_dir}/index.lock")
    unfinished = any(os.path.lexists(f"{repository.git_dir}/{name}") for name in _UNFINISHED)
    return GitState(
        (*_stamp(head), *_stamp(log)), _stamp(index), lock, lock[1] / 1e9 if lock else 0.0, is_between_steps=unfinished
    )


def head_commit(repository: GitFolder) -> str | None:
    """The commit that is checked out; None before the first."""
    return git_line(repository.top, "rev-parse", "--quiet", "--verify", "HEAD^{commit}")


def paths_between(repository: GitFolder, before: str, after: str) -> tuple[Path, ...] | None:
    """The files that differ between two commits, as absolute paths; None where git cannot tell."""
    output = run_git(repository.top, "diff-tree", "-r", "-z", "--name-only", "--no-renames", before, after)
    if output is None:
        return None
    return tuple(Path(repository.top, os.fsdecode(name)) for name in output.split(b"\0") if name)


def head_commit_by_files(repository: GitFolder) -> str | None:
    """The same, without running git where HEAD and the refs are plain files: asked before a commit is shown."""
    name = "HEAD"
    for _ in range(_MOST_HOPS):
        line = _first_line(f"{repository.git_dir}/{name}") or _first_line(f"{repository.common_dir}/{name}")
        if not line.startswith("ref:"):
            return line if _OBJECT_NAME.fullmatch(line) else _packed(repository, name)
        name = line.removeprefix("ref:").strip()
        if not name.startswith("refs/") or ".." in name:
            return None
    return None


def branch_by_files(repository: GitFolder) -> str:
    """The name of the branch that is checked out; empty where HEAD is on none."""
    line = _first_line(f"{repository.git_dir}/HEAD")
    return line.removeprefix("ref:").strip().removeprefix("refs/heads/") if line.startswith("ref:") else ""


def tags_like(repository: GitFolder, version: str) -> list[str]:
    """The tags whose names end in a version."""
    return (git_line(repository.top, "tag", "--list", f"*{version}") or "").split()


def _packed(repository: GitFolder, name: str) -> str | None:
    """The commit of a ref that has no file of its own; what keeps refs in another way is left to git."""
    if os.path.isdir(f"{repository.common_dir}/reftable"):  # noqa: PTH112
        return head_commit(repository)
    try:
        refs = Path(repository.common_dir, "packed-refs").read_bytes()
    except OSError:
        return None
    end = refs.find(b" " + os.fsencode(name) + b"\n")  # there may be a hundred thousand of them
    commit = refs[refs.rfind(b"\n", 0, end) + 1 : end].decode("ascii", "replace") if end > 0 else ""
    return commit if _OBJECT_NAME.fullmatch(commit) else None


def _stamp(path: str) -> tuple[int, ...]:
    try:
        status = os.stat(path)  # noqa: PTH116 - before each look at the work tree, where Path is slow
    except (OSError, ValueError):
        return ()
    return status.st_ino, status.st_mtime_ns, status.st_size


def tracked_paths(repository: GitFolder) -> frozenset[bytes]:
    """Every path in the index, relative to the top of the work tree."""
    output = run_git(repository.top, "ls-files", "-z", "--cached")
    return frozenset(output.split(b"\0")) - {b""} if output else frozenset()


def read_config(folder: str) -> GitConfig:
    """The settings as git merges them for this folder: system, user, repository, and all that they include."""
    output = run_git(folder, "config", "-z", "--list", "--includes") or b""
    values = {}
    for entry in output.split(b"\0"):
        name, newline, value = entry.partition(b"\n")
        values[name.lower()] = value if newline else b"true"
    excludes = values.get(b"core.excludesfile")
    ignore_case = values.get(b"core.ignorecase", b"false").lower() in (b"true", b"yes", b"on", b"1")
    return GitConfig(_excludes_file(folder, None if excludes is None else os.fsdecode(excludes)), ignore_case)


def config_files(repository: GitFolder | None) -> tuple[str, ...]:
    """The files whose change makes `read_config` worth asking again. Included files are not among them."""
    files = [os.environ.get("GIT_CONFIG_GLOBAL") or os.path.expanduser("~/.gitconfig"), f"{_user_folder()}/config"]  # noqa: PTH111
    if repository is not None:
        files += [f"{repository.common_dir}/config", f"{repository.git_dir}/config.worktree"]
    return tuple(files)


def _excludes_file(folder: str, configured: str | None) -> str | None:
    if configured is None:
        return f"{_user_folder()}/ignore"
    if not configured:
        return None
    return os.path.join(folder, os.path.expanduser(configured))  # noqa: PTH111, PTH118 - "~user" and plain text


def _user_folder() -> str:
    base = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")  # noqa: PTH111
    return f"{base}/git"


def _first_line(path: str) -> str:
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            return os.fsdecode(file.readline(4096)).rstrip("\r\n")
    except OSError:
        return ""


def git_line(folder: str, *arguments: str) -> str | None:
    """What git prints without white space around it; None where it fails or has nothing to say."""
    output = run_git(folder, *arguments)
    return os.fsdecode(output).strip() or None if output is not None else None


def safe_command(*arguments: str) -> list[str]:
    """A command of git without what a repository could have it run."""
    return ["git", *_SAFE_OPTIONS, *arguments]


def safe_environment() -> dict[str, str]:
    """The environment in which git neither writes nor asks anybody, here or on the network."""
    environment = {name: value for name, value in os.environ.items() if name not in _MISLEADING_VARIABLES}
    return environment | {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C", **_OFFLINE}


def is_refused(repository: GitFolder) -> bool:
    """Whether git reads nothing here because the folder belongs to another user, as in a container or on a share."""
    done = _done(repository.top, "rev-parse", "--git-dir")
    return done is not None and done.returncode != 0 and b"dubious ownership" in done.stderr


def run_git(folder: str, *arguments: str) -> bytes | None:
    """What git prints when it is run in the folder; None where it fails."""
    done = _done(folder, *arguments)
    return done.stdout if done is not None and done.returncode == 0 else None


def _done(folder: str, *arguments: str) -> subprocess.CompletedProcess[bytes] | None:
    try:
        return subprocess.run(
            safe_command(*arguments),
            cwd=folder,
            env=safe_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
