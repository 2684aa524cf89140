"""Lexical stage: BM25 over the split words of path, name, signature, documentation and body."""

from __future__ import annotations

from surefoot.domain import ChunkKey, Ranking, Resolved, Scope
from surefoot.retrieve.root_index import RootIndex

# Column weights of bm25(): a word in the name of a thing says more than the same word in its body.
COLUMN_WEIGHTS = (2.0, 4.0, 2.0, 1.5, 1.0)  # path, name, signature, doc, body

# A word that more than this share of all chunks contains ("self", "return") orders nothing and costs most of the
# time; it is left out as long as two rarer words remain.
COMMON_SHARE = 0.2
COMMON_CHUNKS = 2000  # or more than so many: FTS5 scores every chunk that holds a word, 1 ms for a thousand of them
FEWEST_TERMS = 2
MOST_TERMS = 24  # the rarest ones: a pasted stack trace has hundreds
# Chunks that hold nothing of the question but a word that is in so many say nothing, and are not looked at.
EVERYWHERE_CHUNKS = 20_000


def lexical(index: RootIndex, resolved: Resolved, scope: Scope, limit: int) -> Ranking:
    """The best chunks of one root by BM25."""
    rows: list[tuple[int, float]] = []
    for match in match_expressions(resolved):
        rows = index.store.lexical(match, scope, limit, COLUMN_WEIGHTS)
        if len(rows) >= limit:
            break
    return Ranking("lexical", tuple((ChunkKey(index.root.path, chunk_id), score) for chunk_id, score in rows))


def match_expressions(resolved: Resolved) -> tuple[str, ...]:
    """FTS5 expressions for any of the telling terms; a second is for where the first finds too little.

    Of two words that are common, chunks with both come first, and finding those alone leaves most chunks unscored.
    Each term is quoted, so that nothing in it is syntax.
    """
    known = [term for term in resolved.terms if resolved.frequencies.get(term, 0) > 0]
    known.sort(key=lambda term: resolved.frequencies[term])
    ceiling = min(COMMON_SHARE * resolved.chunks, COMMON_CHUNKS)
    telling = [term for term in known if resolved.frequencies[term] <= ceiling]
    if len(telling) >= FEWEST_TERMS or len(known) < FEWEST_TERMS:
        return tuple(filter(None, [" OR ".join(f'"{term}"' for term in (telling or known)[:MOST_TERMS])]))
    first, second = (f'"{term}"' for term in known[:FEWEST_TERMS])
    if not telling:
        return f"{first} AND {second}", f"{first} OR {second}"
    is_everywhere = resolved.frequencies[known[1]] > EVERYWHERE_CHUNKS
    return (f"{first} OR ({first} AND {second})" if is_everywhere else f"{first} OR {second}",)
