"""Giving back what deletions leave: to the disk, a little with every write.

Invariant: the work is bounded by what the write itself changed and a small constant, so no saved file waits for it.
"""

from __future__ import annotations

import apsw

# Free pages that stay: the next writes take them, and a page given back is one to be asked for again.
KEPT_SHARE = 1 / 32
KEPT_PAGES = 128
# Pages moved by a write that changed next to nothing: a few milliseconds. Half a page more for every chunk is what the
# removal of many files frees, so that these are gone from the disk with their last transaction.
PAGES = 64
PAGES_PER_CHUNK = 0.5


def give_back(connection: apsw.Connection, chunks: int) -> None:
    """Shorten the file by some of its free pages; within the transaction that changed so many chunks."""
    pages, free = int(connection.pragma("page_count")), int(connection.pragma("freelist_count"))
    excess = free - max(KEPT_PAGES, int(pages * KEPT_SHARE))
    if excess > 0:
        step = min(excess, PAGES + int(PAGES_PER_CHUNK * chunks))
        connection.execute(f"PRAGMA incremental_vacuum ({step})").fetchall()
