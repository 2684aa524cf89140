"""Texts and screens as neighbours: from what a catalog says to the code that shows it, and from code to what is read.

Invariant: reads the index and nothing else; of a catalog only the texts count that the question is about.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from surefoot.domain import Chunk, Resolved, Source
from surefoot.links.texts import Entry, entries, is_catalog
from surefoot.retrieve.asked import asks_for_texts
from surefoot.retrieve.repeated import said_in
from surefoot.retrieve.seen_chunks import Neighbour, SeenChunks
from surefoot.retrieve.shown_texts import SIBLING, ShownTexts

FITS = 0.35  # share of the question that a text must hold to be meant, where none is said
MOST_MEANT = 3
MOST_SIBLINGS = 3  # languages
READ = 0.9  # for the text that code shows

_ENGLISH = re.compile(r"(?<![A-Za-z])en(?![a-z])")


class Reached(NamedTuple):
    """A chunk, the line of it that is meant, from 0, how sure that is, and of a catalog the key of the text."""

    chunk: int
    line: int
    share: float
    key: str = ""


class TextNeighbours:
    """Texts and who shows them, for one question."""

    def __init__(self, seen: SeenChunks, resolved: Resolved) -> None:
        self._seen = seen
        self._texts = ShownTexts(seen.store)
        self._question = resolved.query.text
        self._wanted = asks_for_texts(self._question)
        self._meant: dict[int, list[Entry]] = {}

    def meant(self, number: int, chunk: Chunk) -> list[Entry]:
        """The texts of a catalog that the question is about."""
        known = self._meant.get(number)
        if known is None:
            known = said_in(chunk, self._question) if _is_of_texts(chunk) else []
            if not known and _is_of_texts(chunk):
                fits = [(self._seen.fits_words(each.key, each.text), each) for each in entries(chunk)]
                best = max((fit for fit, _ in fits), default=0.0)
                known = [each for fit, each in fits if fit == best and best >= FITS]
            self._meant[number] = known = known[:MOST_MEANT]
        return known

    def shown_by(self, number: int, chunk: Chunk, key: str = "") -> list[Reached]:
        """The code that shows a text of a catalog."""
        meant = self._texts_meant(number, chunk, key)
        return [Reached(other, line, share) for other, (line, share) in self._texts.showing(meant).items()]

    def caused_by(self, number: int, chunk: Chunk, key: str = "") -> list[Reached]:
        """The code that has the last part of a key where it is put together: an error, a state."""
        meant = self._texts_meant(number, chunk, key)
        return [Reached(other, line, share) for other, (line, share) in self._texts.with_code(meant).items()]

    def read_in(self, chunk: Chunk, lines: range | None) -> list[Reached]:
        """The texts that code shows, where the question asks for what people read."""
        if not self._wanted or chunk.source is not Source.CODE or is_catalog(chunk.span.path):
            return []
        found = [
            Reached(number, entry.line, READ * share, entry.key)
            for number, (meant, share) in self._texts.texts_of(chunk, lines).items()
            for entry in meant[:MOST_MEANT]
        ]
        self._seen.load(each.chunk for each in found)
        found.sort(key=self._language)
        return list({each.key: each for each in reversed(found)}.values())

    def _language(self, reached: Reached) -> tuple[bool, str]:
        """English first, as texts are mostly written in it and questions asked."""
        chunk = self._seen.chunk(reached.chunk)
        path = chunk.span.path if chunk is not None else ""
        return _ENGLISH.search(path) is None, path

    def siblings(self, number: int, chunk: Chunk) -> list[Reached]:
        """The same text in other languages."""
        found = self._texts.siblings(chunk, self.meant(number, chunk))
        return [
            Reached(other, same[0].line, SIBLING, same[0].key) for other, same in list(found.items())[:MOST_SIBLINGS]
        ]

    def of(self, number: int, chunk: Chunk, lines: range | None) -> list[list[Neighbour]]:
        """All of it, as neighbours of a chunk."""
        groups = (
            self.shown_by(number, chunk),
            self.caused_by(number, chunk),
            self.read_in(chunk, lines),
            self.siblings(number, chunk),
        )
        return [[self._pointed(each) for each in group] for group in groups if group]

    def _texts_meant(self, number: int, chunk: Chunk, key: str) -> list[Entry]:
        if key and _is_of_texts(chunk):
            return [each for each in entries(chunk) if each.key == key]
        return self.meant(number, chunk)

    def _pointed(self, reached: Reached) -> Neighbour:
        if not reached.key:
            self._seen.load([reached.chunk])
            self._seen.point_at_line(reached.chunk, reached.line, reached.share)
        return reached.chunk, reached.share


def _is_of_texts(chunk: Chunk) -> bool:
    return chunk.source is Source.CODE and is_catalog(chunk.span.path)
