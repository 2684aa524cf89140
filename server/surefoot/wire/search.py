"""Hits, with the reasons why each is shown."""

from __future__ import annotations

from typing import Any

from surefoot.domain import (
    Hit,
    SearchResult,
    Source,
)
from surefoot.sources.labels import label_of, url_of
from surefoot.wire.base import Reply, Text
from surefoot.wire.status import DriftReply, drift_reply


class HitReply(Reply):
    """One found chunk. `retrievers` has its rank in each retriever that found it, `text` its lines as on disk."""

    path: Text
    start_line: int
    end_line: int
    symbol: Text
    kind: str
    source: str
    root: Text
    score: float
    retrievers: dict[str, int]
    text: Text
    language: str
    rules: dict[str, float]  # rerank rule -> its effect on the score
    why: list[str]  # the same as short phrases for people, the best reason first
    label: Text  # what people call the place, where that is not its path: "#123: Title (closed)"; else empty
    url: Text  # of a ticket, where its text tells one; else empty


def hit_reply(hit: Hit) -> HitReply:
    """One found chunk."""
    chunk = hit.chunk
    return HitReply(
        path=chunk.shown.path,
        start_line=chunk.shown.start,
        end_line=chunk.shown.end,
        symbol=chunk.symbol,
        kind=chunk.kind,
        source=chunk.source,
        root=str(hit.root.path),
        score=round(hit.score, 6),
        retrievers=dict(hit.retrievers),
        text=chunk.text,
        language=chunk.language,
        rules=dict(hit.rules),
        why=reasons(hit),
        label=label_of(chunk),
        url=url_of(chunk.text) if chunk.source is Source.TICKETS else "",
    )


# What a rerank rule's effect says for a hit from which size on, the most telling first; what moves a hit back is left
# to `rules`. A phrase has 25 characters at most: it stands in a side bar.
REASONS = (
    ("definition_of_mentioned_symbol", 1.01, "named in the question"),
    ("holds_repeated_words", 1.01, "has the words you quote"),
    ("query_words_in_symbol_name", 1.01, "name matches"),
    ("covers_the_question", 1.9, "most words match"),  # six tenths of them, by weight
    ("query_words_in_file_name", 1.01, "file name matches"),
)
FOUND_BY = {
    "symbol": "part of what is named",
    "lexical": "words match",
    "vector": "similar meaning",
    "link": "linked with what is asked",
    "flow": "part of the same flow",
}
_PLACE = "place asked about"  # the strongest reason there is
MOST_REASONS = 4
# A stronger reason, and the weaker ones that go without saying beside it.
_IMPLIED = {
    "named in the question": ("name matches", "part of what is named"),
    "most words match": ("words match",),
}
_EARLY = 20  # a retriever's further places are no reason by themselves, unless nothing else found the chunk


def reasons(hit: Hit) -> list[str]:
    """Why a hit is shown, in words that people understand, best reason first."""
    said = [_PLACE] if "place" in hit.retrievers else []
    said += [words for rule, least, words in REASONS if hit.rules.get(rule, 1.0) >= least]
    earliest = min(hit.retrievers.values(), default=0)
    for retriever, rank in sorted(hit.retrievers.items(), key=lambda item: item[1]):
        if retriever in FOUND_BY and rank <= max(_EARLY, earliest):
            said.append(FOUND_BY[retriever])
    implied = {words for strong, weak in _IMPLIED.items() if strong in said for words in weak}
    return [words for words in said if words not in implied][:MOST_REASONS]


class SearchReply(Reply):
    """`surefoot search --json`, and the LSP command `surefoot.search`."""

    query: Text
    trace_id: str  # empty where no trace is kept
    no_match: bool
    hits: list[HitReply]
    near_misses: list[Text]
    stages: dict[str, float]
    notices: list[Text]
    drift: DriftReply | None  # as last counted; null until then


def search_reply(result: SearchResult) -> SearchReply:
    """What a search found."""
    return SearchReply(**_search_fields(result))


def _search_fields(result: SearchResult) -> dict[str, Any]:
    return {
        "query": result.query,
        "trace_id": result.trace_id,
        "no_match": result.no_match,
        "hits": [hit_reply(hit) for hit in result.hits],
        "near_misses": list(result.near_misses),
        "stages": dict(result.stages),
        "notices": list(result.notices),
        "drift": drift_reply(result.drift),
    }


LineId = Text | int | float | None


class SearchLineReply(SearchReply):
    """One line of `surefoot search --jsonl`: a search reply with the caller's `id` and the whole time it took."""

    id: LineId
    ms: float


def search_line_reply(line_id: LineId, result: SearchResult, milliseconds: float) -> SearchLineReply:
    """The answer to one line."""
    return SearchLineReply(id=line_id, ms=round(milliseconds, 3), **_search_fields(result))


class LineErrorReply(Reply):
    """One line of `surefoot search --jsonl` that could not be answered. `id` is null where it was not readable."""

    id: LineId
    error: Text
