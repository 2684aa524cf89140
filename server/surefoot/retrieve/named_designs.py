"""Whether a question names something of a design: a table, an operation of an interface, a box of a drawing.

Who writes `hire_contract` asks about the design that has it, and about what it is in code, without a word like "table".

Invariant: reads the index and nothing else; only names that are spelt as code count, as a plain word is also a heading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from surefoot.domain import MentionKind, Resolved, Source, SymbolKind
from surefoot.retrieve.root_index import RootIndex

MOST_NAMES = 8  # of a question that are looked up
MOST_CHUNKS = 24  # that define them
RECORD = frozenset({SymbolKind.EVENT})  # a ticket or a decision, of which the question asks in any case


def with_named_designs(resolved: Resolved, roots: Sequence[RootIndex]) -> Resolved:
    """The question with the fact whether one of its names is defined in a design."""
    names = list(_names(resolved))[:MOST_NAMES]
    return replace(resolved, names_design=True) if any(_has(index, names) for index in roots) else resolved


def _names(resolved: Resolved) -> Iterator[str]:
    for mention in resolved.mentions:
        if mention.kind is MentionKind.SYMBOL and mention.is_code and mention.similarity == 1.0:
            yield from mention.targets


def _has(index: RootIndex, names: Sequence[str]) -> bool:
    if not names or not index.store.has_source(Source.DESIGNS):
        return False
    defined = (each for name in names for each in index.store.symbols(name))
    chunks = dict.fromkeys(chunk for symbol, chunk in defined if symbol.kind not in RECORD)
    found = index.store.chunks(list(chunks)[:MOST_CHUNKS])
    return any(chunk.source is Source.DESIGNS for chunk in found.values())
