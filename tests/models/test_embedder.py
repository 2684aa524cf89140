"""Which embedder the settings ask for."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from surefoot.config import Settings
from surefoot.errors import ModelInvalidError, ModelNotFoundError
from surefoot.models.embedder import open_embedder
from surefoot.models.static_card import DATA
from surefoot.models.static_embedder import StaticEmbedder


def test_the_default_is_the_builtin() -> None:
    opened, loaded = open_embedder(Settings()), StaticEmbedder.builtin()
    assert opened.identity == loaded.identity
    assert opened.embed_query("open the store") == loaded.embed_query("open the store")


def test_a_path_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match=r"absent\.gguf"):
        open_embedder(Settings(embedder=str(tmp_path / "absent.gguf")))


def test_a_folder_with_a_card_is_a_static_embedder(tmp_path: Path) -> None:
    copy = tmp_path / "mine"
    shutil.copytree(DATA, copy)
    card = json.loads((copy / "card.json").read_text())
    (copy / "card.json").write_text(json.dumps({**card, "name": "mine"}))
    opened = open_embedder(Settings(embedder=str(copy)))
    assert opened.identity.name == "mine"
    assert opened.embed_query("open the store") == StaticEmbedder.builtin().embed_query("open the store")


def test_a_folder_is_not_a_model(tmp_path: Path) -> None:
    with pytest.raises((ModelNotFoundError, ModelInvalidError), match=tmp_path.name):
        open_embedder(Settings(embedder=str(tmp_path)))


def test_the_builtin_needs_no_llama_cpp() -> None:
    """Everything but generation works without it."""
    program = (
        "import sys; sys.modules['llama_cpp'] = None\n"
        "from surefoot.config import Settings\n"
        "from surefoot.models.embedder import open_embedder\n"
        "print(len(open_embedder(Settings()).embed_query('open the store')))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "256\n"
