"""What the setting `model` opens."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from surefoot.config import Settings
from surefoot.errors import ModelInvalidError, ModelNotFoundError, UsageError
from surefoot.models.catalog import CATALOG
from surefoot.models.llama import LlamaGenerator
from surefoot.models.open import open_generator
from surefoot.models.openai_server import ServerGenerator
from tiny_gguf import write_tiny_gguf


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
    with pytest.raises(ModelNotFoundError, match="is not downloaded") as error:
        open_generator(settings)
    assert str(error.value) == (
        "The model qwen2.5-coder-1.5b is not downloaded; download it with `surefoot models pull qwen2.5-coder-1.5b`, "
        "or in VS Code with Choose Language Model."
    )


@pytest.mark.usefixtures("runtime_installed")
def test_a_downloaded_catalogue_model_opens_by_name(settings: Settings) -> None:
    settings.model_dir.mkdir(parents=True)
    with (settings.model_dir / CATALOG[0].file).open("wb") as file:
        file.truncate(CATALOG[0].size_bytes)  # a hole: no disk is used
    generator = open_generator(settings)
    assert isinstance(generator, LlamaGenerator)
    assert generator.name == "qwen2.5-coder-1.5b"


@pytest.mark.usefixtures("runtime_installed")
def test_half_a_catalogue_model_is_told_at_once(settings: Settings) -> None:
    settings.model_dir.mkdir(parents=True)
    (settings.model_dir / CATALOG[0].file).write_bytes(b"GGUF")
    with pytest.raises(
        ModelInvalidError, match=r"has 4 bytes instead of 1,117,320,768; download it again with `surefoot"
    ):
        open_generator(settings)


@pytest.mark.parametrize(("content", "why"), [(b"", "truncated"), (b"GGUF\x03", "truncated"), (b"PK..", "not a GGUF")])
def test_a_file_that_is_no_model_is_told_at_once(settings: Settings, tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "mine.gguf"
    path.write_bytes(content)
    with pytest.raises(ModelInvalidError, match=why):
        open_generator(settings, model=str(path))


@pytest.mark.parametrize("name", ["", "  "])
def test_an_empty_name_is_not_the_default(settings: Settings, name: str) -> None:
    with pytest.raises(ModelNotFoundError, match="The name of the model is empty"):
        open_generator(settings, model=name)


@pytest.mark.usefixtures("runtime_installed")
def test_a_file_opens_by_its_path(settings: Settings, tmp_path: Path) -> None:
    path = write_tiny_gguf(tmp_path / "Mine.gguf")
    generator = open_generator(settings, model=str(path))
    assert isinstance(generator, LlamaGenerator)
    assert (generator.name, generator.path) == ("Mine", path.resolve())


def test_a_missing_file_and_an_unknown_name_are_not_found(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match=r"no model file .*none\.gguf"):
        open_generator(settings, model=str(tmp_path / "none.gguf"))
    with pytest.raises(ModelNotFoundError, match=r"no model 'gpt'; choose one of qwen2\.5-coder-1\.5b"):
        open_generator(settings, model="gpt")


def test_a_mistyped_name_is_a_usage_error_that_names_the_nearest(settings: Settings) -> None:
    with pytest.raises(UsageError, match="There is no model 'defualt'; did you mean 'default'\\?"):
        open_generator(settings, model="defualt")


def test_without_the_runtime_it_says_what_to_install(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    path = write_tiny_gguf(tmp_path / "mine.gguf")
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
