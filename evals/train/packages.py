"""The packages that the embedder learns from: pinned in `packages.txt`, downloaded by the ordinary package clients.

    python evals/train/packages.py fetch                    all that are pinned, into evals/.cache/train/archives
    python evals/train/packages.py pin wheel numpy ruff     today's versions of these, written into packages.txt
    python evals/train/packages.py licences                 counts them, and takes out what is not free

A line of `packages.txt` is a kind, a name, a version and the sha256 of one archive; those of `excluded.txt` are the
projects that no line of training text may come from. Kinds: `wheel` (pip), `npm`, and `debian` (the upstream archive of
a source package).

Invariant: an archive is used only where its sha256 is the pinned one, and nothing in it is ever run.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from surefoot.evals.corpora import with_own_lists

HERE = Path(__file__).resolve().parent
CACHE = HERE.parent / ".cache" / "train"
ARCHIVES = CACHE / "archives"
LEARNT, EXCLUDED = HERE / "packages.txt", HERE / "excluded.txt"
AT_ONCE = 40  # packages per call of a client
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps"]
# One platform, whatever machine asks, so that the hashes are the same; only the sources in them are read.
PLATFORM = "--only-binary :all: --python-version 3.11 --implementation cp --abi cp311 --abi abi3 --abi none"
PLATFORMS = ("manylinux2014_x86_64", "manylinux_2_17_x86_64", "manylinux_2_28_x86_64", "any")


@dataclass(frozen=True, slots=True, order=True)
class Package:
    """One archive."""

    kind: str
    name: str
    version: str
    sha256: str

    @property
    def path(self) -> Path:
        """Where its archive is kept, under its hash: two systems' names for one file are one file."""
        return ARCHIVES / self.sha256

    def __str__(self) -> str:
        return f"{self.kind} {self.name} {self.version}"


