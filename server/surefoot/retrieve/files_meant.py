"""Which files a path means that somebody wrote: a ticket, a document, a commit of long ago.

Invariant: every path that is returned is indexed; a path that may mean many files means none.
"""

from __future__ import annotations

from surefoot.domain import LinkKind, Source
from surefoot.readings.commits import touched_in
from surefoot.retrieve.root_index import RootIndex

MOST_RENAMES = 3  # of one file that are followed
MOST_FILES_NAMED = 4  # that a path may mean
MOST_NAMING = 24  # commits that are looked into for where a file went


def files_meant(index: RootIndex, target: str) -> list[str]:
    """The indexed files that a path means: the one itself, or else those that end with it, if they are few.

    Of one that is gone, the file that it was renamed to.
    """
    name = target.rpartition("/")[2].lower()
    named = index.store.paths_named(name)
    if target in named:
        return [target]
    ending = [path for path in named if f"/{path}".endswith(f"/{target}")]
    if not ending and "/" in target:  # written from further up than the root is
        ending = [path for path in named if "/" in path and f"/{target}".endswith(f"/{path}")]
    if not ending and "/" in target and index.store.has_source(Source.COMMITS):
        ending = _renamed(index, target)
    return ending if len(ending) <= MOST_FILES_NAMED else []


def _renamed(index: RootIndex, path: str) -> list[str]:
    """What commits say a path became, as far as that is there."""
    for _ in range(MOST_RENAMES):
        naming = [number for number, _ in index.store.naming(LinkKind.PATH, [path], MOST_NAMING)]
        texts = (chunk.text for chunk in index.store.chunks(naming).values() if chunk.source is Source.COMMITS)
        after = next((each.path for text in texts for each in touched_in(text) if each.before == path), "")
        if not after:
            return []
        if index.store.file(after) is not None:
            return [after]
        path = after
    return []
