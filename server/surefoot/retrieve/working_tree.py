"""The roots as they are at this moment, for one look-up: the index, and over it the files that differ from it.

Invariant: a definition that `standing` returns has its name on its line of the file, or of its unsaved buffer, now.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from surefoot.domain import Root, SkipReason, Symbol, content_hash
from surefoot.retrieve.look_up import current_lines, is_read_otherwise
from surefoot.retrieve.root_index import RootIndex
from surefoot.sources.relocate import definition_now
from surefoot.syntax.languages import language_of
from surefoot.syntax.parse import parse
from surefoot.workspace.documents import Documents

REMEMBERED_NAMES = 8192
REMEMBERED_FILES = 128  # a text mentions few files, and each of them many times


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition, and the root that it stands in."""

    index: RootIndex
    symbol: Symbol

    @property
    def module_parts(self) -> tuple[str, ...]:
        """The root's folder and the path, without the ending and without what only stands for its folder."""
        *folders, name = self.symbol.span.path.split("/")
        stem = name.rpartition(".")[0] or name
        last = () if stem in {"__init__", "index", "mod", "lib", "main"} else (stem,)
        return (*self.index.root.name.split("/"), *folders, *last)


class WorkingTree:
    """What one look-up has read. Made for each, and not shared between threads."""

    def __init__(
        self,
        indexes: Sequence[RootIndex],
        documents: Documents,
        max_bytes: int,
        is_ignored: Callable[[Root, str], bool],
    ) -> None:
        self.indexes = list(indexes)
        self.documents = documents
        self.is_ignored = is_ignored
        self._max_bytes = max_bytes
        self._lines = lru_cache(maxsize=REMEMBERED_FILES)(self._read)
        self._has_own_lines = lru_cache(maxsize=REMEMBERED_NAMES)(self._is_text)
        self._symbols = lru_cache(maxsize=REMEMBERED_FILES)(self._defined)
        self._definitions = lru_cache(maxsize=REMEMBERED_NAMES)(self._of_name)
        self._standing = lru_cache(maxsize=REMEMBERED_NAMES)(self._where_now)

    def lines(self, index: RootIndex, path: str) -> list[str]:
        """The lines of a file; empty where it is ignored, gone or no text."""
        return self._lines(index, path)

    def _read(self, index: RootIndex, path: str) -> list[str]:
        if self.is_ignored(index.root, path):
            return []
        return current_lines(index.root, path, self.documents, self._max_bytes)

    def _is_text(self, index: RootIndex, path: str) -> bool:
        """Whether the lines of the index are those of the file; what is read in a drawing stands on none of them."""
        file = index.store.file(path)
        return file is None or not is_read_otherwise(file)

    def symbols(self, index: RootIndex, path: str) -> list[Symbol]:
        """The definitions of a file in the order of their lines, as it stands now."""
        return self._symbols(index, path)

    def _defined(self, index: RootIndex, path: str) -> list[Symbol]:
        if not self._has_own_lines(index, path):
            return []
        text = "\n".join(self.lines(index, path))
        file = index.store.file(path)
        if file is not None and content_hash(text) == file.content_hash:
            return index.store.symbols_in_file(path)
        return list(parse(path, text, language_of(path, text=text)).symbols) if text else []

    @cached_property
    def unsaved(self) -> dict[RootIndex, frozenset[str]]:
        """The open files of each root whose buffers are not what is indexed."""
        return {index: frozenset(self._unsaved_in(index)) for index in self.indexes}

    def _unsaved_in(self, index: RootIndex) -> list[str]:
        inside = [path for path in self.documents.paths() if path.is_relative_to(index.root.path)]
        names = [path.relative_to(index.root.path).as_posix() for path in inside]
        return [name for name in names if self._is_unsaved(index, name)]

    def _is_unsaved(self, index: RootIndex, path: str) -> bool:
        if not self._has_own_lines(index, path):
            return False
        lines = self.lines(index, path)
        file = index.store.file(path)
        return bool(lines) and (file is None or content_hash("\n".join(lines)) != file.content_hash)

    def definitions(self, name: str) -> list[Definition]:
        """Everything of exactly this name: as indexed, but for files that are being edited as they are now."""
        return self._definitions(name)

    def _of_name(self, name: str) -> list[Definition]:
        found: list[Definition] = []
        for index in self.indexes:
            unsaved = self.unsaved[index]
            known = (each for each in index.store.definitions(name) if each.name == name)
            found += [Definition(index, symbol) for symbol in known if self._is_ours(index, symbol.span.path, unsaved)]
            found += [
                Definition(index, symbol)
                for path in unsaved
                for symbol in self.symbols(index, path)
                if symbol.name == name
            ]
        return found

    def _is_ours(self, index: RootIndex, path: str, unsaved: frozenset[str]) -> bool:
        """Files of a root inside this root are found there."""
        is_own = not path.startswith(index.nested or ("\0",))
        return path not in unsaved and is_own and self._has_own_lines(index, path)

    def standing(self, definition: Definition) -> Definition | None:
        """The definition where it stands now; None where it is gone from its file."""
        return self._standing(definition)

    def _where_now(self, definition: Definition) -> Definition | None:
        symbol = definition.symbol
        lines = self.lines(definition.index, symbol.span.path)
        if symbol in self.symbols(definition.index, symbol.span.path):
            now: Symbol | None = symbol
        else:
            text = "\n".join(lines)
            now = definition_now(symbol, text, language_of(symbol.span.path, text=text)) if text else None
        if now is None or now.name_line > len(lines) or now.name not in lines[now.name_line - 1]:
            return None
        # A parser may count an end that the file does not have; what is shown has to be there.
        end = min(now.span.end, len(lines))
        return Definition(definition.index, replace(now, span=replace(now.span, end=end)))

    @cached_property
    def paths(self) -> dict[RootIndex, frozenset[str]]:
        """Every file that is there and may be named: indexed, open, or left out for another reason than a secret."""
        return {index: frozenset(self._paths_of(index)) for index in self.indexes}

    @cached_property
    def secrets(self) -> frozenset[str]:
        """The files that are left out since their text is a secret, though their names do not say so."""
        skipped = (skip for index in self.indexes for skip in index.store.outcomes()[0])
        return frozenset(skip.path for skip in skipped if skip.reason is SkipReason.SECRET)

    def _paths_of(self, index: RootIndex) -> list[str]:
        skipped, failed = index.store.outcomes()
        known = [*index.store.paths(), *self.unsaved[index], *(failure.path for failure in failed)]
        known += [skip.path for skip in skipped if skip.reason is not SkipReason.SECRET]
        return [path for path in known if not path.startswith(index.nested or ("\0",))]
