"""One root as the read walk sees it.

Invariant: nothing of the store is kept here, so that a question after a write costs no more than any other.
"""

from __future__ import annotations

from dataclasses import replace

from surefoot.domain import Root, Scope
from surefoot.store.database import IndexStore


class RootIndex:
    """A root and its store. Safe to use from several threads.

    `nested` are the folders, each ending in a slash, that are roots of the workspace themselves: their files are found
    there, and here they are left out.
    """

    def __init__(self, root: Root, store: IndexStore) -> None:
        self.root = root
        self.store = store
        self.nested: tuple[str, ...] = ()
        self.filled = store.identity()  # the file that is known to have been looked at as a whole

    @property
    def is_replaced(self) -> bool:
        """Whether the database was deleted, damaged or swapped since: what it has now may be little of the root."""
        return self.store.is_lost() or self.store.identity() != self.filled

    def scope(self, asked: Scope) -> Scope:
        """What a query may see of this root."""
        return replace(asked, without=self.nested) if self.nested else asked
