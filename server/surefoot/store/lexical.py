"""Full-text search over the words of chunks.

Invariant: words are stemmed by the tokenizer of the table alone; asking goes through the same tokenizer.
"""

# ruff: noqa: S608 - statements are put together from names in this file, values are bound
from __future__ import annotations

from collections.abc import Iterable, Sequence

import apsw

from surefoot.domain import Scope
from surefoot.errors import QueryError
from surefoot.store.lexed import Words
from surefoot.store.rows import rows, value
from surefoot.store.scope import chunks_in_scope
from surefoot.store.stored_text import searchable

COLUMNS = ("path", "name", "signature", "doc", "body")
# The same as in the schema. `_` and `$` belong to words: a whole identifier is one rare, telling word.
STEMMER = ("porter", ["unicode61", "remove_diacritics", "2", "tokenchars", "_$"])


class WordChanges:
    """What one transaction does to the words of chunks, written at its end.

    FTS5 writes out what it has gathered whenever a row comes before the last one, as each deletion between does: a
    switch would leave it with a segment per file. So the deletions come first, and then the rows in their order.
    """

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._came: dict[int, Words] = {}
        self._went: set[int] = set()

    def put(self, words: Iterable[tuple[int, Words]]) -> None:
        """Index the words of chunks under their ids, which are new."""
        self._came.update(words)

    def remove(self, ids: Iterable[int]) -> None:
        """Forget the words of these chunks."""
        self._went.update(chunk_id for chunk_id in ids if self._came.pop(chunk_id, None) is None)

    def finish(self) -> None:
        """Write them; the last step before the commit."""
        self._connection.executemany("DELETE FROM words WHERE rowid = ?", [(gone,) for gone in sorted(self._went)])
        self._connection.executemany(
            "INSERT INTO words (rowid, path, name, signature, doc, body) VALUES (?, ?, ?, ?, ?, ?)",
            [(chunk_id, *columns) for chunk_id, columns in sorted(self._came.items())],
        )


def search(
    connection: apsw.Connection, match: str, scope: Scope, limit: int, weights: Sequence[float]
) -> list[tuple[int, float]]:
    """The chunks that match best, with their BM25 score turned so that higher is better."""
    inside, bindings = chunks_in_scope(scope)
    # The plus keeps SQLite from looking up each id of the scope in the full-text table one by one.
    limits = f"AND +rowid IN ({inside})" if inside else ""
    bm25 = ", ".join(["words", *(repr(float(weight)) for weight in weights)])
    try:
        return rows(
            connection,
            f"SELECT rowid, -bm25({bm25}) AS score FROM words WHERE words MATCH ? {limits} "
            "ORDER BY score DESC, rowid LIMIT ?",
            (searchable(match), *bindings, limit),
        )
    except apsw.SQLError as error:
        raise QueryError(f"The index cannot be searched for '{match[:80]}' ({error}).") from error


def with_word(connection: apsw.Connection, word: str, limit: int) -> list[int]:
    """The first chunks whose body holds the word."""
    rows = connection.execute(
        "SELECT rowid FROM words WHERE words MATCH ? LIMIT ?",
        (f'body : "{searchable(word).replace(chr(34), "")}"', limit),
    )
    return [chunk_id for (chunk_id,) in rows]


def document_frequency(connection: apsw.Connection, words: Sequence[str]) -> dict[str, int]:
    """In how many chunks each word occurs, in any of its grammatical forms.

    The tokenizer stems the word and the vocabulary is asked for the stem: one look-up in the index, no search. A word
    that the tokenizer cuts in several gets the frequency of its rarest part, which bounds that of the whole.
    """
    stem = connection.fts5_tokenizer(*STEMMER)
    found: dict[str, int] = {}
    for word in words:
        stems = stem(searchable(word).encode(), apsw.FTS5_TOKENIZE_QUERY, None,
                     include_offsets=False, include_colocated=False)  # fmt: skip
        found[word] = min((_chunks_with(connection, str(part)) for part in stems), default=0)
    return found


def _chunks_with(connection: apsw.Connection, stem: str) -> int:
    return value(connection, "SELECT doc FROM terms WHERE term = ?", (stem,)) or 0
