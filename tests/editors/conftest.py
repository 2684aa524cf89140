"""What every editor's test needs: a project, a model that writes for long, and the environment of a person's editor."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from lsp.stdio_session import environment
from tiny_gguf import write_tiny_gguf

KETTLE = '''def boil_water(litres):
    """Heats water until it boils. Slowly."""
    return litres


def descale(kettle):
    """Removes limescale from the kettle with citric acid."""
    return kettle
'''
TEA = "from kettle import boil_water\n\n# 🦶\n🍵 = boil_water(2)\n"
# So many that no machine writes them before an editor has stopped the question.
ENDLESS = "30000"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository, since editors take that for a project."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "kettle.py").write_text(KETTLE)
    (project / "tea.py").write_text(TEA)
    subprocess.run(["git", "init", "--quiet"], cwd=project, check=True)
    return project


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """A person's environment: `surefoot` is on the path, and there are no settings but the test's."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    assert shutil.which("surefoot", path=path), "`surefoot` is not installed beside this Python; `make test` does that."
    return environment(tmp_path / "cache", HOME=str(tmp_path), PATH=path)


@pytest.fixture
def env_with_model(tmp_path: Path, env: dict[str, str]) -> dict[str, str]:
    """The same with a real model that writes nonsense for as long as it is let."""
    pytest.importorskip("llama_cpp", reason="llama-cpp-python is an extra; without a compiler it is not there.")
    model = write_tiny_gguf(tmp_path / "tiny.gguf")
    return {**env, "SUREFOOT_MODEL": str(model), "SUREFOOT_ANSWER_TOKENS": ENDLESS}


def missing(what: str, package: str) -> NoReturn:
    """CI has every editor; elsewhere one that is missing is a test that is skipped."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is not installed; CI has to install the package '{package}'.")
    pytest.skip(f"{what} is not installed.")


def installed(program: str, package: str) -> str:
    """The path of a program that one of Debian's packages has."""
    return shutil.which(program) or missing(program, package)


@pytest.fixture
def nvim() -> str:
    return installed("nvim", "neovim")


@pytest.fixture
def emacs() -> list[str]:
    """Emacs without a person's own files, but with Debian's packages; eglot is one of them before Emacs 29."""
    emacs = [installed("emacs", "emacs-nox"), "--batch", "--no-init-file", "--no-site-file"]
    emacs += ["--eval", "(setq native-comp-deferred-compilation nil)", "-f", "package-initialize"]
    if subprocess.run([*emacs, "-l", "eglot"], check=False, capture_output=True).returncode != 0:
        missing("eglot", "elpa-eglot")
    return emacs


@pytest.fixture
def vim() -> list[str]:
    """Vim without a screen; it has to have jobs, and ALE among its packages."""
    vim = [installed("vim", "vim"), "-es", "-N", "-n", "-i", "NONE"]
    has_ale = "if !has('job') || empty(globpath(&packpath, 'pack/*/opt/ale')) | cquit | endif"
    if (
        subprocess.run(
            [*vim, "-u", "NONE", "-c", has_ale, "-c", "qall!"], check=False, stdin=subprocess.DEVNULL
        ).returncode
        != 0
    ):
        missing("ALE, or a Vim with jobs,", "vim-ale")
    return vim
