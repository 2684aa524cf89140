"""How far the pages of a list are followed: no further than they bring something, whatever a server answers.

Invariant: every list ends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from surefoot.readings.trackers.fields import MOST_ITEMS
from surefoot.sync.pages import objects_in

MOST_PAGES = 10_000  # of one list in one sync: a million tickets, where a page has a hundred
MOST_STALE = 20  # pages in a row that bring nothing new; where tickets move while they are read, it may be two
MOST_PAGES_BELOW = 50  # of what stands below one ticket, of which the first `MOST_ITEMS` are kept


@dataclass(slots=True)
class Trail:
    """The pages of one list that were asked for, and what they brought."""

    pages: int = 0
    _stale: int = 0
    _asked: set[int] = field(default_factory=set)

    def ends_at(self, *page: object) -> str:
        """Why a page is not to be asked for any more; empty where it is, and then it counts as asked for."""
        if hash(page) in self._asked:
            return "leads back to a page that was read already"
        if self._stale >= MOST_STALE:
            return f"has brought nothing new for {MOST_STALE} pages"
        if self.pages >= MOST_PAGES:
            return f"has not come to its end in {MOST_PAGES:,} pages"
        self._asked.add(hash(page))
        self.pages += 1
        return ""

    def brings(self, fresh: int) -> None:
        """How many tickets of the page had not been seen before."""
        self._stale = 0 if fresh else self._stale + 1


def all_below(page_at: Callable[[str], tuple[object, str]]) -> list[dict[str, Any]]:
    """The objects of a list that stands below a ticket; `page_at` gives a page of it and where the rest is."""
    rows: list[dict[str, Any]] = []
    seen, rest, before = {""}, "", None
    for _ in range(MOST_PAGES_BELOW):
        value, rest = page_at(rest)
        given = objects_in(value)
        if given and given == before:  # the same page under another address
            break
        rows += given
        before = given
        if rest in seen or len(rows) >= MOST_ITEMS:
            break
        seen.add(rest)
    return rows
