"""`surefoot trace`: the latest questions, one of them as a waterfall, or as JSON."""

from __future__ import annotations

import json as json_format
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.text import Text

from surefoot import wire
from surefoot.cli.render import heading, table
from surefoot.cli.session import opened
from surefoot.cli.terminal import one_line, out, print_json
from surefoot.domain import ALL_TRACES, COMMIT, TraceFilter, TraceSummary, is_commit
from surefoot.readings.commits import NAME_DIGITS
from surefoot.trace import Stage, Trace, asked_of

BAR_WIDTH = 32  # leaves room for a name, a time and the counts on 80 columns
OUTCOME_WIDTH = 32  # the reason of a failure is as long as it likes, and `show` has it
DETAIL_WIDTH = 160  # a line or two of a terminal; `export` has the whole


def list_traces(limit: int, wanted: TraceFilter = ALL_TRACES, *, json: bool) -> None:
    """The latest questions that are wanted, newest first."""
    with opened(()) as engine:
        summaries = engine.traces(limit, wanted)
    if json:
        print_json(wire.trace_list_reply(summaries))
    elif not summaries:
        none = "No question has been asked yet." if wanted == ALL_TRACES else "No question that is kept is like that."
        out().print(none)
    else:
        folders = _folders(summaries)
        table(
            (
                (
                    row.trace_id,
                    time.strftime("%Y-%m-%d %H:%M", time.localtime(row.started_at)),
                    row.kind,
                    row.client,
                    f"{row.milliseconds:,.0f} ms",
                    _cut(row.outcome, OUTCOME_WIDTH),
                    ", ".join(folders[root] for root in row.roots),
                    row.question,
                )
                for row in summaries
            ),
            indent="",
        )


def _folders(summaries: Sequence[TraceSummary]) -> dict[Path, str]:
    """What each folder is called: by its name, or by its whole path where another one has the same name."""
    every = {root for row in summaries for root in row.roots}
    counts = Counter(root.name for root in every)
    return {root: root.name if counts[root.name] == 1 and root.name else str(root) for root in every}


def export(trace_id: str) -> None:
    """One trace as JSON."""
    with opened(()) as engine:
        print_json(wire.trace_reply(engine.trace(trace_id)))


def show(trace_id: str) -> None:
    """One trace as a waterfall."""
    with opened(()) as engine:
        trace = engine.trace(trace_id)
    heading(one_line(f"{trace.kind} {trace.trace_id}: {trace.question}"))
    started = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(trace.started_at))
    asked_by = f", asked by {trace.client}" if trace.client else ""
    out().print(one_line(f"{started}{asked_by}, {trace.milliseconds:,.1f} ms, {trace.outcome}"), style="dim")
    if folders := asked_of(trace.request):
        out().print(one_line(f"asked of {', '.join(map(str, folders))}"), style="dim")
    if trace.request.get("of"):
        out().print(one_line(f"a replay of {trace.request['of']}"), style="dim")
    width = max((len(stage.name) for stage in trace.stages), default=0)
    for stage in trace.stages:
        _print_stage(stage, trace, width)


def _print_stage(stage: Stage, trace: Trace, width: int) -> None:
    counts = "  ".join(f"{name} {value:g}" for name, value in stage.counts.items())
    out().print(
        Text.assemble(
            (f"{one_line(stage.name):<{width}}", "bold"),
            f" {stage.milliseconds:>9,.1f} ms ",
            (_bar(stage, trace.milliseconds), "cyan"),
            f" {one_line(counts)}",
        )
    )
    for name, value in stage.details.items():
        said = one_line(f"{name}: {_told(value)}")
        out().print(f"    {_cut(said, DETAIL_WIDTH)}", style="dim")


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 3]}..."


def _bar(stage: Stage, whole: float) -> str:
    """Where in the whole time the stage lies; even the shortest one shows."""
    scale = BAR_WIDTH / whole if whole else 0.0
    start = min(int(stage.started_ms * scale), BAR_WIDTH - 1)
    length = max(1, min(round(stage.milliseconds * scale), BAR_WIDTH - start))
    block = "█" if out().encoding.lower().startswith("utf") else "#"
    return (" " * start + block * length).ljust(BAR_WIDTH)


def _told(value: object) -> str:
    if isinstance(value, list) and value and all(isinstance(entry, dict) and "place" in entry for entry in value):
        return ", ".join(_told_place(entry) for entry in value)
    return value if isinstance(value, str) else json_format.dumps(value, ensure_ascii=False, default=str)


def _where(entry: Mapping[str, Any]) -> str:
    """The place as it can be opened: a line of the file for what is read in it, and a commit by its digits."""
    place = str(entry["place"])
    path = place.rpartition(":")[0]
    if is_commit(path):
        return f"commit {path.removeprefix(COMMIT)[:NAME_DIGITS]}"
    return f"{path}:{entry['line']}" if "line" in entry else place


def _told_place(entry: Mapping[str, Any]) -> str:
    """`path:12-30 symbol 0.52`, or why it was dropped; the rest is in the export."""
    parts = (_where(entry), entry.get("symbol"), entry.get("score"), entry.get("verdict"), entry.get("reason"))
    return " ".join(str(part) for part in parts if part not in (None, ""))
