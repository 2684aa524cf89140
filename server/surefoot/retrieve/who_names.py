"""From a chunk to who names it: a ticket's commits, the documents about a function, the callers of an endpoint.

Invariant: of a thing that very many name, only the latest are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from surefoot.domain import COMMIT, Chunk, LinkKind, Source, is_commit
from surefoot.links.keys import COMMIT_DIGITS, SHORTEST_COMMIT, commit_key, name_of, own_key, symbol_key
from surefoot.retrieve.named_things import MOST_DEFINITIONS, MOST_LINKS, NOT_MEANT
from surefoot.retrieve.seen_chunks import Neighbour, SeenChunks

HANDLED_OPERATION = 0.9  # for who names the operation that a function handles
NAMED_FILE = 0.6  # for who names the file of a chunk, not its definition
# How much it says that one of a source names a ticket: a commit was made for it, another ticket may only mention it.
NAMES_TICKET = {Source.COMMITS: 1.0, Source.CODE: 1.0, Source.DESIGNS: 0.9, Source.DOCS: 0.8, Source.TICKETS: 0.7}


class WhoNames:
    """Who names chunks, for one question."""

    def __init__(self, seen: SeenChunks, asked: frozenset[Source]) -> None:
        self._seen = seen
        self._store = seen.store
        self._asked = asked

    def of(self, chunk: Chunk) -> Iterator[list[Neighbour]]:
        """Who names a chunk, or the record that it begins, in one way after the other."""
        if own_key(chunk.symbol):
            yield self._who_names_ticket(own_key(chunk.symbol))
        if is_commit(chunk.span.path):
            digits = commit_key(chunk.span.path.removeprefix(COMMIT))
            yield self._who_names(LinkKind.COMMIT, [digits[:n] for n in range(SHORTEST_COMMIT, COMMIT_DIGITS + 1)])
        elif chunk.source is not Source.TICKETS:
            yield from self._who_names_definition(chunk)
            yield self._who_names_file(chunk.span.path)

    def _who_names(self, kind: LinkKind, targets: Iterable[str], factor: float = 1.0) -> list[Neighbour]:
        return [(number, link.score) for number, link in self._seen.naming(kind, dict.fromkeys(targets, factor))]

    def _who_names_ticket(self, key: str) -> list[Neighbour]:
        found = self._who_names(LinkKind.TICKET, [key])
        self._seen.load([number for number, _ in found])
        return [
            (n, score * NAMES_TICKET[chunk.source]) for n, score in found if (chunk := self._seen.chunk(n)) is not None
        ]

    def _who_names_definition(self, chunk: Chunk) -> Iterator[list[Neighbour]]:
        """Documents, tickets and drawings that name what a chunk defines, and commits that touched it here.

        A route that names it stands for its operation, and so leads to whoever else names that.
        """
        if not chunk.symbol or chunk.kind in NOT_MEANT:
            return
        key = symbol_key(chunk.symbol)
        found = self._seen.naming(LinkKind.SYMBOL, dict.fromkeys([key, name_of(key)], 1.0))
        if not found:
            return
        few = bool(self._store.few_symbols(name_of(key), MOST_DEFINITIONS))
        touching = {number for number, _ in self._store.naming(LinkKind.PATH, [chunk.span.path], MOST_LINKS)}
        self._seen.load([number for number, _ in found])
        kept = [each for each in found if (each[0] in touching if self._is_of_commit(each[0]) else few)]
        yield [(number, link.score) for number, link in kept]
        operations = [link.target for _, link in self._seen.beside(kept, LinkKind.OPERATION)]
        yield self._who_names(LinkKind.OPERATION, operations, HANDLED_OPERATION)

    def _is_of_commit(self, number: int) -> bool:
        chunk = self._seen.chunk(number)
        return chunk is not None and chunk.source is Source.COMMITS

    def _who_names_file(self, path: str) -> list[Neighbour]:
        """Who names the file of a chunk; commits only where the question asks for them, as a file has many."""
        parts = path.split("/")
        tails = ["/".join(parts[start:]) for start in range(len(parts))]
        found = self._who_names(LinkKind.PATH, tails, NAMED_FILE)
        if Source.COMMITS in self._asked:
            return found
        self._seen.load([number for number, _ in found])
        return [each for each in found if not self._is_of_commit(each[0])]
