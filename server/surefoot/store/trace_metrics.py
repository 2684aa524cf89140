"""What the kept traces come to: how fast, how often without an answer, which stage failed.

Invariant: only the rows of `traces` are read, never the details of their stages; a row that makes no sense costs
itself and not the figures.
"""

# ruff: noqa: S608 - statements are put together from names in this file, values are bound
from __future__ import annotations

import json
import math
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import apsw

from surefoot.domain import Ending, Metrics, Percentiles, Tally
from surefoot.store.rows import rows
from surefoot.trace import WALK, Trace

DAY = 86_400  # seconds
SUPPORTED = "supported"  # the verdict of a claim that was shown, as the verify stage writes it

# Raised where the asker stops or goes away; Rich exits when the reader of its output has gone, as `| head` does.
STOPPED = ("Cancelled", "KeyboardInterrupt", "GeneratorExit", "SystemExit")
_STOPPED = " OR ".join(f"CAST(outcome AS TEXT) GLOB '{name}:*'" for name in STOPPED)
# An outcome in words begins with a small letter or a number; an error begins with its class.
ENDING = f"""
CASE WHEN {_STOPPED} THEN '{Ending.CANCELLED}'
WHEN CAST(outcome AS TEXT) GLOB '[A-Z]*:*' THEN '{Ending.FAILED}'
WHEN outcome IN ('abstained', 'no match') THEN '{Ending.ABSTAINED}'
ELSE '{Ending.ANSWERED}' END"""


@dataclass(frozen=True, slots=True)
class Facts:
    """What of a trace's stages the figures are made of."""

    claims: int
    partly: int
    withheld: int
    freshened: int
    failed_stages: tuple[str, ...]
    timings: dict[str, float]


def facts_of(trace: Trace) -> Facts:
    """Read off the stages, when the trace is saved."""
    verified = [stage.details for stage in trace.stages if "verdict" in stage.details]
    shown = [details for details in verified if details["verdict"] == SUPPORTED]
    partly = sum(bool(details.get("struck")) for details in shown)
    stale = [stage.details.get("stale") for stage in trace.stages if stage.name == "freshen"]
    files = {str(path) for paths in stale if isinstance(paths, Sequence) for path in paths}
    withheld = len(verified) - len(shown)
    return Facts(len(shown), partly, withheld, len(files), _failed_stages(trace), trace.timings())


def _failed_stages(trace: Trace) -> tuple[str, ...]:
    """The stages that raised, the innermost of those around each other; none for a question that was cancelled."""
    errors = {str(stage.details["error"]): stage.name for stage in trace.stages if "error" in stage.details}
    failed = [name for error, name in errors.items() if not error.startswith("Cancelled:")]
    return tuple(dict.fromkeys(failed))


@dataclass(frozen=True, slots=True)
class _Row:
    """One question as the figures see it."""

    kind: str
    client: str
    day: str
    milliseconds: float
    ending: str
    claims: int
    partly: int
    withheld: int
    freshened: int
    failed_stages: tuple[str, ...]
    timings: Mapping[str, float]


def metrics_since(connection: apsw.Connection, since: float, days: float) -> Metrics:
    """The figures of the questions asked since then."""
    found = rows(
        connection,
        f"SELECT kind, client, started_at, milliseconds, {ENDING}, claims, partly, withheld, freshened, "
        "failed_stages, timings FROM traces WHERE started_at >= ? AND kind <> 'replay' ORDER BY started_at",
        (since,),
    )
    asked = [row for values in found if (row := _row(values)) is not None]
    return Metrics(
        days,
        _tally("", asked),
        _stages(asked),
        _failures(asked),
        _tallies(asked, lambda row: row.client),
        _tallies(asked, lambda row: row.kind),
        _tallies(asked, lambda row: row.day),
        sum(row.freshened > 0 for row in asked),
    )


def _row(values: Sequence[Any]) -> _Row | None:
    kind, client, started_at, milliseconds, ending, claims, partly, withheld, freshened, failed, timings = values
    try:
        day = time.strftime("%Y-%m-%d", time.localtime(started_at))
        counts = int(claims), int(partly), int(withheld), int(freshened)
        return _Row(str(kind), str(client), day, float(milliseconds), ending, *counts, _names(failed), _times(timings))
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _names(text: Any) -> tuple[str, ...]:
    if text == "[]":  # of nearly all questions, and ten thousand of them are looked at
        return ()
    names = _loaded(text)
    return tuple(map(str, names)) if isinstance(names, list) else ()


def _times(text: Any) -> dict[str, float]:
    times = _loaded(text)
    if not isinstance(times, dict):
        return {}
    return {name: float(ms) for name, ms in times.items() if isinstance(ms, int | float) and math.isfinite(ms)}


def _loaded(text: Any) -> Any:
    try:
        return json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return None


def _stages(asked: Iterable[_Row]) -> dict[str, Percentiles]:
    """In the order of the walk; what is none of its stages comes last."""
    times: dict[str, list[float]] = defaultdict(list)
    for row in asked:
        for name, milliseconds in row.timings.items():
            times[name].append(milliseconds)
    ordered = sorted(times, key=lambda name: (WALK.index(name) if name in WALK else len(WALK), name))
    return {name: percentiles(times[name]) for name in ordered}


def _failures(asked: Iterable[_Row]) -> dict[str, int]:
    failed: Counter[str] = Counter()
    for row in asked:
        failed.update(row.failed_stages or ([""] if row.ending == Ending.FAILED else []))
    return dict(failed.most_common())


def _tallies(asked: Iterable[_Row], key: Callable[[_Row], str]) -> tuple[Tally, ...]:
    groups: dict[str, list[_Row]] = defaultdict(list)
    for row in asked:
        groups[key(row)].append(row)
    return tuple(_tally(name, group) for name, group in sorted(groups.items()))


def _tally(name: str, asked: Sequence[_Row]) -> Tally:
    endings = Counter(row.ending for row in asked)
    return Tally(
        name,
        len(asked),
        endings[Ending.ABSTAINED],
        endings[Ending.FAILED],
        sum(row.claims for row in asked),
        sum(row.partly for row in asked),
        sum(row.withheld for row in asked),
        sum(row.freshened for row in asked),
        percentiles([row.milliseconds for row in asked if math.isfinite(row.milliseconds)]),
    )


def percentiles(values: Sequence[float]) -> Percentiles:
    """By nearest rank: each is a time that was really taken."""
    if not values:
        return Percentiles(0, 0.0, 0.0)
    ordered = sorted(values)
    p50, p95 = (ordered[math.ceil(share * len(ordered)) - 1] for share in (0.5, 0.95))
    return Percentiles(len(ordered), p50, p95)
