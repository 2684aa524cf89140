"""Which embedder the settings ask for.

Invariant: llama.cpp is not loaded into this process, whichever it is.
"""

from __future__ import annotations

from pathlib import Path

from surefoot.config import Settings
from surefoot.models.gguf_embedder import GgufEmbedder
from surefoot.models.protocols import Embedder
from surefoot.models.static_embedder import StaticEmbedder

BUILTIN = "builtin"


def open_embedder(settings: Settings) -> Embedder:
    """The built-in static embedder, or the GGUF model at the path that the settings name."""
    if settings.embedder == BUILTIN:
        return StaticEmbedder.builtin()
    return GgufEmbedder(Path(settings.embedder).expanduser())
