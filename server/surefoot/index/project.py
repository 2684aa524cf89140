"""What a project says of itself in `.surefoot.toml`, taken up by what is indexed already.

Files in a folder that has come to hold tickets, or holds none any more, are read again. Where tickets are written in
other ways than before, no file is: links are made again of the chunks.

Invariant: where nothing of this has changed, nothing is written; what a kill leaves undone, the next pass does. Where
the project's file cannot be read, as one that is half typed, what it said before stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from surefoot.config import ticket_patterns
from surefoot.domain import USUAL_TICKETS

if TYPE_CHECKING:
    from surefoot.domain import TicketPattern
    from surefoot.index.indexer import Indexing
    from surefoot.store.database import IndexStore

TICKET_FOLDERS = "ticket_folders"  # a fact of the index: those by which its files were read
LINKED_AT_ONCE = 500  # chunks, in some hundredths of a second: a save has to wait for it


def adopt_project(indexing: Indexing) -> None:
    """Bring what is indexed up to what the project says now."""
    _adopt_folders(indexing)
    _adopt_patterns(indexing)
    while indexing.store.has_old_links():
        indexing.cancel.raise_if_cancelled()
        with indexing.store.writing() as writer:
            writer.make_links_again(LINKED_AT_ONCE)


def _adopt_folders(indexing: Indexing) -> None:
    """A file's stamp does not tell that it is read as a ticket now, or as a document again."""
    store, now = indexing.store, indexing.root.tickets
    if _has_adopted_folders(store, now):
        return
    with store.writing() as writer:
        if _has_adopted_folders(store, now):  # another process has, while this one waited for its turn
            return
        for folder in sorted({*adopted_folders(store)} ^ {*now}):
            writer.mark_unread(folder)
        writer.set_meta(TICKET_FOLDERS, "\n".join(now))


def adopted_folders(store: IndexStore) -> tuple[str, ...]:
    """The folders of tickets by which the index was read."""
    known = store.meta(TICKET_FOLDERS)
    # An index that was made before they were recorded may have been read by the usual ones only.
    return USUAL_TICKETS if known is None else tuple(known.split("\n"))


def _has_adopted_folders(store: IndexStore, folders: tuple[str, ...]) -> bool:
    return store.meta(TICKET_FOLDERS) is not None and set(adopted_folders(store)) == set(folders)


def _adopt_patterns(indexing: Indexing) -> None:
    if _new_patterns(indexing) is None:
        return
    with indexing.store.writing() as writer:
        patterns = _new_patterns(indexing)  # as the file says now, and unless another process has adopted it
        if patterns is not None:
            writer.set_ticket_patterns(patterns)


def _new_patterns(indexing: Indexing) -> tuple[TicketPattern, ...] | None:
    """The patterns of the project, where they are others than those that the index is linked by."""
    patterns = ticket_patterns(indexing.root.path)
    return None if patterns == indexing.store.ticket_patterns() else patterns
