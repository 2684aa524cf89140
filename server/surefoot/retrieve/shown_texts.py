"""From a translated text to the screens that show it by its key, and back; and to the same text in other languages.

Nothing of this is stored: the words of a key are looked up, and then the text says whether they are it.

Invariant: reads the index and nothing else; how much is looked at is bounded by counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

from surefoot.domain import Chunk, Scope
from surefoot.links.texts import (
    FOLDERS,
    Entry,
    codes_named,
    entries,
    is_catalog,
    is_key_of,
    keys_named,
    spaces_named,
)
from surefoot.retrieve.lexical import COLUMN_WEIGHTS
from surefoot.store.database import IndexStore
from surefoot.words import index_words

SHOWN = 0.9  # of the strength, for code that names a key
PUT_TOGETHER = 0.9  # for code that puts a key together of a name and something else
BY_CODE = 0.8  # for code that has only the last part of a key, which others put together
SIBLING = 0.6  # for the same key in another language
MOST_KEYS = 8  # of a chunk that are looked up
MOST_HOLDING = 12  # chunks that hold the words of a key
MOST_NAMED_SO = 60  # chunks that hold what a key begins with, among which one puts keys together
MOST_CODES = 6

_IN_CATALOGS = f"path : ({' OR '.join(FOLDERS)} OR strings OR properties)"


class ShownTexts:
    """Texts and who shows them, of one index."""

    def __init__(self, store: IndexStore) -> None:
        self._store = store
        self._spaces: dict[str, dict[int, int]] = {}

    def showing(self, meant: Sequence[Entry]) -> dict[int, tuple[int, float]]:
        """The chunks of code that show these texts: the line of each that names the key, from 0, and how sure it is."""
        found: dict[int, tuple[int, float]] = {}
        for entry in meant[:MOST_KEYS]:
            for number, chunk in self._holding(_phrase(entry.key)).items():
                lines = [line for key, line in keys_named(chunk.text) if is_key_of(key, entry)]
                if lines and not is_catalog(chunk.span.path):
                    found.setdefault(number, (lines[0], SHOWN))
        for space in list(dict.fromkeys(entry.space for entry in meant if entry.space))[:MOST_CODES]:
            for number, line in self._putting_together(space).items():
                found.setdefault(number, (line, PUT_TOGETHER))
        return found

    def _is_put_together(self, space: str) -> bool:
        return bool(space) and bool(self._putting_together(space))

    def _putting_together(self, space: str) -> dict[int, int]:
        """The chunks that put keys together of what these ones begin with and something else, each with its line."""
        known = self._spaces.get(space)
        if known is None:
            known = self._spaces[space] = {}
            for number, chunk in self._holding(f"body : {_phrase(space)}", MOST_NAMED_SO).items():
                lines = [line for named, line in spaces_named(chunk.text) if named == space]
                if lines and not is_catalog(chunk.span.path):
                    known[number] = lines[0]
        return known

    def with_code(self, meant: Sequence[Entry]) -> dict[int, tuple[int, float]]:
        """The chunks of code that have the last part of a key as a word of its own, where keys are put together."""
        found: dict[int, tuple[int, float]] = {}
        for entry in meant[:MOST_CODES]:
            if not self._is_put_together(entry.space):
                continue
            for number, chunk in self._holding(f"body : {_phrase(entry.code)}").items():
                lines = [line for code, line in codes_named(chunk.text) if code == entry.code]
                if lines and not is_catalog(chunk.span.path):
                    found[number] = (lines[0], BY_CODE)
        return found

    def texts_of(self, chunk: Chunk, lines: range | None) -> dict[int, tuple[list[Entry], float]]:
        """The texts that a chunk of code shows, or some lines of it: by the chunks of catalogs that hold them."""
        named = [key for key, line in keys_named(chunk.text) if lines is None or line in lines]
        codes = [code for code, line in codes_named(chunk.text) if lines is None or line in lines]
        found: dict[int, tuple[list[Entry], float]] = {}
        for key in list(dict.fromkeys(named))[:MOST_KEYS]:
            self._add(found, key, partial(is_key_of, key), 1.0)
        for code in [each for each in dict.fromkeys(codes) if "_" in each or "-" in each][:MOST_CODES]:
            self._add(found, code, partial(_ends_with, code), BY_CODE)
        return found

    def _add(
        self,
        found: dict[int, tuple[list[Entry], float]],
        key: str,
        is_meant: Callable[[Entry], bool],
        score: float,
    ) -> None:
        for number, chunk in self._in_catalogs(key).items():
            meant = [entry for entry in entries(chunk) if is_meant(entry)]
            if score < 1.0:
                meant = [entry for entry in meant if self._is_put_together(entry.space)]
            if meant:
                known, best = found.get(number, ([], 0.0))
                found[number] = ([*known, *meant], max(score, best))

    def siblings(self, chunk: Chunk, meant: Sequence[Entry]) -> dict[int, list[Entry]]:
        """The same texts in other languages, by the chunks of catalogs that hold them."""
        found: dict[int, list[Entry]] = {}
        for entry in meant[:MOST_KEYS]:
            for number, other in self._in_catalogs(entry.key).items():
                if other.span.path != chunk.span.path:
                    found.setdefault(number, []).extend(each for each in entries(other) if each.key == entry.key)
        return {number: same for number, same in found.items() if same}

    def _in_catalogs(self, key: str) -> dict[int, Chunk]:
        parts = key.rpartition(":")[2].split(".")
        return self._catalogs(" AND ".join(f'"{index_words(part)}"' for part in parts if index_words(part)))

    def _catalogs(self, match: str) -> dict[int, Chunk]:
        found = self._holding(f"({_IN_CATALOGS}) AND ({match})") if match else {}
        return {number: chunk for number, chunk in found.items() if is_catalog(chunk.span.path)}

    def _holding(self, match: str, limit: int = MOST_HOLDING) -> dict[int, Chunk]:
        rows = self._store.lexical(match, Scope(), limit, COLUMN_WEIGHTS)
        return self._store.chunks([number for number, _ in rows])


def _phrase(key: str) -> str:
    return f'"{index_words(" ".join(re.split(r"[.:-]", key)))}"'


def _ends_with(code: str, entry: Entry) -> bool:
    return bool(entry.space) and entry.code == code
