"""What a chunk names that is elsewhere: tickets, commits, paths, symbols, operations, addresses.

Links are made from a chunk alone, where it is written to the index, so that they come and go with it; whether their
target is there is decided when somebody asks.

Invariant: pure functions; the same chunk always has the same links.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from surefoot.domain import Chunk, Link, LinkKind, Source
from surefoot.links import drawings
from surefoot.links.code import links_of_code
from surefoot.links.commits import links_of_commit
from surefoot.links.documents import links_of_document
from surefoot.links.found import Found, links_of
from surefoot.links.keys import commit_key, own_key, symbol_key, target_key
from surefoot.links.operations import ANY, operation_keys
from surefoot.links.routes import operations_in

AT_END = 0.6  # the score of an operation by the end of its path: another one may end so too

__all__ = ["links_in", "target_key"]


def links_in(chunk: Chunk) -> tuple[Link, ...]:
    """The links of a chunk, in the order of its lines, each target once."""
    if chunk.source is Source.CODE:  # nearly all chunks, of which nearly all name nothing
        named = [*links_of_code(chunk), *operations_in(chunk)]
        return links_of(named) if named else ()
    return links_of(_but_itself(chunk, _found(chunk)))


def _found(chunk: Chunk) -> Iterator[Found]:
    if chunk.source is Source.COMMITS:
        yield from links_of_commit(chunk.text)
    else:
        yield from links_of_document(chunk)
        yield from with_ends(operations_in(chunk))
        if chunk.language in drawings.LANGUAGES:
            yield from drawings.guessed(chunk.text)


def with_ends(operations: Iterable[Found]) -> Iterator[Found]:
    """Operations of an interface, also by the ends of their paths: code may have them under a prefix of its own."""
    for each in operations:
        yield each
        for end in operation_keys(each.target)[1:]:
            if not end.startswith(ANY):
                yield each._replace(target=end, score=each.score * AT_END)


def _but_itself(chunk: Chunk, found: Iterable[Found]) -> Iterator[Found]:
    """Nothing is linked with itself: not a ticket with its own number, nor a heading with its own name."""
    own = chunk.symbol.rpartition(".")[2]
    names = {
        LinkKind.TICKET: own_key(chunk.symbol),
        LinkKind.COMMIT: commit_key(own),
        LinkKind.SYMBOL: symbol_key(own),
    }
    for each in found:
        if each.target != names.get(each.kind):
            yield each
