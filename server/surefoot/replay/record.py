"""What a trace keeps beyond its stages: all that is needed to ask again, and the versions of what answered.

Invariant: plain JSON values only, so that a trace is the same before and after it was saved.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from surefoot.config import Settings
from surefoot.domain import EmbedderIdentity, Query
from surefoot.sources import READING

# The settings that an answer depends on. The first two hold for one question, so a replay keeps to them.
KEPT_SETTINGS = ("context_tokens", "answer_tokens")
INDEX_SETTINGS = ("max_file_bytes", "include_vendored", "embedder")


def request_of(
    query: Query, roots: Iterable[Path], workspace: Iterable[Path], model: str | None = None, **more: Any
) -> dict[str, Any]:
    """The question with everything that decides how it is asked; `more` is what its kind needs besides."""
    scope = query.scope
    return {
        "text": query.text,
        "k": query.k,
        "paths": list(scope.paths),
        "languages": list(scope.languages),
        "sources": [source.value for source in scope.sources],
        "open_file": str(query.open_file) if query.open_file else None,
        "after": query.after,
        "roots": [str(root.resolve()) for root in roots],
        "workspace": [str(root) for root in workspace],
        "model": model,
        **more,
    }


def versions_of(settings: Settings, embedder: EmbedderIdentity, ablated: Iterable[str], model: str) -> dict[str, Any]:
    """Of what the answer is made. `model_wanted` is the name that was asked for; the one that wrote comes later."""
    return {
        "surefoot": surefoot_version(),
        "embedder": str(embedder),
        "reading": READING,
        "model_wanted": model,
        "settings": {name: getattr(settings, name) for name in (*KEPT_SETTINGS, *INDEX_SETTINGS)},
        "ablated": sorted(ablated),
    }


@cache
def surefoot_version() -> str:
    """The installed version; reading it takes a millisecond, once."""
    try:
        return version("surefoot")
    except PackageNotFoundError:  # run from its sources without being installed
        return "unknown"
