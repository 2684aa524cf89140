"""Routes of which a class has the beginning and its methods have the rest, which are chunks of their own.

So it is in Spring, JAX-RS, Nest and ASP.NET: `@RequestMapping("/orders")` above the class, `@GetMapping("/{id}")` above
the method. Links are made of one chunk; what belongs together is put together here.

Invariant: a method's route is below that of a class of its own file, or it is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from surefoot.domain import Link, LinkKind
from surefoot.links.operations import BELOW, CLASS, within_classes
from surefoot.store.database import IndexStore

MOST_CLASSES = 24  # that are looked into for one operation
MOST_CHUNKS = 60  # of a file that are looked at


def handled_in_classes(store: IndexStore, keys: Iterable[str]) -> list[tuple[int, Link]]:
    """The methods of classes that handle one of these operations: their chunks, each with the link that it would be."""
    rests = {key: within_classes(key) for key in keys if f" {BELOW}" not in key and " " in key}
    begins = list(dict.fromkeys(begin for of in rests.values() for begin in of))
    heads = store.naming(LinkKind.OPERATION, begins, MOST_CLASSES) if begins else []
    places = store.chunk_places([number for number, _ in heads])
    found: list[tuple[int, Link]] = []
    for number, head in heads:
        if number not in places:
            continue
        of_file = store.links_of(store.chunk_ids(places[number].span.path)[:MOST_CHUNKS])
        for key, of in rests.items():
            wanted = of.get(head.target, frozenset())
            found += [
                (other, replace(link, target=key)) for other, links in of_file.items() for link in links
                if link.kind is LinkKind.OPERATION and link.target in wanted
            ]  # fmt: skip
    return found


def with_classes(store: IndexStore, path: str, links: Sequence[Link]) -> list[Link]:
    """The links of a chunk, its routes put together with the beginning that its class has."""
    below = [link for link in links if link.kind is LinkKind.OPERATION and f" {BELOW}" in link.target]
    others = [link for link in links if not (link.kind is LinkKind.OPERATION and _is_half(link.target))]
    if not below:
        return others
    every = (link for of in store.links_of(store.chunk_ids(path)[:MOST_CHUNKS]).values() for link in of)
    begins = [link.target.removeprefix(f"{CLASS} ") for link in every if link.target.startswith(f"{CLASS} ")]
    if not begins:
        return others
    begin = max(begins, key=len)
    return [*others, *(replace(link, target=link.target.replace(f" {BELOW}", f" {begin}", 1)) for link in below)]


def _is_half(target: str) -> bool:
    return f" {BELOW}" in target or target.startswith(f"{CLASS} ")
