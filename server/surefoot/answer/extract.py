"""Extract stage: an answer without a model. What the best hits are, in their own words.

Invariant: every sentence is put together from a hit's own name, signature and documentation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from surefoot.domain import Chunk, Context, ContextItem, DraftClaim
from surefoot.words import chunk_stems, coverage

MOST_CLAIMS = 4
WORTH_SHOWING = 0.6  # of the best item's share of the question; below, an item is beside the point
LONGEST_SENTENCE = 240  # characters


def extract(context: Context, weights: Mapping[str, float]) -> list[DraftClaim]:
    """One claim per item that holds about as much of the question as the best one, in context order."""
    shares = [coverage(weights, chunk_stems(item.chunk)) for item in context.items]
    least = WORTH_SHOWING * max(shares, default=0.0)
    worth = [item for item, share in zip(context.items, shares, strict=True) if share >= least]
    return [DraftClaim(describe(item), (item.number,)) for item in worth[:MOST_CLAIMS]]


def describe(item: ContextItem) -> str:
    """A sentence about one place: its name, and its documentation's first sentence or else its signature."""
    chunk = item.chunk
    name = f"`{chunk.symbol}`" if chunk.symbol else item.span.path
    what = first_sentence(chunk.doc) or chunk.signature or _first_line(chunk)
    return f"{name}: {_shortened(what)}"


def first_sentence(doc: str) -> str:
    """The first sentence of a documentation text, white space folded."""
    paragraph = re.split(r"\n\s*\n", doc.strip(), maxsplit=1)[0]
    folded = " ".join(paragraph.split())
    match = re.match(r".+?[.!?](?=\s+[A-Z`(]|$)", folded)
    return match.group() if match else folded


def _first_line(chunk: Chunk) -> str:
    return next((line.strip() for line in chunk.text.split("\n") if line.strip()), "")


def _shortened(text: str) -> str:
    if len(text) <= LONGEST_SENTENCE:
        return text
    return re.sub(r"\S+$", "", text[: LONGEST_SENTENCE + 1]).rstrip() + " …"
