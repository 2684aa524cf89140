"""Operations of interfaces that a question names: `GET /orders/{id}`, or the path alone.

Invariant: a mention's text stands in the question and its targets stand in the index; an operation that nothing
describes or handles is no mention, and its words are looked for as any others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from surefoot.domain import Chunk, Link, LinkKind, Mention, MentionKind, Source
from surefoot.links.found import USED
from surefoot.links.operations import ANY, CONTINUED, operation, operation_keys
from surefoot.retrieve.class_routes import ClassRoutes
from surefoot.retrieve.root_index import RootIndex

MOST_OPERATIONS = 10  # of a question that are looked up
MOST_TARGETS = 8
MOST_NAMING = 60  # chunks that name the operation, of which the best are taken
LOOKED_AT = 20_000  # characters of the question

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
_WRITTEN = re.compile(rf"(?<![\w/.~-])(?:({'|'.join(METHODS)})[ \t]+)?(/[\w{{}}<>:$./*-]{{2,200}})", re.IGNORECASE)


def operation_mentions(text: str, roots: Sequence[RootIndex]) -> Iterator[Mention]:
    """The operations that a question names, each with what describes it, else with what handles it."""
    for match in list(_WRITTEN.finditer(text[:LOOKED_AT]))[:MOST_OPERATIONS]:
        keys = _keys(match[1] or "", match[2].rstrip(".:"))
        names = dict.fromkeys(name for index in roots for name in _names(index, keys)) if keys else {}
        if names:
            written = match[0].rstrip(".:")
            yield Mention(written, MentionKind.SYMBOL, tuple(names)[:MOST_TARGETS], is_code=True)


def _keys(method: str, path: str) -> list[str]:
    if method:
        return list(operation_keys(key)) if (key := operation(method, path)) else []
    return [key for each in (*METHODS, ANY) if (key := operation(each, path))]


def _names(index: RootIndex, keys: Sequence[str]) -> list[str]:
    """What the operation is called: as it is described, or the functions that handle it where nothing does."""
    found = index.store.naming(LinkKind.OPERATION, list(keys), MOST_NAMING)
    routes = ClassRoutes(index.store)
    longest = max(key.count("/") for key in keys)
    elsewhere = routes.elsewhere(found, [key for key in keys if key.count("/") == longest])
    found = [each for each in found if (each[0], each[1].line) not in elsewhere] + routes.handling(keys)
    place = {key: number for number, key in enumerate(keys)}
    ordered = sorted(found, key=lambda each: (place[each[1].target], -each[1].score))
    sure = [(number, link) for number, link in ordered if link.score > max(USED, CONTINUED)]
    chunks = index.store.chunks([number for number, _ in sure])
    described = [chunk.symbol for chunk in chunks.values() if _is_described(chunk)]
    return described or [name for number, link in sure if (name := _handler(index, chunks.get(number), link))]


def _handler(index: RootIndex, chunk: Chunk | None, link: Link) -> str:
    """The innermost definition at the line of the route, which stands above it or within."""
    if chunk is None:
        return ""
    line = chunk.span.start + link.line
    around = [each for each in index.store.symbols_within(chunk.span) if each.span.start <= line <= each.span.end]
    nearest = min(around, key=lambda symbol: symbol.span.end - symbol.span.start, default=None)
    return nearest.name if nearest is not None else chunk.symbol.rpartition(".")[2]


def _is_described(chunk: Chunk) -> bool:
    return chunk.source is Source.DESIGNS and chunk.symbol.partition(" ")[0] in METHODS
