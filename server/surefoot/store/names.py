"""The distinct names of symbols, found as they are written, in another case style, or by runs of three letters.

A name's row is numbered by its length first, so that a range of rows is a range of lengths and the shortest come first.

Invariant: functions of a connection; the caller owns the transaction. Reading costs what it looks at, however many
names there are, and nothing is kept between a write and the next question.
"""

# ruff: noqa: S608 - statements are put together from names in this file, values are bound
from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

import apsw

from surefoot.store.rows import rows, value
from surefoot.store.stored_text import loaded, stored
from surefoot.words import folded

GRAM = 3  # letters: what SQLite's trigram tokenizer makes
BEFORE, AFTER = "^^", "$$"  # stand around a name, so that its first and last letters are in as many runs as the others
LONGEST = 255  # letters that are told apart; longer names are all looked through together
LENGTH_SHIFT = 32  # bits below the length: room for four billion names of each length
ALL_LENGTHS = (0, LONGEST)

Lengths = tuple[int, int]  # the shortest and the longest, both included


def padded(key: str) -> str:
    """The key as its runs of letters are taken from."""
    return f"{BEFORE}{key}{AFTER}"


def grams_of(text: str) -> list[str]:
    """All runs of three letters, in order."""
    return [text[start : start + GRAM] for start in range(len(text) - GRAM + 1)]


# --- writing ---


class NameWriter:
    """The names that one transaction brings and takes. Rows are given out at once and written at the end.

    Then they can be written in the order that each table has them in, which touches the fewest pages. FTS5 besides
    writes out what it has gathered whenever a row comes before the last one.
    """

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._ids: dict[str, int] = {}
        self._last: dict[int, int] = {}  # row of each length
        self._added: list[tuple[str, int, str]] = []  # key, row, name
        self._lost: set[str] = set()

    def ids(self, names: Iterable[str]) -> Mapping[str, int]:
        """The rows of these names, among others; new names get one."""
        unknown = {name: folded(name) for name in set(names).difference(self._ids)}
        statement = "SELECT id, name FROM names WHERE folded = ? AND name = ?"
        for number, found in self._connection.executemany(
            statement, [(key, stored(name)) for name, key in sorted(unknown.items(), key=itemgetter(1))]
        ):
            name = loaded(found)
            self._ids[name] = number
            del unknown[name]
        for name, key in unknown.items():
            self._ids[name] = number = self._next_id(key)
            self._added.append((key, number, name))
        return self._ids

    def lose(self, names: Iterable[str]) -> None:
        """Some symbols of these names are gone; a name that no other symbol has is forgotten at the end."""
        self._lost.update(names)

    def finish(self) -> None:
        """Write what came, and forget what nothing is called any more."""
        self._added.sort()
        self._connection.executemany(
            "INSERT INTO names (folded, id, name) VALUES (?, ?, ?)",
            ((key, number, stored(name)) for key, number, name in self._added),
        )
        came = {number: key for key, number, _ in self._added if key}
        went = self._drop_unused()
        for number in came.keys() & went.keys():
            del came[number], went[number]
        self._connection.executemany(
            "INSERT INTO grams (grams, rowid, padded) VALUES ('delete', ?, ?)",
            [(number, padded(key)) for number, key in sorted(went.items())],
        )
        self._connection.executemany(
            "INSERT INTO grams (rowid, padded) VALUES (?, ?)",
            [(number, padded(key)) for number, key in sorted(came.items())],
        )

    def _drop_unused(self) -> dict[int, str]:
        """Forget the lost names that no symbol has any more; returns their rows and keys, where they have grams."""
        found: list[tuple[Any, ...]] = self._connection.executemany(
            "SELECT id, folded FROM names WHERE folded = ? AND name = ? "
            "AND NOT EXISTS (SELECT 1 FROM symbols WHERE name_id = names.id)",
            [(folded(name), stored(name)) for name in self._lost],
        ).fetchall()
        self._connection.executemany("DELETE FROM names WHERE id = ?", [(number,) for number, _ in found])
        return {number: key for number, key in found if key}

    def _next_id(self, key: str) -> int:
        length = min(len(key), LONGEST)
        if length not in self._last:
            first, beyond = _range((length, length))
            statement = "SELECT max(id) FROM names WHERE id >= ? AND id < ?"
            self._last[length] = value(self._connection, statement, (first, beyond)) or first
        self._last[length] += 1
        return self._last[length]


