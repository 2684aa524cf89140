"""The command line over the scripted engine, in this process or in one of its own."""

import importlib.util
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from surefoot.cli import terminal
from surefoot.cli.run import run

HERE = Path(__file__).parent
SCRIPTED = HERE / "scripted_engine.py"


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A cache folder of this test's own, also for processes that it starts."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("SUREFOOT_CACHE_DIR", str(folder))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return folder


@pytest.fixture
def project(tmp_path, monkeypatch, cache):
    """The current folder."""
    folder = tmp_path / "demo"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def surefoot(project, monkeypatch, capfd):
    """Runs a command over the scripted engine."""
    spec = importlib.util.spec_from_file_location("surefoot.engine", SCRIPTED)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setitem(sys.modules, "surefoot.engine", module)

    def command(*arguments):
        terminal.out.cache_clear()
        terminal.err.cache_clear()
        code = run(arguments)
        captured = capfd.readouterr()
        return Outcome(code, captured.out, captured.err)

    return command


@pytest.fixture
def started(project):
    """Starts a command over the scripted engine in a process of its own."""
    processes = []

    def start(*arguments, **options):
        options = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
        environ = os.environ | options.pop("env", {})
        process = subprocess.Popen([sys.executable, SCRIPTED, *arguments], env=environ, **options)
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()
