"""Which stage lost the right place: the question that a failure begins with.

Of questions that were asked in turn, a stage lost what it had in none of its runs; what ran before a question was asked
again counts for nothing.

Invariant: read off the trace alone, whose `observed` stages list the place of every candidate.
"""

from __future__ import annotations

from collections.abc import Sequence

from surefoot.evals.metrics import DEPTH, Shown, chain_links, link_shown
from surefoot.golden import ANSWERS, Case, Place
from surefoot.trace import Trace

SHOWN = 5  # what people look at
RETRIEVERS = ("lexical", "vector", "symbol", "link")
NEVER, IN_FUSE, IN_RERANK, IN_FLOOR, IN_FOCUS = "never retrieved", "fuse", "rerank", "floor", "focus"
NOT_REFUSED = "not refused"


def where_lost(case: Case, shown: Sequence[Shown], trace: Trace) -> str:
    """The stage after which no place that answers was among the first five; empty where one is shown."""
    if not case.answerable:
        return NOT_REFUSED if shown else ""
    wanted = [place for place in case.places if place.grade == ANSWERS]
    return "" if _has(wanted, shown[:SHOWN]) else _stage(wanted, shown, trace, SHOWN)


def where_links_lost(case: Case, shown: Sequence[Shown], trace: Trace) -> dict[str, str]:
    """For each link of the chain that is not among the first hits, the stage after which it was not."""
    lost = {}
    for key, places in chain_links(case).items():
        if not link_shown(places, shown):
            lost[" ".join(key).strip()] = _stage(places, shown, trace, DEPTH)
    return lost


def _stage(wanted: Sequence[Place], shown: Sequence[Shown], trace: Trace, depth: int) -> str:
    listed: dict[str, list[list[Shown]]] = {}
    for stage in trace.stages:
        if "asked_again" in stage.details:
            listed.clear()
        listed.setdefault(stage.name, []).append([Shown(*place) for place in stage.details.get("places", ())])
    if not any(_has(wanted, places) for name in RETRIEVERS for places in listed.get(name, ())):
        return NEVER
    if not any(_has(wanted, places) for places in listed.get("fuse", ())):
        return IN_FUSE
    if not any(_has(wanted, places[:depth]) for places in listed.get("rerank", ())):
        return IN_RERANK
    return IN_FLOOR if not shown else IN_FOCUS


def _has(wanted: Sequence[Place], shown: Sequence[Shown]) -> bool:
    return any(each.overlaps(place) for each in shown for place in wanted)
