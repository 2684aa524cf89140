"""The last commits that changed a definition, and the tickets that they name: from the index, without asking git.

Invariant: a commit is shown only while every indexed commit is known to lead to HEAD.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from surefoot.domain import HISTORY_VALID, Chunk, LastCommit, LinkKind, Symbol
from surefoot.links.keys import symbol_key, target_key
from surefoot.readings.commits import NAME_DIGITS, TouchedFile, subject_and_date, touched_in
from surefoot.retrieve.root_index import RootIndex
from surefoot.workspace.history import digits_of, state_of

SHOWN = 3
LOOKED_AT = 60  # chunks of commits, each read from the index; a merge is no change of its own and left out
_MERGES = ("Merge branch ", "Merge pull request ", "Merge remote-tracking branch ", "Merged in ", "Merge tag ")


def last_commits(index: RootIndex, symbol: Symbol) -> tuple[tuple[LastCommit, ...], bool]:
    """The last commits that changed the definition, or else its file; whether they changed the definition."""
    state = state_of(index.root)
    if not state or index.store.meta(HISTORY_VALID) != state:
        return (), True
    path = target_key(LinkKind.PATH, symbol.span.path)
    names = list(dict.fromkeys((symbol_key(symbol.name), symbol_key(symbol.qualified_name))))
    found = _commits(index, path, names, lambda touched: _is_of(touched, symbol))
    if found:
        return found, True
    return _commits(index, path, (), lambda touched: touched.path == symbol.span.path), False


def _commits(
    index: RootIndex, path: str, names: Sequence[str], is_meant: Callable[[TouchedFile], bool]
) -> tuple[LastCommit, ...]:
    ids = index.store.commits_touching(path, names, LOOKED_AT)
    chunks = index.store.chunks(ids)
    return tuple(islice(_told(index, chunks.values(), is_meant), SHOWN))


def _told(index: RootIndex, chunks: Iterable[Chunk], is_meant: Callable[[TouchedFile], bool]) -> Iterator[LastCommit]:
    told = set[str]()
    for chunk in chunks:
        subject, date = subject_and_date(chunk.signature)
        digits = digits_of(chunk.span.path)
        if digits is None or digits in told or subject.startswith(_MERGES):
            continue
        if any(map(is_meant, touched_in(chunk.text))):
            told.add(digits)
            yield LastCommit(digits[:NAME_DIGITS], date, subject, _tickets(index, chunk.span.path))


def _is_of(touched: TouchedFile, symbol: Symbol) -> bool:
    """Whether git's header names the definition; it has the class before the name in some languages only."""
    keys = {symbol_key(name) for name in touched.functions}
    wanted = {symbol_key(symbol.name), symbol_key(symbol.qualified_name)}
    return touched.path == symbol.span.path and not keys.isdisjoint(wanted)


def _tickets(index: RootIndex, path: str) -> tuple[str, ...]:
    """The tickets that a commit names, in all of its parts."""
    links = index.store.links_of(index.store.chunk_ids(path))
    found = (link.target for of_chunk in links.values() for link in of_chunk if link.kind is LinkKind.TICKET)
    return tuple(dict.fromkeys(found))
