"""A home of its own for every test: the developer's git settings must neither help nor harm."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from surefoot.config import Settings
from surefoot.domain import Root

Git = Callable[..., str]


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith(("GIT_", "XDG_CONFIG"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    (folder / ".gitconfig").write_text(
        '[user]\nname = A\nemail = a@example.org\n[init]\ndefaultBranch = main\n[protocol "file"]\nallow = always\n'
    )
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Root:
    folder = tmp_path / "project"
    folder.mkdir()
    return Root(folder.resolve(), "project")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache_dir=tmp_path / "cache")


@pytest.fixture
def git(root: Root) -> Git:
    def run(*arguments: str, cwd: Path | None = None) -> str:
        done = subprocess.run(["git", *arguments], cwd=cwd or root.path, check=True, capture_output=True, text=True)
        return done.stdout

    return run


@pytest.fixture
def write(root: Root) -> Callable[..., None]:
    def write_files(*paths: str) -> None:
        for path in paths:
            file = root.path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("text\n")

    return write_files