# --- reading ---


def spellings(connection: apsw.Connection, keys: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The names as written, sorted, by key; keys that nothing is called are left out."""
    wanted = {folded(key) for key in keys} - {""}
    found: dict[str, list[str]] = {}
    statement = "SELECT folded, name FROM names WHERE folded = ? ORDER BY name"
    for key, name in connection.executemany(statement, [(each,) for each in wanted]):
        found.setdefault(key, []).append(loaded(name))
    return {key: tuple(found[folded(key)]) for key in keys if folded(key) in found}


def ids_in_any_case(connection: apsw.Connection, name: str) -> list[int]:
    """The rows of the names that are this one in any letter case."""
    found = rows(connection, "SELECT id, name FROM names WHERE folded = ?", (folded(name),))
    return [number for number, each in found if loaded(each).casefold() == name.casefold()]


def gram_counts(connection: apsw.Connection, grams: Collection[str]) -> dict[str, int]:
    """How many names have each run of letters."""
    found = connection.executemany("SELECT term, doc FROM gram_counts WHERE term = ?", [(each,) for each in set(grams)])
    return dict.fromkeys(grams, 0) | dict(found)


def holding(connection: apsw.Connection, choices: Sequence[Collection[str]], lengths: Lengths, limit: int) -> list[str]:
    """The keys of names that have all grams of at least one of the choices, the shortest first."""
    first, beyond = _range(lengths)
    found = rows(
        connection,
        "SELECT n.folded FROM grams g JOIN names n ON n.id = g.rowid "
        "WHERE g.grams MATCH ? AND g.rowid >= ? AND g.rowid < ? ORDER BY g.rowid LIMIT ?",
        (" OR ".join(f"({' AND '.join(map(_quoted, grams))})" for grams in choices), first, beyond, limit),
    )
    return _distinct(found)


def sharing(connection: apsw.Connection, grams: Collection[str], lengths: Lengths, limit: int) -> list[str]:
    """The keys of names that have the most of these grams, the most first, of equals the shortest."""
    if not grams:  # no name has any of them
        return []
    each = "SELECT rowid AS id FROM grams WHERE grams MATCH ? AND rowid >= ? AND rowid < ?"
    found = rows(
        connection,
        f"SELECT n.folded FROM (SELECT id, count(*) AS shared FROM ({' UNION ALL '.join([each] * len(grams))}) "
        "GROUP BY id ORDER BY shared DESC, id LIMIT ?) JOIN names n USING (id) ORDER BY shared DESC, id",
        (*(bound for gram in grams for bound in (_quoted(gram), *_range(lengths))), limit),
    )
    return _distinct(found)


def abbreviated(connection: apsw.Connection, key: str, limit: int) -> list[str]:
    """The keys of names that begin with the key's first letter and have all the others in order, the shortest first."""
    found = rows(
        connection,
        "SELECT folded FROM names WHERE folded GLOB ? ORDER BY length(folded), folded LIMIT ?",
        ("*".join((*key, "")), limit),
    )
    return _distinct(found)


def shortest(connection: apsw.Connection, lengths: Lengths, limit: int) -> list[str]:
    """The keys of the first names from a length on."""
    first, beyond = _range(lengths)
    return _distinct(
        rows(connection, "SELECT folded FROM names WHERE id > ? AND id < ? ORDER BY id LIMIT ?", (first, beyond, limit))
    )


def _range(lengths: Lengths) -> tuple[int, int]:
    """The first row of these lengths, and the first beyond them."""
    low, high = lengths
    return min(low, LONGEST) << LENGTH_SHIFT, (min(high, LONGEST) + 1) << LENGTH_SHIFT


def _quoted(gram: str) -> str:
    return f'"{gram}"'


def _distinct(found: Iterable[tuple[str]]) -> list[str]:
    """Several spellings have one key."""
    return list(dict.fromkeys(chain.from_iterable(found)))
