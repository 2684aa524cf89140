"""The trees that the benchmarks measure: `python evals/bench/trees.py [NAME...] [--trees DIR]` fetches them.

Another version than the pinned one is taken with `--linux-version`; its sha256 is then told, not checked.

Invariant: a cached tree is never written to; whoever edits one makes a copy, and whoever reads one may link to it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from surefoot.errors import UsageError
from surefoot.evals.corpora import fetch, load_corpora

HERE = Path(__file__).parent
CACHE = HERE.parent / ".cache"
TREES = CACHE / "trees"
PINNED = HERE / "trees.toml"
NOT_CHECKED = ""  # in the place of a sha256


@dataclass(frozen=True, slots=True)
class PackagedTree:
    """A folder of an archive in a Debian package."""

    name: str
    package: str
    version: str
    sha256: str
    archive: str  # the path of the archive in the package
    folder: str  # the path of the tree in the archive
    without: tuple[str, ...] = ()  # folders of the tree that are left out


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree that is there, and in words what it is."""

    name: str
    folder: Path
    origin: str


def main() -> None:
    """Fetch what is named, and tell where it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", default=names())
    add_options(parser)
    options = parser.parse_args()
    for tree in trees(options.names, options):
        print(f"{tree.folder}: {tree.origin}, {len(files_of(tree.folder)):,} files")


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that every benchmark on a tree has."""
    parser.add_argument("--trees", type=Path, default=TREES, help="a folder whose sub-folders are the trees")
    parser.add_argument("--linux-version", default="", help="another version of the Debian package")


def names() -> list[str]:
    """What there is."""
    return [str(entry["name"]) for entry in _pinned()]


def trees(wanted: Sequence[str], options: argparse.Namespace) -> list[Tree]:
    """The trees of these names, or folders by their paths, downloaded where they are not there. Raises UsageError."""
    known = {str(entry["name"]): entry for entry in _pinned()}
    return [
        _tree(known[name], options) if name in known else Tree(Path(name).resolve().name, Path(name), "a folder")
        for name in wanted
    ]


def _pinned() -> list[dict[str, Any]]:
    return list(tomllib.loads(PINNED.read_text(encoding="utf-8"))["tree"])


def _tree(entry: dict[str, Any], options: argparse.Namespace) -> Tree:
    name = str(entry["name"])
    if (given := options.trees / name).is_dir():
        return Tree(name, given, _origin(given))
    if "corpus" in entry:
        corpus = load_corpora(HERE.parent / "corpora.toml")[str(entry["corpus"])]
        return Tree(name, fetch(corpus, CACHE / "corpora"), f"{corpus.package} {corpus.version}, sdist")
    pinned = PackagedTree(**{**entry, "without": tuple(entry.get("without", ()))})
    if options.linux_version and options.linux_version != pinned.version:
        pinned = replace(pinned, version=options.linux_version, sha256=NOT_CHECKED)
    folder = fetched(pinned, options.trees)
    return Tree(name, folder, _origin(folder))


def _origin(folder: Path) -> str:
    beside = folder.with_name(f"{folder.name}.json")
    return str(json.loads(beside.read_text(encoding="utf-8"))["origin"]) if beside.exists() else "a folder"


def fetched(tree: PackagedTree, into: Path) -> Path:
    """The unpacked tree, downloaded with apt-get on first use. Raises UsageError."""
    into = into.absolute()
    target = into / tree.name
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into) as scratch:
        where = Path(scratch)
        package, sha256 = _downloaded(tree, where)
        _unpack(tree, package, where)
        (where / "unpacked" / tree.folder).rename(target)
        without = f" without {', '.join(tree.without)}" if tree.without else ""
        origin = f"{tree.folder.rpartition('/')[2]}{without} of Debian's {tree.package} {tree.version}"
        facts = {"origin": origin, "package": tree.package, "version": tree.version, "sha256": sha256}
        target.with_name(f"{tree.name}.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    return target


def _downloaded(tree: PackagedTree, where: Path) -> tuple[Path, str]:
    _run(["apt-get", "download", "-qq", f"{tree.package}={tree.version}"], where)
    (package,) = where.glob("*.deb")
    with package.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    if tree.sha256 not in {sha256, NOT_CHECKED}:
        raise UsageError(f"{tree.package} {tree.version} has not the pinned sha256; it is {sha256}.")
    return package, sha256


def _unpack(tree: PackagedTree, package: Path, where: Path) -> None:
    """Only the files of the tree are written; the archive itself is read as it comes out of the package."""
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE) as process:
        with tarfile.open(fileobj=process.stdout, mode="r|") as outer:
            inner = next((member for member in outer if member.name.removeprefix("./") == tree.archive), None)
            packed = outer.extractfile(inner) if inner else None
            if packed is None:
                raise UsageError(f"{tree.package} {tree.version} has no {tree.archive}.")
            with tarfile.open(fileobj=packed, mode="r|xz") as archive:
                archive.extractall(where / "unpacked", members=_wanted(tree, archive), filter="data")
        process.kill()  # what follows the archive in the package is not wanted


def _wanted(tree: PackagedTree, archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    left_out = tuple(f"{tree.folder}/{folder}/" for folder in tree.without)
    begun = False
    for member in archive:
        if member.name.startswith(f"{tree.folder}/"):
            begun = True
            if member.isreg() and not member.name.startswith(left_out or ("\0",)):
                yield member
        elif begun:
            return  # the archive is sorted, and unpacking the rest would take as long again


def _run(command: Sequence[str], where: Path) -> None:
    try:
        subprocess.run(command, cwd=where, check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise UsageError(f"{command[0]} is not installed; give a folder of trees with --trees.") from error
    except subprocess.CalledProcessError as error:
        said = " ".join(str(error.stderr).split())[-300:]
        raise UsageError(
            f"{' '.join(command)} failed: {said} Try `apt-get update`, or --linux-version with one that "
            "`apt-cache policy` lists, or --trees with a folder of trees."
        ) from error


# --- parts and copies of trees -----------------------------------------------------------------------------------


def files_of(folder: Path) -> list[Path]:
    """The regular files of a tree, relative to it, in order."""
    found = []
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name != ".git"]
        paths = (Path(parent) / name for name in files)
        found += [path.relative_to(folder) for path in paths if path.is_file() and not path.is_symlink()]
    return sorted(found)


def place_of(path: Path) -> float:
    """A number from 0 to 1 for each path, always the same one, spread evenly over every folder."""
    return int.from_bytes(hashlib.blake2b(path.as_posix().encode(), digest_size=4).digest()) / 2**32


def subset(tree: Path, share: float, target: Path) -> Path:
    """That share of a tree's files, as links to them where the disk has those; each holds all smaller ones."""
    for path in files_of(tree):
        if place_of(path) < share:
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(tree / path, target / path)
            except OSError:
                shutil.copy2(tree / path, target / path)
    return target


def working_copy(tree: Path, target: Path) -> Path:
    """A copy that may be edited, without git's folder."""
    shutil.copytree(tree, target, symlinks=True, ignore=shutil.ignore_patterns(".git"))
    return target


if __name__ == "__main__":
    main()
