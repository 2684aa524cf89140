"""Near misses: what a name or a path that is not indexed may have meant, and what is closest where nothing answers.

Invariant: reads the index and nothing else; what is offered is indexed, and of the kind that was asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from rapidfuzz import fuzz, process

from surefoot.domain import Hit, Mention, MentionKind, Resolved, Scope
from surefoot.links.versions import is_version
from surefoot.retrieve.near_names import loosely
from surefoot.retrieve.resolve import MOST_MISSPELT
from surefoot.retrieve.root_index import RootIndex
from surefoot.sources.labels import called

NEAR_MISSES = 3
NEAR_MISSES_PER_ROOT = 2
NEAR_MISS_CUTOFF = 67.0  # similarity (percent) below which a name has nothing to do with the one that is not there
NEAR_PATH_CUTOFF = 75.0  # percent of letters, of whole paths and of file names alike


def near_misses(resolved: Resolved, near: Sequence[Hit], roots: Sequence[RootIndex]) -> tuple[str, ...]:
    """What comes closest to the names that are not indexed, and what is near where nothing answers."""
    closest = [
        f"`{name}` (for `{mention.text}`)"
        for mention in islice(_unresolved_names(resolved), MOST_MISSPELT)
        for name in _closest_names(mention.text, roots, resolved.query.scope)
    ]
    return (*closest, *(called(hit.chunk) for hit in near[:NEAR_MISSES]))


def _unresolved_names(resolved: Resolved) -> list[Mention]:
    """What is named and not there; neither a version, which is like no other, nor a branch."""
    unresolved = [mention for mention in resolved.mentions if mention.kind is MentionKind.UNRESOLVED]
    return [mention for mention in unresolved if not mention.targets and not is_version(mention.text)]


def _closest_names(text: str, roots: Sequence[RootIndex], scope: Scope) -> list[str]:
    if "/" in text:
        return _closest_paths(text, roots, scope)
    found: list[str] = []
    for index in roots:
        near = [key for key, _ in loosely(index.store, text, NEAR_MISS_CUTOFF, NEAR_MISSES_PER_ROOT)]
        written = index.store.spellings(near)
        first = (written[key][0] for key in near if key in written)
        found += [name for name in first if index.store.is_defined(name, index.scope(scope))]
    return found[:NEAR_MISSES]


def _closest_paths(text: str, roots: Sequence[RootIndex], scope: Scope) -> list[str]:
    """The indexed paths that are most like one that is not there; a name that is no path is not what was meant."""
    found: list[str] = []
    for index in roots:
        near = process.extract(text, index.store.paths(), scorer=_path_likeness, score_cutoff=NEAR_PATH_CUTOFF)
        first = [path for path, _, _ in near][:NEAR_MISSES_PER_ROOT]
        found += [path for path in first if index.store.chunk_ids(path, index.scope(scope))]
    return found[:NEAR_MISSES]


def _path_likeness(wanted: str, path: str, **_: object) -> float:
    """Percent of letters that the paths share, or the files' names where they share fewer."""
    names = fuzz.ratio(Path(wanted).stem, Path(path).stem)
    return min(names, fuzz.ratio(wanted, path))
