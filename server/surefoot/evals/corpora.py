"""The projects that cases are about: pinned, downloaded by the ordinary package clients, kept in a cache folder.

Invariant: an archive is unpacked only once its sha256 is the pinned one, and nothing in it is ever run.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from surefoot.errors import UsageError
from surefoot.evals import histories

HISTORIES = "histories"  # the folder beside the corpora file that says how histories are made
DEBIAN_SOURCES = (Path("/etc/apt/sources.list.d"), Path("/etc/apt/sources.list"))


@dataclass(frozen=True, slots=True)
class Corpus:
    """One project. `split` is "dev" (constants may be tuned on it) or "test" (they may not).

    One of kind "history" has no version of its own: `releases` maps those that it is made of to their sha256, `head` is
    the hash of the commit that comes out, and `laid_over` the folder that says how.
    """

    name: str
    language: str
    split: str
    kind: str  # "sdist", "npm", "debian" or "history"
    package: str = ""
    version: str = ""
    sha256: str = ""
    releases: Mapping[str, str] = field(default_factory=dict)
    head: str = ""
    laid_over: Path = Path()


def load_corpora(path: Path) -> dict[str, Corpus]:
    """The corpora by name. Raises UsageError."""
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["corpus"]
        corpora = [Corpus(**entry, laid_over=path.parent / HISTORIES / entry["name"]) for entry in entries]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise UsageError(f"The corpora in {path} cannot be read ({error}).") from error
    return {corpus.name: corpus for corpus in corpora}


def fetch(corpus: Corpus, folder: Path) -> Path:
    """The unpacked source of a corpus, downloaded on first use. Raises UsageError with what the client said."""
    folder = folder.absolute()  # clients run in a folder of their own
    target = folder / corpus.name
    if corpus.kind == "history":
        return _history(corpus, folder, target)
    if not target.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        _unpack(corpus, target)
    return target


def _unpack(corpus: Corpus, target: Path) -> None:
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        where = Path(scratch)
        _download(corpus, where)
        archive = next((path for path in where.iterdir() if _sha256(path) == corpus.sha256), None)
        if archive is None:
            raise UsageError(f"No file that {corpus.package} {corpus.version} brought has the pinned sha256.")
        with tarfile.open(archive) as tar:
            tar.extractall(where / "unpacked", filter="data")
        (top,) = (where / "unpacked").iterdir()
        top.rename(target)


def _history(corpus: Corpus, folder: Path, target: Path) -> Path:
    """Made anew when what it is made of has changed; the releases are kept beside the corpora."""
    if histories.is_current(target, corpus.laid_over, corpus.releases):
        return target
    kept = folder.parent / "releases"
    kept.mkdir(parents=True, exist_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    releases = {}
    for version, sha256 in corpus.releases.items():
        releases[version] = kept / f"{corpus.package}-{version}-{sha256[:12]}"
        if not releases[version].is_dir():
            _unpack(replace(corpus, kind="sdist", version=version, sha256=sha256), releases[version])
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        made = Path(scratch) / corpus.name
        made.mkdir()
        head = histories.make(corpus.laid_over, releases, corpus.releases, made)
        if head != corpus.head:
            raise UsageError(f"The history of {corpus.name} ends in the commit {head}, and {corpus.head} is pinned.")
        if target.exists():
            shutil.rmtree(target)
        made.rename(target)
    return target


def _download(corpus: Corpus, where: Path) -> None:
    commands, environ = DOWNLOADS[corpus.kind](corpus, where)
    for command in commands:
        try:
            subprocess.run(command, cwd=where, env=environ, check=True, capture_output=True, text=True)
        except FileNotFoundError as error:
            raise UsageError(f"{corpus.name} is downloaded with {command[0]}, which is not installed.") from error
        except subprocess.CalledProcessError as error:
            said = " ".join(str(error.stderr or error.stdout).split())[-300:]
            raise UsageError(f"{corpus.package} {corpus.version} could not be downloaded: {said}") from error


Commands = tuple[list[list[str]], Mapping[str, str]]


def _sdist(corpus: Corpus, _: Path) -> Commands:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps"]
    return [[*pip, "--no-binary", ":all:", "--dest", ".", f"{corpus.package}=={corpus.version}"]], os.environ


def _npm(corpus: Corpus, _: Path) -> Commands:
    return [["npm", "pack", "--silent", f"{corpus.package}@{corpus.version}"]], os.environ


def _debian(corpus: Corpus, where: Path) -> Commands:
    environ = with_own_lists(where)
    source = ["apt-get", "source", "--download-only", "--tar-only", "-qq", f"{corpus.package}={corpus.version}"]
    return [["apt-get", "update", "-qq"], source], environ


def with_own_lists(where: Path) -> dict[str, str]:
    """An environment in which apt-get has lists of its own in a folder, for Debian's sources.

    Most machines have no `deb-src` line, and only root may write the system's lists.
    """
    for folder in ("parts", "lists/partial", "cache/archives/partial"):
        (where / folder).mkdir(parents=True)
    for path in (file for source in DEBIAN_SOURCES for file in (source.iterdir() if source.is_dir() else [source])):
        if path.suffix in {".sources", ".list"} and path.is_file():
            text = re.sub(r"(?m)^(Types:\s*deb|deb)(?=\s)", r"\1-src", path.read_text(encoding="utf-8"))
            (where / "parts" / path.name).write_text(text, encoding="utf-8")
    conf = where / "apt.conf"
    conf.write_text(
        f'Dir::Etc::SourceList "/dev/null"; Dir::Etc::SourceParts "{where}/parts";\n'
        f'Dir::State::Lists "{where}/lists"; Dir::Cache "{where}/cache"; APT::Sandbox::User "";\n',
        encoding="utf-8",
    )
    return {**os.environ, "APT_CONFIG": str(conf)}


DOWNLOADS: Mapping[str, Callable[[Corpus, Path], Commands]] = {"sdist": _sdist, "npm": _npm, "debian": _debian}


def _sha256(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def working_copy(source: Path, target: Path) -> Path:
    """A copy that may be edited; the cached one never is."""
    shutil.copytree(source, target, symlinks=True)
    return target
