"""`search_code`: places in the shape of grep's output, each compared with its file just now.

Invariant: no match says what was searched and what comes nearest.
"""

from __future__ import annotations

from typing import Any

from surefoot import wire
from surefoot.mcp import arguments as given
from surefoot.mcp.asking import Asking
from surefoot.mcp.lean import Amount, Object, Shown, fitted, picked, state_line
from surefoot.mcp.text import (
    called,
    clipped,
    counted,
    excerpt,
    first_line_of,
    indented,
    joined,
    place,
    plain_json,
    sentences,
    shown,
)

SHOWN = ("path", "start_line", "end_line", "symbol", "kind", "source", "label", "url")
MOST_NEAR_MISSES = 5
MOST_NOTICES = 3


def search_code(asking: Asking, arguments: given.SearchCode) -> Shown:
    """The places that a query is about."""
    found = asking.engine.search(arguments.to_query(), cancel=asking.cancel, roots=asking.folders(arguments.roots))
    end = arguments.offset + arguments.k
    page = found.hits[arguments.offset : end]
    asking.tell(f"Evidence: {counted(len(page), 'place')} found.")
    more = end if len(found.hits) > end else None
    whole = wire.search_reply(found).to_object()
    whole["hits"] = whole["hits"][arguments.offset : end]
    verdicts = [asking.verdict(hit.root, hit.chunk.shown, hit.chunk.text, hit.chunk.symbol) for hit in page]
    state = asking.state(verdicts)
    listed = _Page(asking, arguments, whole, verdicts, state, more)
    if arguments.detail == "full":
        return listed.full()
    return fitted(len(page), listed.brief)


class _Page:
    """One page of hits, as much of it as fits."""

    def __init__(
        self,
        asking: Asking,
        arguments: given.SearchCode,
        whole: dict[str, Any],
        verdicts: list[str],
        state: Object,
        more: int | None,
    ) -> None:
        self.asking, self.arguments, self.whole = asking, arguments, whole
        self.verdicts, self.state, self.more = verdicts, state, more

    def full(self) -> Shown:
        """Everything that the engine knows of the hits."""
        hits = [{**hit, "verdict": verdict} for hit, verdict in zip(self.whole["hits"], self.verdicts, strict=True)]
        structured = {**self.whole, "hits": hits, "index": self.state}
        if self.more is not None:
            structured["next_offset"] = self.more
        entries = [self._entry(hit, Amount(len(hits), 10_000, 10_000)) for hit in self.whole["hits"]]
        return Shown(self._text(entries, self.more), structured, self.state)

    def brief(self, amount: Amount) -> Shown:
        """The hits with their most telling lines."""
        whole = self.whole["hits"][: amount.items]
        more = self.more if len(whole) == len(self.whole["hits"]) else self.arguments.offset + len(whole)
        hits = [self._lean(hit, verdict, amount) for hit, verdict in zip(whole, self.verdicts, strict=False)]
        structured = {
            "query": clipped(self.whole["query"], 200),
            **picked(self.whole, "trace_id"),
            "no_match": self.whole["no_match"],
            "hits": hits,
            "near_misses": sentences(self.whole["near_misses"], MOST_NEAR_MISSES, 120),
            "notices": sentences(self.whole["notices"], MOST_NOTICES),
            "index": self.state,
        }
        if more is not None:
            structured["next_offset"] = more
        return Shown(self._text([self._entry(hit, amount) for hit in whole], more), structured, self.state)

    def _lean(self, hit: dict[str, Any], verdict: str, amount: Amount) -> Object:
        kept = self.asking.with_root(picked(hit, *SHOWN), hit)
        return {**kept, "verdict": verdict, "excerpt": plain_json(self._lines(hit, amount))}

    def _lines(self, hit: dict[str, Any], amount: Amount) -> str:
        return excerpt(hit["text"], first_line_of(hit), amount.lines, amount.width, self.whole["query"])

    def _entry(self, hit: dict[str, Any], amount: Amount) -> str:
        where = called(hit, self._prefix(hit))
        if not hit["label"]:
            about = f" {shown(hit['symbol'])} ({hit['kind']})" if hit["symbol"] else ""
            where = f"{place(self._prefix(hit) + hit['path'], hit['start_line'], hit['end_line'])}:{about}"
        return joined([where, indented(self._lines(hit, amount))])

    def _prefix(self, hit: dict[str, Any]) -> str:
        return f"{hit['root']}/" if len(self.asking.engine.roots) > 1 else ""

    def _text(self, entries: list[str], more: int | None) -> str:
        head = "" if entries else self._nothing()
        onward = f"[there are more: offset {more}]" if more is not None else ""
        notices = sentences(self.whole["notices"], MOST_NOTICES)
        return joined([head, *entries, *notices, onward, state_line(self.state)])

    def _nothing(self) -> str:
        query = clipped(self.whole["query"], 200)
        if self.arguments.offset and not self.whole["no_match"]:
            return f'There are no further places for "{query}".'
        near = sentences(self.whole["near_misses"], MOST_NEAR_MISSES, 120)
        nearest = f" Nearest: {'; '.join(near)}." if near else ""
        return f'No match: nothing in {searched(self.arguments, self.state)} is about "{query}".{nearest}'


def searched(arguments: given.Scoped, state: Object) -> str:
    """What was looked at, in words."""
    limits = [clipped(text, 100) for text in (arguments.path, arguments.language) if text]
    limits += [arguments.source] if arguments.source != "all" else []
    limits += [clipped(root, 100) for root in arguments.roots[:3]]
    within = f" (only {', '.join(limits)})" if limits else ""
    return f"the {counted(state['files'], 'indexed file')}{within}"
