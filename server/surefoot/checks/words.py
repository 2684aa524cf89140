"""Whether a word stands anywhere in the tree, written in just this way.

Invariant: a word that stands in the tree is never said to be absent; in doubt it is there.
"""

from __future__ import annotations

import re
from functools import lru_cache

from surefoot.domain import Source
from surefoot.retrieve.root_index import RootIndex
from surefoot.retrieve.working_tree import WorkingTree
from surefoot.syntax.languages import is_document, language_of

# Chunks that hold the word in another form or case and are looked at; in more of them it is taken to be there.
LOOKED_AT = 400
LOOKED_AT_LATER = 60  # once so many words of one text were looked up
MOST_WORDS = 300

OF_CODE = frozenset({Source.CODE, Source.DESIGNS})

_WORD = re.compile(r"[\w$]+")


class Words:
    """The words of the tree, each looked up once; without `in_documents` those of code alone count."""

    def __init__(self, tree: WorkingTree, *, in_documents: bool = True) -> None:
        self._tree = tree
        self._in_documents = in_documents
        self._looked_up = 0
        self.holds = lru_cache(maxsize=65536)(self._holds)

    def _holds(self, word: str) -> bool:
        return any(self._indexed(index, word) or self._unsaved(index, word) for index in self._tree.indexes)

    def _indexed(self, index: RootIndex, word: str) -> bool:
        lexed = "".join(_WORD.findall(word.lower())).strip("_$")
        if not lexed:
            return True
        if not index.store.document_frequency([lexed])[lexed]:
            return False
        self._looked_up += 1
        limit = LOOKED_AT if self._looked_up <= MOST_WORDS else LOOKED_AT_LATER
        chunks = index.store.mentioning(lexed, limit)
        counted = chunks if self._in_documents else [chunk for chunk in chunks if chunk.source in OF_CODE]
        return len(chunks) == limit or any(pattern_of(word).search(chunk.text) for chunk in counted)

    def _unsaved(self, index: RootIndex, word: str) -> bool:
        paths = [path for path in self._tree.unsaved[index] if self._in_documents or not _is_prose(path)]
        return any(pattern_of(word).search("\n".join(self._tree.lines(index, path))) for path in paths)


def _is_prose(path: str) -> bool:
    return is_document(path, language_of(path))


@lru_cache(maxsize=1024)
def pattern_of(word: str) -> re.Pattern[str]:
    """The word as a whole word."""
    return re.compile(rf"(?<![\w$]){re.escape(word)}(?![\w$])")
