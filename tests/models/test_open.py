"""What the setting `model` opens."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from surefoot.config import Settings
from surefoot.errors import ModelNotFoundError, UsageError
from surefoot.models.llama import LlamaGenerator
from surefoot.models.open import open_generator
from surefoot.models.openai_server import ServerGenerator


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache_dir=tmp_path)


@pytest.fixture
def runtime_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening only asks whether the runtime is there."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())


def test_none_is_no_model(settings: Settings) -> None:
    assert open_generator(settings, model="none") is None
    assert open_generator(Settings(model="none")) is None


def test_a_catalogue_model_that_is_not_downloaded_says_how_to_get_it(settings: Settings) -> None:
    with pytest.raises(ModelNotFoundError, match=r"run: surefoot models pull qwen2\.5-coder-1\.5b\.$"):
        open_generator(settings)


@pytest.mark.usefixtures("runtime_installed")
def test_a_downloaded_catalogue_model_opens_by_name(settings: Settings) -> None:
    settings.model_dir.mkdir(parents=True)
    (settings.model_dir / "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf").touch()
    generator = open_generator(settings)
    assert isinstance(generator, LlamaGenerator)
    assert generator.name == "qwen2.5-coder-1.5b"


@pytest.mark.usefixtures("runtime_installed")
def test_a_file_opens_by_its_path(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "Mine.gguf"
    path.touch()
    generator = open_generator(settings, model=str(path))
    assert isinstance(generator, LlamaGenerator)
    assert (generator.name, generator.path) == ("Mine", path.resolve())


def test_a_missing_file_and_an_unknown_name_are_not_found(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match=r"no model file .*none\.gguf"):
        open_generator(settings, model=str(tmp_path / "none.gguf"))
    with pytest.raises(ModelNotFoundError, match=r"no model 'gpt'; choose one of qwen2\.5-coder-1\.5b"):
        open_generator(settings, model="gpt")


def test_without_the_runtime_it_says_what_to_install(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    path = tmp_path / "mine.gguf"
    path.touch()
    with pytest.raises(ModelNotFoundError, match=r"pip install 'surefoot\[llm\]'"):
        open_generator(settings, model=str(path))


def test_a_local_server_opens_and_others_are_refused(settings: Settings) -> None:
    assert isinstance(open_generator(settings, model="http://localhost:11434"), ServerGenerator)
    with pytest.raises(UsageError, match="not on this machine"):
        open_generator(settings, model="https://api.example.com/v1")


def test_opening_does_not_import_the_runtime() -> None:
    code = "import sys, surefoot.models.open; sys.exit('llama_cpp' in sys.modules)"
    source = str(Path(sys.modules["surefoot"].__file__ or "").parents[1])
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": source})
