"""What is measured side by side: Surefoot, semble and ripgrep, each as a command over a tree with an index of its own.

Invariant: each command is a fresh process with a cache folder of its own, and nothing of the user's settings.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from measured import HERE, Measured, bytes_below, run

import surefoot.models

CACHE = HERE.parent / ".cache"
SEMBLE = CACHE / "semble"
ONNX = CACHE / "onnx"
PROJECT = HERE.parent.parent
TOKENIZER = Path(surefoot.models.__file__).parent / "data" / "tokenizer.json"
ABSENT = "zqxjv_stands_nowhere"  # what ripgrep looks for, so that it reads everything and prints nothing
NOTHING_FOUND = 1  # ripgrep's exit status then
SUREFOOT, RIPGREP = "surefoot", "ripgrep"


@dataclass(frozen=True, slots=True)
class Indexed:
    """One command's measures and what its index holds; no chunks where a system has no index."""

    measured: Measured
    files: int
    chunks: int
    index_bytes: int


@dataclass(frozen=True, slots=True)
class System:
    """A command that brings an index up to date: `{tree}` in it is the tree."""

    name: str
    command: tuple[str, ...]
    cache_variable: str = ""
    index_folder: str = ""  # below the cache folder
    env: Mapping[str, str] = field(default_factory=dict)

    def index(self, tree: Path, cache: Path) -> Indexed:
        """Run the command; the index is new where the cache folder is empty."""
        own = {self.cache_variable: str(cache)} if self.cache_variable else {}
        config = {"XDG_CONFIG_HOME": str(cache / "config")}
        done = run(
            [part.replace("{tree}", str(tree)) for part in self.command],
            env={**without_settings(), **config, **self.env, **own},
            cwd=tree,
            accepted=(0, NOTHING_FOUND) if self.name == RIPGREP else (0,),
        )
        if self.name == RIPGREP:
            return Indexed(done, _files_of_ripgrep(tree), 0, 0)
        told = json.loads(done.output)
        return Indexed(done, told["files"], told["chunks"], bytes_below(cache / self.index_folder))


def without_settings() -> dict[str, str]:
    """Our environment without the user's settings of what is measured.

    Nor with the one that keeps Python from storing compiled modules: what was installed by pip is compiled in any case,
    what is run from its sources would be compiled at each start.
    """
    unwanted = ("SUREFOOT_", "SEMBLE_", "PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}


def systems(semble_python: str, workers: Sequence[int]) -> list[System]:
    """All of them; semble once for each number of worker processes."""
    surefoot = System(
        SUREFOOT,
        (sys.executable, "-m", "surefoot", "index", "--json", "--root", "{tree}"),
        "SUREFOOT_CACHE_DIR",
        "index",
        {"SUREFOOT_MODEL": "none", "SUREFOOT_TRACE": "false"},
    )
    return [surefoot, *_semble(semble_python, workers), *_ripgrep()]


def _semble(python: str, workers: Sequence[int]) -> list[System]:
    if python == "none":
        return []
    python = python or str(semble_environment())
    model = CACHE / "bench-model"
    script = str(HERE / "semble_run.py")
    if not model.is_dir():
        run([python, script, "model", model, TOKENIZER])
    command = (python, script, "index", "{tree}", str(model))
    return [
        System(semble_name(count), command, "SEMBLE_CACHE_LOCATION", "", {"SEMBLE_INDEX_WORKERS": str(count)})
        for count in workers
    ]


def semble_name(workers: int) -> str:
    """As tables have it."""
    return f"semble, {workers} workers" if workers else "semble"


def semble_environment() -> Path:
    """The interpreter of a virtual environment with semble, and with model2vec, which it is built on."""
    return environment(SEMBLE, "baselines")


def environment(folder: Path, pins_name: str) -> Path:
    """The interpreter of a virtual environment with what requirements/ pins by that name; made on first use."""
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    pins = PROJECT / "requirements" / f"{pins_name}.txt"
    stamp = folder / "installed.txt"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != pins.read_text(encoding="utf-8"):
        venv.create(folder, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--require-hashes"]
        subprocess.run([*pip, "-r", str(pins)], check=True)
        shutil.copy(pins, stamp)
    return python


def semble_version(python: str) -> str:
    """Which semble is measured."""
    asked = "from importlib.metadata import version; print(version('semble'))"
    return run([python or semble_environment(), "-c", asked]).output.strip()


def _ripgrep() -> list[System]:
    program = shutil.which("rg")
    return [System(RIPGREP, (program, "--count", ABSENT, "{tree}"))] if program else []


def ripgrep_version() -> str:
    """Which ripgrep is measured."""
    program = shutil.which("rg")
    found = re.search(r"\d[\w.]*", run([program, "--version"]).output) if program else None
    return found[0] if found else "none"


def _files_of_ripgrep(tree: Path) -> int:
    program = shutil.which("rg") or "rg"
    return run([program, "--files", tree], cwd=tree).output.count("\n")
