"""What a project says of itself in `.surefoot.toml`, taken up by what is indexed already.

Files in a folder that has come to hold tickets, or holds none any more, are read again. Where tickets are written in
other ways than before, no file is: links are made again of the chunks.

Invariant: where nothing of this has changed, nothing is written; what a kill leaves undone, the next pass does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from surefoot.config import ticket_patterns
from surefoot.domain import USUAL_TICKETS

if TYPE_CHECKING:
    from surefoot.index.indexer import Indexing

TICKET_FOLDERS = "ticket_folders"  # a fact of the index: those by which its files were read
LINKED_AT_ONCE = 500  # chunks, in some hundredths of a second: a save has to wait for it


def adopt_project(indexing: Indexing) -> None:
    """Bring what is indexed up to what the project says now."""
    _adopt_folders(indexing)
    patterns = ticket_patterns(indexing.root.path)
    if indexing.store.ticket_patterns() != patterns:
        with indexing.store.writing() as writer:
            writer.set_ticket_patterns(patterns)
    while indexing.store.has_old_links():
        indexing.cancel.raise_if_cancelled()
        with indexing.store.writing() as writer:
            writer.make_links_again(LINKED_AT_ONCE)


def _adopt_folders(indexing: Indexing) -> None:
    """A file's stamp does not tell that it is read as a ticket now, or as a document again."""
    known = indexing.store.meta(TICKET_FOLDERS)
    # An index that was made before they were recorded may have been read by the usual ones only.
    before, now = USUAL_TICKETS if known is None else tuple(known.split("\n")), indexing.root.tickets
    if known is not None and set(before) == set(now):
        return
    with indexing.store.writing() as writer:
        for folder in sorted({*before} ^ {*now}):
            writer.mark_unread(folder)
        writer.set_meta(TICKET_FOLDERS, "\n".join(now))
