"""What a chunk names that is elsewhere: tickets, commits, paths, symbols, operations, addresses.

Links are made from a chunk alone, where it is written to the index, so that they come and go with it; whether their
target is there is decided when somebody asks.

Invariant: pure functions; the same chunk always has the same links.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from surefoot.domain import Chunk, Link, LinkKind, Source, TicketPattern
from surefoot.links import drawings
from surefoot.links.code import is_said, links_of_code
from surefoot.links.commits import links_of_commit
from surefoot.links.documents import links_of_document
from surefoot.links.found import Found, line_of, links_of
from surefoot.links.keys import commit_key, own_key, symbol_key, target_key, ticket_key
from surefoot.links.operations import ANY, operation_keys
from surefoot.links.routes import operations_in
from surefoot.links.written import tickets_written

AT_END = 0.6  # the score of an operation by the end of its path: another one may end so too

__all__ = ["links_in", "target_key"]


def links_in(chunk: Chunk, patterns: Sequence[TicketPattern] = ()) -> tuple[Link, ...]:
    """The links of a chunk, in the order of its lines, each target once; tickets also as the patterns say."""
    if chunk.source is Source.CODE:  # nearly all chunks, of which nearly all name nothing
        named = [*links_of_code(chunk), *operations_in(chunk)]
        named = _with_written(chunk, named, patterns) if patterns else named
        return links_of(named) if named else ()
    found = _with_written(chunk, _found(chunk), patterns) if patterns else _found(chunk)
    return links_of(_but_itself(chunk, found))


def _with_written(chunk: Chunk, found: Iterable[Found], patterns: Sequence[TicketPattern]) -> list[Found]:
    """With the tickets that are written as the patterns say, and without what else the same words would mean."""
    written = [
        each
        for each in tickets_written(chunk.text, patterns)
        if chunk.source is not Source.CODE or is_said(chunk, each.begin)
    ]
    if not written:
        return list(found)
    misread = {ticket_key(each.text) for each in written} - {each.key for each in written}
    others = [each for each in found if each.kind is not LinkKind.TICKET or each.target not in misread]
    return [
        *(Found(LinkKind.TICKET, each.key, line_of(chunk.text, each.begin), 1.0) for each in written),
        *others,
    ]


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
