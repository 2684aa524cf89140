"""What is different about the world, and not a stage's doing: versions, settings, the index, what was overridden.

Invariant: these explain differences and are none themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from surefoot.domain import Change, ChangeKind
from surefoot.redact import MASK
from surefoot.trace import Trace

NAMES = {
    "surefoot": "Surefoot",
    "embedder": "embedder",
    "reading": "how files are taken apart",
    "model_wanted": "model",
    "ablated": "left out",
}


def conditions(before: Trace, after: Trace) -> tuple[Change, ...]:
    """Everything that is another way now than it was then."""
    return (
        *(_change("set", "", words) for words in after.request.get("set", ())),
        *_versions(before.versions, after.versions),
        *_index(before, after),
        *_masked(before),
    )


def _versions(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    changes = [
        _change(said, _text(old.get(name)), _text(new.get(name)))
        for name, said in NAMES.items()
        if old.get(name) != new.get(name)
    ]
    settings = _mapping(old.get("settings")), _mapping(new.get("settings"))
    return changes + [
        _change(name, _text(settings[0].get(name)), _text(settings[1].get(name)))
        for name in dict.fromkeys((*settings[0], *settings[1]))
        if settings[0].get(name) != settings[1].get(name)
    ]


def index_of(trace: Trace) -> Mapping[str, Any]:
    """How much was indexed, and each root's generation, as the last look at it found it."""
    resolved = [stage.details.get("index") for stage in trace.stages if stage.name == "resolve"]
    return _mapping(resolved[-1]) if resolved else {}


def has_changed_index(before: Trace, after: Trace) -> bool:
    """Whether anything was written to the index of a root in between, or to that of another one now."""
    return index_of(before).get("generations") != index_of(after).get("generations")


def _index(before: Trace, after: Trace) -> list[Change]:
    old, new = index_of(before), index_of(after)
    if not old or not new or not has_changed_index(before, after):
        return []
    sizes = [f"{index.get('chunks', 0):,} chunks" for index in (old, new)]
    return [_change("index", sizes[0], sizes[1] if sizes[0] != sizes[1] else f"{sizes[1]}, written to since")]


def _masked(before: Trace) -> list[Change]:
    """A question is kept without its secrets, and so it is asked without them."""
    words = (before.request.get("text", ""), before.request.get("understood", ""))
    return [_change("question", "with a secret", "masked")] if any(MASK in str(word) for word in words) else []


def _change(subject: str, before: str, after: str) -> Change:
    return Change(ChangeKind.VALUE, subject, before, after)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "nothing"
    return "unknown" if value is None else str(value)
