"""Which stage lost the right place: the question that a failure begins with.

Invariant: read off the trace alone, whose `observed` stages list the place of every candidate.
"""

from __future__ import annotations

from collections.abc import Sequence

from surefoot.evals.metrics import Shown
from surefoot.golden import ANSWERS, Case
from surefoot.trace import Trace

SHOWN = 5  # what people look at
RETRIEVERS = ("lexical", "vector", "symbol")
NEVER, IN_FUSE, IN_RERANK, IN_FLOOR, IN_FOCUS = "never retrieved", "fuse", "rerank", "floor", "focus"
NOT_REFUSED = "not refused"


def where_lost(case: Case, shown: Sequence[Shown], trace: Trace) -> str:
    """The stage after which no place that answers was among the first five; empty where one is shown."""
    if not case.answerable:
        return NOT_REFUSED if shown else ""
    if _has(case, shown[:SHOWN]):
        return ""
    listed = {stage.name: [Shown(*place) for place in stage.details.get("places", ())] for stage in trace.stages}
    if not any(_has(case, listed.get(name, ())) for name in RETRIEVERS):
        return NEVER
    if not _has(case, listed.get("fuse", ())):
        return IN_FUSE
    if not _has(case, listed.get("rerank", ())[:SHOWN]):
        return IN_RERANK
    return IN_FLOOR if not shown else IN_FOCUS


def _has(case: Case, shown: Sequence[Shown]) -> bool:
    return any(each.overlaps(place) for each in shown for place in case.places if place.grade == ANSWERS)
