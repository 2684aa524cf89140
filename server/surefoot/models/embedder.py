"""Which embedder the settings ask for.

Invariant: llama.cpp is not loaded into this process, whichever it is; the built-in one is loaded when the first text
comes, since most commands find everything unchanged and embed nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from surefoot.config import Settings
from surefoot.models.protocols import Embedder
from surefoot.models.static_card import CARD_FILE, DATA, read_card

if TYPE_CHECKING:
    from surefoot.models.static_embedder import StaticEmbedder

BUILTIN = "builtin"


def open_embedder(settings: Settings) -> Embedder:
    """The built-in static embedder, another one of its kind in a folder, or the GGUF model at a path."""
    if settings.embedder == BUILTIN:
        return BuiltinEmbedder()
    if (Path(settings.embedder).expanduser() / CARD_FILE).is_file():
        from surefoot.models.static_embedder import StaticEmbedder  # noqa: PLC0415 - numpy and the weights

        return StaticEmbedder.load(Path(settings.embedder).expanduser())
    from surefoot.models.gguf_embedder import GgufEmbedder  # noqa: PLC0415 - few settings ask for one

    return GgufEmbedder(Path(settings.embedder).expanduser())


def static_weights(embedder: Embedder) -> Path | None:
    """The folder from which another process can load the same embedder at once; None for one that cannot be shared."""
    folder: Path | None = getattr(embedder, "folder", None)
    return folder


class BuiltinEmbedder:
    """The embedder that the package carries. What it is stands on its card; its weights are read at the first text."""

    def __init__(self) -> None:
        self.identity = read_card(DATA).identity
        self.folder = DATA

    def embed_documents(self, texts: Sequence[str]) -> list[bytes]:
        """One int8 vector per text, in order."""
        return self._loaded().embed_documents(texts) if texts else []

    def embed_query(self, text: str) -> bytes:
        """The int8 vector of a question."""
        return self._loaded().embed_query(text)

    def _loaded(self) -> StaticEmbedder:
        from surefoot.models.static_embedder import StaticEmbedder  # noqa: PLC0415 - numpy and the weights

        return StaticEmbedder.builtin()
