"""Traces, what they come to, and what a replay found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from surefoot.domain import (
    Change,
    Metrics,
    Percentiles,
    Tally,
    TraceSummary,
)
from surefoot.trace import Replay, Trace, asked_of
from surefoot.wire.base import Reply, Text, encodable


class TraceRow(Reply):
    """One row of the list of traces. `started_at` is seconds since the epoch."""

    trace_id: str
    kind: str
    question: Text
    started_at: float
    milliseconds: float
    outcome: Text
    client: Text  # "cli", "editor", "mcp", "dashboard" or "evals"; empty in traces of earlier versions
    roots: list[Text]  # the folders that it was asked of; none in traces of earlier versions


class TraceListReply(Reply):
    """`surefoot trace list --json`, and the LSP command `surefoot.trace` without an id."""

    traces: list[TraceRow]


def trace_list_reply(summaries: Iterable[TraceSummary]) -> TraceListReply:
    """The latest traces, newest first."""
    rows = (
        TraceRow(
            trace_id=row.trace_id,
            kind=row.kind,
            question=row.question,
            started_at=row.started_at,
            milliseconds=round(row.milliseconds, 3),
            outcome=row.outcome,
            client=row.client,
            roots=[str(root) for root in row.roots],
        )
        for row in summaries
    )
    return TraceListReply(traces=list(rows))


class StageReply(Reply):
    """One timed step. `counts` are numbers to plot, `details` whatever explains the outcome."""

    name: str
    started_ms: float
    milliseconds: float
    counts: dict[str, float]
    details: dict[str, Any]


class TraceReply(TraceRow):
    """`surefoot trace export ID`, and the LSP command `surefoot.trace` with an id.

    `request` is what `surefoot trace replay` asks again, `versions` of what the answer was made; both are empty in
    traces of earlier versions.
    """

    stages: list[StageReply]
    request: dict[str, Any]
    versions: dict[str, Any]


def trace_reply(trace: Trace) -> TraceReply:
    """One request, stage by stage."""
    return TraceReply(
        trace_id=trace.trace_id,
        kind=trace.kind,
        question=trace.question,
        started_at=trace.started_at,
        milliseconds=round(trace.milliseconds, 3),
        outcome=trace.outcome,
        client=trace.client,
        roots=[str(root) for root in asked_of(trace.request)],
        stages=[
            StageReply(
                name=stage.name,
                started_ms=round(stage.started_ms, 3),
                milliseconds=round(stage.milliseconds, 3),
                counts=stage.counts,
                details={name: _plain(value) for name, value in stage.details.items()},
            )
            for stage in trace.stages
        ],
        request={name: _plain(value) for name, value in trace.request.items()},
        versions={name: _plain(value) for name, value in trace.versions.items()},
    )


def _plain(value: object) -> object:
    """Details are written by many hands; whatever JSON has no word for is shown as its text."""
    if isinstance(value, Mapping):
        return {str(encodable(str(name))): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return encodable(str(value))


class ChangeReply(Reply):
    """One difference. `subject` is a place, a rule or a name; `before` and `after` are words for people."""

    kind: Literal["gone", "new", "moved", "lines", "text", "rule", "value"]
    subject: Text
    before: Text
    after: Text


class StageDifferenceReply(Reply):
    """What one stage made otherwise. `follows_from` names the earlier stages that explain it, none for a cause."""

    stage: str
    is_cause: bool
    reason: Text
    follows_from: list[str]
    changes: list[ChangeReply]


class ReplayReply(Reply):
    """`surefoot trace replay --json`: a question asked again. `first_difference` is empty where nothing differs.

    `after_id` is the trace of the replay, empty where none is kept.
    """

    before_id: str
    after_id: str
    kind: str  # of the question that was asked again
    question: Text
    before_outcome: Text
    after_outcome: Text
    first_difference: str
    causes: list[str]
    conditions: list[ChangeReply]  # versions, settings, index and files that are others now
    stages: list[StageDifferenceReply]


def replay_reply(replay: Replay) -> ReplayReply:
    """A question that was asked again, and what came out otherwise."""
    return ReplayReply(
        before_id=replay.before.trace_id,
        after_id=replay.after.trace_id,
        kind=replay.before.kind,
        question=replay.before.question,
        before_outcome=replay.before.outcome,
        after_outcome=replay.after.outcome,
        first_difference=replay.first_difference,
        causes=list(replay.causes),
        conditions=_changes(replay.conditions),
        stages=[
            StageDifferenceReply(
                stage=difference.stage,
                is_cause=difference.is_cause,
                reason=difference.reason,
                follows_from=list(difference.follows_from),
                changes=_changes(difference.changes),
            )
            for difference in replay.stages
        ],
    )


def _changes(changes: Iterable[Change]) -> list[ChangeReply]:
    return [
        ChangeReply(kind=change.kind.value, subject=change.subject, before=change.before, after=change.after)
        for change in changes
    ]


class PercentilesReply(Reply):
    """Milliseconds that half (`p50`) and nearly all (`p95`) stayed within, of `count`."""

    count: int
    p50: float
    p95: float


class TallyReply(Reply):
    """The questions of one day (`name` is "2026-01-31"), client or kind; of all, where the name is empty."""

    name: Text
    questions: int
    abstained: int
    failed: int
    claims: int  # that were shown
    partly: int  # of those, the ones with an end struck out
    withheld: int
    freshened: int  # files that had changed and were re-indexed for a question
    whole: PercentilesReply


class MetricsReply(Reply):
    """`surefoot trace stats --json`: what the kept traces of the last `days` come to, replays left out."""

    days: float
    all: TallyReply
    questions_per_day: float
    abstention_rate: float
    withheld_rate: float
    questions_with_drift: int
    stages: dict[str, PercentilesReply]
    failures: dict[str, int]  # stage -> how often it failed; "" is before the first stage
    by_client: list[TallyReply]
    by_kind: list[TallyReply]
    by_day: list[TallyReply]


def metrics_reply(metrics: Metrics) -> MetricsReply:
    """The figures of the last days."""
    return MetricsReply(
        days=metrics.days,
        all=_tally(metrics.all),
        questions_per_day=round(metrics.questions_per_day, 3),
        abstention_rate=round(metrics.abstention_rate, 4),
        withheld_rate=round(metrics.withheld_rate, 4),
        questions_with_drift=metrics.questions_with_drift,
        stages={name: _percentiles(percentiles) for name, percentiles in metrics.stages.items()},
        failures=dict(metrics.failures),
        by_client=[_tally(tally) for tally in metrics.by_client],
        by_kind=[_tally(tally) for tally in metrics.by_kind],
        by_day=[_tally(tally) for tally in metrics.by_day],
    )


def _percentiles(percentiles: Percentiles) -> PercentilesReply:
    return PercentilesReply(count=percentiles.count, p50=round(percentiles.p50, 3), p95=round(percentiles.p95, 3))


def _tally(tally: Tally) -> TallyReply:
    return TallyReply(
        name=tally.name,
        questions=tally.questions,
        abstained=tally.abstained,
        failed=tally.failed,
        claims=tally.claims,
        partly=tally.partly,
        withheld=tally.withheld,
        freshened=tally.freshened,
        whole=_percentiles(tally.whole),
    )
