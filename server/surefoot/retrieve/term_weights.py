"""How much each word of a question says: its inverse document frequency in the roots that are searched.

Invariant: a word that no indexed text contains weighs most, since its absence is what the user must be told.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from surefoot.domain import MentionKind, Resolved
from surefoot.retrieve.root_index import RootIndex
from surefoot.words import index_words

NAME_WEIGHT = 2.0  # a name in the question is what it is about: "Redis" in "how is the Redis cache invalidated?"


def weigh_terms(resolved: Resolved, roots: Sequence[RootIndex]) -> Resolved:
    """Count the question's terms in every root and weigh them."""
    chunks = sum(index.store.counts().chunks for index in roots)
    frequencies = dict.fromkeys(resolved.terms, 0)
    for index in roots:
        for term, count in index.store.document_frequency(resolved.terms).items():
            frequencies[term] += count
    names = {
        part
        for mention in resolved.mentions
        if mention.is_name and mention.kind not in (MentionKind.PATH, MentionKind.PLACE)
        for part in index_words(mention.text).split()
    }
    weights = {
        term: math.log(1 + (chunks + 1) / (count + 0.5)) * (NAME_WEIGHT if term in names else 1.0)
        for term, count in frequencies.items()
    }
    parts = _without_compounds(resolved.terms)
    telling = {term: weight for term, weight in weights.items() if term in parts}
    return replace(resolved, frequencies=frequencies, weights=telling, chunks=chunks)


def _without_compounds(terms: Iterable[str]) -> frozenset[str]:
    """A compound and its parts are one piece of information: the compound leaves its weight to the parts."""
    present = set(terms)
    return frozenset(term for term in present if not _is_compound_of(term, present - {term}))


def _is_compound_of(term: str, others: set[str]) -> bool:
    rest = term.replace("_", "")
    parts = sorted((other for other in others if other in rest), key=len, reverse=True)
    for part in parts:
        rest = rest.replace(part, "", 1)
    return len(parts) > 1 and not rest