def read(path: Path) -> list[Package]:
    """The packages of a list, in its order."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [Package(*line.split()) for line in lines if line and not line.startswith("#")]


def write(path: Path, packages: Iterable[Package]) -> None:
    """Write a list anew, sorted, each name once; its comment stays."""
    heading = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    latest = {(package.kind, package.name): package for package in packages}
    lines = [f"{package} {package.sha256}" for package in sorted(latest.values())]
    path.write_text("\n".join([*heading, *lines]) + "\n", encoding="utf-8")


def fetch(packages: Sequence[Package]) -> list[Package]:
    """Download what is not there yet; the packages that are there then. What cannot be had is named on stderr."""
    ARCHIVES.mkdir(parents=True, exist_ok=True)
    missing = [package for package in packages if not package.path.exists()]
    for kind, download in KINDS.items():
        wanted = [package for package in missing if package.kind == kind]
        for start in range(0, len(wanted), AT_ONCE):
            download([(package.name, package) for package in wanted[start : start + AT_ONCE]])
            print(f"\r{kind}: {min(start + AT_ONCE, len(wanted))} of {len(wanted)} packages", end="", file=sys.stderr)
        if wanted:
            print(file=sys.stderr)
    for package in packages:
        if not package.path.exists():
            print(f"{package} is not to be had with its pinned sha256, and is left out.", file=sys.stderr)
    return [package for package in packages if package.path.exists()]


Wanted = Sequence[tuple[str, Package | None]]  # names, and what is pinned of them; None asks for what is current


def _wheels(wanted: Wanted) -> list[Package]:
    specs = [f"{name}=={package.version}" if package else name for name, package in wanted]
    platforms = [word for name in PLATFORMS for word in ("--platform", name)]
    with tempfile.TemporaryDirectory(dir=ARCHIVES) as scratch:
        command = [*PIP, *PLATFORM.split(), *platforms, "--dest", scratch]
        _all_or_each(command, specs, Path(scratch))
        by_name = {_normal(name): name for name, _ in wanted}
        return [
            _kept(path, "wheel", by_name.get(_normal(parts[0]), parts[0]), parts[1])
            for path in Path(scratch).glob("*.whl")
            if len(parts := path.name.split("-")) > 1
        ]


def _npm(wanted: Wanted) -> list[Package]:
    found = []
    with tempfile.TemporaryDirectory(dir=ARCHIVES) as scratch:
        specs = [f"{name}@{package.version if package else 'latest'}" for name, package in wanted]
        _all_or_each(["npm", "pack", "--silent"], specs, Path(scratch))
        for name, _ in wanted:
            stem = name.removeprefix("@").replace("/", "-")
            found += [
                _kept(path, "npm", name, path.name.removeprefix(stem + "-").removesuffix(".tgz"))
                for path in Path(scratch).glob(f"{stem}-*.tgz")
                if re.fullmatch(re.escape(stem) + r"-(\d+\..*)\.tgz", path.name)
            ]
    return found


def _debian(wanted: Wanted) -> list[Package]:
    """The upstream archives. A later revision mostly has the same one, so the hash decides which revision is taken."""
    with tempfile.TemporaryDirectory(dir=ARCHIVES) as scratch:
        where = Path(scratch)
        environ = _own_lists()
        shown = subprocess.run(
            ["apt-cache", "showsrc", "--only-source", *(name for name, _ in wanted)],
            env=environ, capture_output=True, text=True, check=False,
        ).stdout  # fmt: skip
        offered = list(_upstream(shown))
        chosen = {
            file: package
            for name, pinned in wanted
            for package, file in offered
            if package.name == name and (pinned is None or package.sha256 == pinned.sha256)
        }
        specs = [f"{package.name}={package.version}" for package in chosen.values()]
        command = ["apt-get", "source", "--download-only", "--tar-only", "-qq"]
        # What its servers lack keeps apt from nothing else.
        subprocess.run([*command, *specs], cwd=where, env=environ, capture_output=True, check=False)
        return [
            _kept(where / file, "debian", package.name, package.version)
            for file, package in chosen.items()
            if (where / file).exists() and _sha256(where / file) == package.sha256
        ]


def _upstream(shown: str) -> Iterator[tuple[Package, str]]:
    for record in shown.split("\n\n"):
        name = re.search(r"(?m)^Package: (\S+)", record)
        version = re.search(r"(?m)^Version: (\S+)", record)
        sums = re.search(r"(?m)^Checksums-Sha256:\s*\n((?: .*\n?)+)", record)
        for sha256, _, file in (line.split() for line in (sums[1].splitlines() if sums else ())):
            if name and version and re.search(r"_[^_]*(?<!\.debian)\.tar\.\w+$", file) and ".orig-" not in file:
                yield Package("debian", name[1], version[1], sha256), file


@cache
def _own_lists() -> dict[str, str]:
    """Lists of our own for apt-get, brought up to date once."""
    where = CACHE / "apt"
    shutil.rmtree(where, ignore_errors=True)
    environ = with_own_lists(where)
    subprocess.run(["apt-get", "update", "-qq"], env=environ, check=True)
    return environ


def _all_or_each(command: list[str], specs: list[str], where: Path) -> None:
    """One call for all; where that fails, one for each, so that what cannot be had costs itself alone."""
    if subprocess.run([*command, *specs], cwd=where, capture_output=True, check=False).returncode:
        for spec in specs:
            subprocess.run([*command, spec], cwd=where, capture_output=True, check=False)


def _kept(path: Path, kind: str, name: str, version: str) -> Package:
    package = Package(kind, name, version, _sha256(path))
    path.replace(package.path)
    return package


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


KINDS = {"wheel": _wheels, "npm": _npm, "debian": _debian}


def pin(path: Path, kind: str, names: Sequence[str]) -> None:
    """Add the current versions of some packages to a list; those that it has stay as they are."""
    ARCHIVES.mkdir(parents=True, exist_ok=True)
    pinned = read(path)
    known = {package.name for package in pinned if package.kind == kind}
    new = [name for name in dict.fromkeys(names) if name not in known]
    for start in range(0, len(new), AT_ONCE):
        pinned += KINDS[kind]([(name, None) for name in new[start : start + AT_ONCE]])
        write(path, pinned)
    found = {package.name for package in pinned if package.kind == kind}
    if missing := [name for name in new if name not in found]:
        print(f"Not to be had as {kind}: {' '.join(missing)}", file=sys.stderr)


FREE = re.compile(
    r"MIT|BSD|Apache|ISC|GPL|MPL|Mozilla|Python|PSF|zlib|Unlicense|CC0|0BSD|BlueOak|EPL|Eclipse|Artistic|WTFPL|HPND|ZPL|"
    r"Zope|Boost|BSL-1|Public Domain|CNRI|ECL|AFL|UPL|CC-BY-4|Universal Permissive|DFSG|OFL|EUPL|NCSA|X11",
    re.IGNORECASE,
)


def licence(package: Package) -> str:
    """What an archive says of its licence; all of Debian's main are free by its guidelines (DFSG)."""
    if package.kind == "debian":
        return "DFSG"
    if package.kind == "wheel":
        with zipfile.ZipFile(package.path) as wheel:
            name = next((name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")), None)
            text = wheel.read(name).decode("utf-8", "replace").split("\n\n")[0] if name else ""
        said = re.findall(r"(?m)^(?:License-Expression: (.+)|License: (.+)|Classifier: License :: (.+))$", text)
        return "; ".join(dict.fromkeys(part[:60] for parts in said for part in parts if part))
    with tarfile.open(package.path) as archive:
        for member in archive:
            if (
                member.name.count("/") == 1
                and member.name.endswith("/package.json")
                and (file := archive.extractfile(member))
            ):
                return str(json.loads(file.read()).get("license", ""))
    return ""


def keep_free(path: Path) -> Counter[str]:
    """Take the packages out of a list whose archive names no free licence; the licences of the others, counted."""
    packages = [package for package in read(path) if package.path.exists()]
    licences = {package: licence(package) for package in packages}
    for package, said in licences.items():
        if not FREE.search(said):
            print(f"{package} is taken out: its licence is '{said}'.", file=sys.stderr)
    write(path, [package for package in packages if FREE.search(licences[package])])
    return Counter(said for said in licences.values() if FREE.search(said))


def main() -> None:
    """Fetch what is pinned, or pin more."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", type=Path, default=LEARNT)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("fetch")
    commands.add_parser("licences")
    adding = commands.add_parser("pin")
    adding.add_argument("kind", choices=KINDS)
    adding.add_argument("names", nargs="+")
    options = parser.parse_args()
    if options.command == "pin":
        pin(options.list, options.kind, options.names)
    elif options.command == "licences":
        for said, times in keep_free(options.list).most_common(25):
            print(f"{times:5} {said}")
    else:
        packages = read(options.list)
        print(f"{len(fetch(packages))} of {len(packages)} packages are there.")


if __name__ == "__main__":
    main()
