"""One root as the read walk sees it: its store, and the names in it ready for matching.

Invariant: the name table is rebuilt whenever the store has changed, and only then.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

from surefoot.domain import Root, Scope
from surefoot.store.database import IndexStore
from surefoot.words import fold


@dataclass(frozen=True, slots=True)
class NameTable:
    """Folded symbol names and paths of one root, for lookups that SQL cannot do (fuzzy, any case style)."""

    generation: int
    chunks: int  # in the index
    names: dict[str, tuple[str, ...]]  # folded -> names as written
    folded_names: tuple[str, ...]
    paths: tuple[str, ...]
    paths_by_name: dict[str, tuple[str, ...]]  # file name and stem, lower case -> paths

    @classmethod
    def build(cls, store: IndexStore) -> NameTable:
        """Read all distinct names and paths once."""
        generation = store.generation()
        names: dict[str, list[str]] = {}
        for name in store.symbol_names():
            folded = fold(name)
            if folded:
                names.setdefault(folded, []).append(name)
        paths = store.paths()
        by_name: dict[str, list[str]] = {}
        for path in paths:
            name = path.rpartition("/")[2].lower()
            for key in {name, name.rpartition(".")[0] or name}:
                by_name.setdefault(key, []).append(path)
        return cls(
            generation,
            store.counts().chunks,
            {key: tuple(values) for key, values in names.items()},
            tuple(names),
            tuple(paths),
            {key: tuple(values) for key, values in by_name.items()},
        )


class RootIndex:
    """A root, its store and its name table. Safe to use from several threads.

    `nested` are the folders, each ending in a slash, that are roots of the workspace themselves: their files are found
    there, and here they are left out.
    """

    def __init__(self, root: Root, store: IndexStore) -> None:
        self.root = root
        self.store = store
        self.nested: tuple[str, ...] = ()
        self._names: NameTable | None = None
        self._lock = threading.Lock()

    def scope(self, asked: Scope) -> Scope:
        """What a query may see of this root."""
        return replace(asked, without=self.nested) if self.nested else asked

    @property
    def names(self) -> NameTable:
        """The name table of the store as it is now."""
        with self._lock:
            if self._names is None or self._names.generation != self.store.generation():
                self._names = NameTable.build(self.store)
            return self._names
