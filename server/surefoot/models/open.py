"""From the setting `model` to a generator.

Invariant: opening neither loads a model nor touches the network; that happens at the first question.
"""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

from surefoot.config import Settings
from surefoot.errors import ModelInvalidError, ModelNotFoundError
from surefoot.models.catalog import NONE, CatalogEntry, find_entry
from surefoot.models.gguf_file import read_head
from surefoot.models.llama import LlamaGenerator, LlamaOptions
from surefoot.models.protocols import Generator
from surefoot.models.rates import FOLDER

GGUF_SUFFIX = ".gguf"
# In an editor there may be no such command on the PATH, so both ways are named.
CHOOSE = "choose one of `surefoot models list`, or in VS Code with Choose Language Model"


def open_generator(settings: Settings, *, model: str | None = None) -> Generator | None:
    """The generator that `model` (or else the settings) names; None for "none".

    Raises ModelNotFoundError or ModelInvalidError with the way out, and UsageError for a server on another machine.
    """
    wanted = (settings.model if model is None else model).strip()
    if not wanted:
        raise ModelNotFoundError(f"The name of the model is empty; leave it out, or {CHOOSE}.")
    if wanted.lower() == NONE:
        return None
    if wanted.lower().startswith(("http://", "https://")):
        from surefoot.models.openai_server import ServerGenerator  # noqa: PLC0415 - few sessions need an HTTP client

        return ServerGenerator(wanted)
    if wanted.lower().endswith(GGUF_SUFFIX) and (path := Path(wanted).expanduser()).exists():
        read_head(path)  # what is no model, or half of one, is told at once and not after the evidence
        return _llama(path.resolve(), path.stem, settings)
    if wanted.lower().endswith(GGUF_SUFFIX) and any(mark in wanted for mark in "/\\~"):
        raise ModelNotFoundError(f"There is no model file {wanted}; {CHOOSE}.")
    entry = find_entry(wanted)
    return _llama(_downloaded(entry, settings), entry.name, settings, entry.believed_at)


def model_path(entry: CatalogEntry, settings: Settings) -> Path:
    """Where the model's file is, or would be once it is downloaded."""
    return settings.model_dir / entry.file


def _downloaded(entry: CatalogEntry, settings: Settings) -> Path:
    path, found = model_path(entry, settings), bytes_here(entry, settings)
    if found is None:
        raise ModelNotFoundError(f"The model {entry.name} is not downloaded; download it {how_to_pull(entry)}")
    if found != entry.size_bytes:
        sizes = f"{found:,} bytes instead of {entry.size_bytes:,}"
        raise ModelInvalidError(f"{path} has {sizes}; download it again {how_to_pull(entry)}")
    return path


def how_to_pull(entry: CatalogEntry) -> str:
    """The two ways to a model."""
    return f"with `surefoot models pull {entry.name}`, or in VS Code with Choose Language Model."


def bytes_here(entry: CatalogEntry, settings: Settings) -> int | None:
    """The size of the downloaded file, None where there is none. A whole one has `entry.size_bytes`."""
    path = model_path(entry, settings)
    return path.stat().st_size if path.is_file() else None


def _llama(path: Path, name: str, settings: Settings, believed_at: float | None = None) -> LlamaGenerator:
    if importlib.util.find_spec("llama_cpp") is None:
        raise ModelNotFoundError(
            "Language models need llama-cpp-python, which is not installed; run: pip install 'surefoot[llm]'."
        )
    return LlamaGenerator(path, name=name, options=replace(llama_options(settings), believed_at=believed_at))


def llama_options(settings: Settings) -> LlamaOptions:
    """How models are run, by the settings."""
    return LlamaOptions(
        threads=settings.model_threads,
        gpu_layers=settings.model_gpu_layers,
        memory=settings.model_memory,
        idle_seconds=settings.model_idle_seconds,
        state_folder=settings.cache_dir / FOLDER,
    )
