"""A git history made of the released versions of a project, with what is laid over them: messages, tickets, designs.

A folder has `commits.toml`, the commits in order; `over/`, files that some of them add; and `beside/`, files that lie
in the finished working tree without being committed, such as exports of tickets.

Invariant: the same folder and the same releases make the same hashes, whoever makes them, and whatever their git is
configured to do.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError, model_validator

from surefoot.errors import UsageError
from surefoot.evals.edits import apply_edit
from surefoot.golden import Edit

COMMITS, OVER, BESIDE = "commits.toml", "over", "beside"
MADE_OF = Path(".git") / "made-of"  # what a finished history was made of, so that it is made anew when that changes
AUTHOR = ("Golden Set", "golden@set.invalid")
NEVER = ("PKG-INFO", ".egg-info")  # what packing adds to a project


class Commit(BaseModel):
    """One commit. `paths` are what it takes of its release, `over` what it takes from `over/`.

    Without `paths`, it takes all that is left of the release; the last one of every release must.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: str
    date: AwareDatetime
    body: str = ""
    release: str = ""
    paths: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()

    @model_validator(mode="after")
    def _has_something(self) -> Commit:
        if not (self.release or self.over or self.edits):
            raise ValueError("a commit needs a release, files of `over`, or edits")
        return self


def load_commits(folder: Path) -> tuple[Commit, ...]:
    """The commits of a history, in order. Raises UsageError."""
    path = folder / COMMITS
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["commit"]
        commits = tuple(Commit.model_validate(entry) for entry in entries)
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"])
        raise UsageError(f"{path}: {where or 'a commit'}: {problem['msg']}.") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise UsageError(f"The commits in {path} cannot be read ({error}).") from error
    subjects = [commit.subject for commit in commits]
    twice = next((subject for subject in subjects if subjects.count(subject) > 1), None)
    if twice is not None:
        raise UsageError(f"{path}: two commits are called '{twice}'; cases name commits by their subjects.")
    return commits


def made_of(folder: Path, pins: Mapping[str, str]) -> str:
    """The hash of everything that a history is made of."""
    digest = hashlib.sha256(repr(sorted(pins.items())).encode())
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"\n{path.relative_to(folder).as_posix()}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_current(target: Path, folder: Path, pins: Mapping[str, str]) -> bool:
    """Whether the history in `target` was made of just these."""
    try:
        return (target / MADE_OF).read_text(encoding="utf-8") == made_of(folder, pins)
    except OSError:
        return False


def make(folder: Path, releases: Mapping[str, Path], pins: Mapping[str, str], target: Path) -> str:
    """Make the history in the empty folder `target`, and return the hash of its last commit. Raises UsageError.

    `releases` maps versions to their unpacked sources.
    """
    _git(target, "init", "--quiet", "--initial-branch=main", "--template=")
    (target / ".git" / "info").mkdir(exist_ok=True)
    (target / ".git" / "info" / "attributes").write_text("* -text\n", encoding="utf-8")
    commits = load_commits(folder)
    release = ""
    for commit in commits:
        if commit.release and commit.release != release:
            _check_nothing_is_left(target, release)
            _lay(releases, release, commit.release, target)
            release = commit.release
        _commit(folder, commit, target)
    _check_nothing_is_left(target, release)
    if (folder / BESIDE).is_dir():
        shutil.copytree(folder / BESIDE, target, dirs_exist_ok=True)
    (target / MADE_OF).write_text(made_of(folder, pins), encoding="utf-8")
    return _git(target, "rev-parse", "HEAD").strip()


def subjects(root: Path) -> dict[str, str]:
    """The subject of every commit of a checkout to its hash; nothing where there is no history of its own."""
    if not (root / ".git").exists():
        return {}
    lines = _git(root, "log", "--format=%H %s").splitlines()
    return {subject: commit for commit, _, subject in (line.partition(" ") for line in lines)}


def _lay(releases: Mapping[str, Path], before: str, release: str, target: Path) -> None:
    """The files of a release in place of those of the one before; what was laid over them stays."""
    if release not in releases:
        raise UsageError(f"{COMMITS} names the release {release}, which is not pinned.")
    for path in _files(releases[before]) if before else ():
        (target / path).unlink(missing_ok=True)
        _forget_empty_folders(target / path, target)
    for path in _files(releases[release]):
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(releases[release] / path, target / path)


def _forget_empty_folders(path: Path, target: Path) -> None:
    for folder in path.parents:
        if folder == target or any(folder.iterdir()):
            return
        folder.rmdir()


def _files(release: Path) -> Iterator[Path]:
    for path in sorted(release.rglob("*")):
        inside = path.relative_to(release)
        if path.is_file() and not path.is_symlink() and not any(part.endswith(NEVER) for part in inside.parts):
            yield inside


def _commit(folder: Path, commit: Commit, target: Path) -> None:
    for path in commit.over:
        for source in _laid_over(folder, path):
            aim = target / source.relative_to(folder / OVER)
            aim.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, aim)
    for edit in commit.edits:
        apply_edit(target, edit)
    takes_the_rest = bool(commit.release) and not commit.paths
    edited = [path for edit in commit.edits for path in (edit.path, edit.to) if path]
    chosen = ["."] if takes_the_rest else [*commit.paths, *commit.over, *edited]
    try:
        _git(target, "add", "--all", "--force", "--", *chosen)
        message = f"{commit.subject}\n\n{commit.body.strip()}\n" if commit.body else f"{commit.subject}\n"
        _git(target, "commit", "--quiet", "--no-verify", "--cleanup=verbatim", "--message", message, when=commit)
    except UsageError as error:
        raise UsageError(f"The commit '{commit.subject}' cannot be made: {error}") from error


def _laid_over(folder: Path, path: str) -> Sequence[Path]:
    whole = folder / OVER / path
    found = sorted(each for each in whole.rglob("*") if each.is_file()) if whole.is_dir() else [whole]
    if not found or not found[0].is_file():
        raise UsageError(f"{whole} is not there.")
    return found


def _check_nothing_is_left(target: Path, release: str) -> None:
    left = _git(target, "status", "--porcelain", "--ignored").splitlines()
    if left:
        raise UsageError(f"No commit takes what is left of {release}: {', '.join(line[3:] for line in left[:5])}.")


def _git(root: Path, *arguments: str, when: Commit | None = None) -> str:
    """Git without anybody's configuration, hooks or clock."""
    environ: dict[str, Any] = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environ |= {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_OPTIONAL_LOCKS": "0"}
    for role in ("AUTHOR", "COMMITTER"):
        environ |= {f"GIT_{role}_NAME": AUTHOR[0], f"GIT_{role}_EMAIL": AUTHOR[1]}
        environ |= {f"GIT_{role}_DATE": when.date.isoformat()} if when else {}
    options = ("core.fileMode=false", "core.autocrlf=false", "core.symlinks=false", "core.excludesFile=")
    settings = [part for option in options for part in ("-c", option)]
    command = ["git", *settings, "-C", str(root), *arguments]
    try:
        return subprocess.run(command, env=environ, check=True, capture_output=True, encoding="utf-8").stdout
    except FileNotFoundError as error:
        raise UsageError("Histories are made with git, which is not installed.") from error
    except subprocess.CalledProcessError as error:
        raise UsageError(" ".join((error.stderr or error.stdout or str(error)).split())[-300:]) from error
