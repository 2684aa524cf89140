"""`index_status` and `get_trace`: how much is indexed, and what happened to a question.

Invariant: only traces of questions about the folders of this workspace are told.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

from surefoot import wire
from surefoot.domain import TraceFilter, TraceSummary
from surefoot.errors import TraceNotFoundError, UsageError
from surefoot.mcp import arguments as given
from surefoot.mcp.asking import Asking
from surefoot.mcp.lean import Amount, Object, Shown, fitted, picked, state_line
from surefoot.mcp.text import clipped, counted, joined, shown
from surefoot.trace import Trace

MOST_LANGUAGES = 8
BATCH = 50  # traces looked through at a time
COUNTS = ("files", "symbols", "chunks", "drifted_chunks", "unindexed_files")


def index_status(asking: Asking, arguments: given.IndexStatus) -> Shown:
    """The state of the indexes, measured against the files now."""
    full = arguments.detail == "full"
    status = asking.engine.status(details=full)
    indexing = status.indexing or asking.is_indexing()
    whole = wire.status_reply(dataclasses.replace(status, indexing=indexing)).to_object()
    state = asking.state()
    if full:
        return Shown(_status_text(whole, Amount(1000, 1000, 1000), state), {**whole, "index": state}, state)
    return fitted(len(whole["roots"]), lambda amount: _brief_status(whole, amount, state))


def _brief_status(whole: dict[str, Any], amount: Amount, state: Object) -> Shown:
    structured: Object = {
        **{name: whole[name] for name in (*COUNTS, "model", "indexing", "measured_at")},
        "model_state": clipped(whole["model_state"], 200),
        "roots": [_brief_root(root, amount) for root in whole["roots"][: amount.items]],
        "index": state,
    }
    return Shown(_status_text(whole, amount, state), structured, state)


def _brief_root(root: dict[str, Any], amount: Amount) -> Object:
    languages = sorted(root["languages"].items(), key=lambda item: -item[1])[:MOST_LANGUAGES]
    return {
        **{name: root[name] for name in ("root", "name", *COUNTS)},
        "languages": dict(languages),
        "skipped": root["skipped"],
        "drifted_files": [clipped(path, amount.width) for path in root["drifted_files"][: amount.lines]],
        "failed": [_brief_failure(failure, amount) for failure in root["failed"][: amount.lines]],
    }


def _brief_failure(failure: dict[str, Any], amount: Amount) -> Object:
    return {"path": clipped(failure["path"], amount.width), "error": clipped(failure["error"], amount.width)}


def _status_text(whole: dict[str, Any], amount: Amount, state: Object) -> str:
    roots = whole["roots"][: amount.items]
    left_out = len(whole["roots"]) - len(roots)
    return joined(
        [
            *(_root_text(root, amount) for root in roots),
            f"[{counted(left_out, 'more folder')}]" if left_out else "",
            f"Model: {shown(whole['model'])}, {clipped(whole['model_state'], 200)}",
            state_line(state),
        ]
    )


def _root_text(root: dict[str, Any], amount: Amount) -> str:
    counts = f"{counted(root['files'], 'file')}, {counted(root['symbols'], 'symbol')}"
    drift = f"{root['drifted_chunks']} chunks drifted, {root['unindexed_files']} files not indexed yet"
    drifted = [clipped(path, amount.width) for path in root["drifted_files"][: amount.lines]]
    return joined(
        [
            f"{shown(root['root'])} ({shown(root['name'])}): {counts}; {drift}",
            f"  changed since: {', '.join(drifted)}" if drifted else "",
            *(
                f"  failed: {clipped(failure['path'], amount.width)}: {clipped(failure['error'], amount.width)}"
                for failure in root["failed"][: amount.lines]
            ),
        ]
    )


def get_trace(asking: Asking, arguments: given.GetTrace) -> Shown:
    """One trace, one stage of it, or the list of the latest."""
    if not arguments.trace_id:
        return _latest(asking, arguments)
    trace = trace_here(asking, arguments.trace_id)
    whole, state = wire.trace_reply(trace).to_object(), asking.state()
    if arguments.stage:
        return _one_stage(whole, arguments.stage, state)
    if arguments.detail == "full":
        return Shown(joined([_trace_text(whole, Amount(1000, 1, 1000)), state_line(state)]), whole, state)
    return fitted(len(whole["stages"]), lambda amount: _brief_trace(whole, amount, state))


def trace_here(asking: Asking, trace_id: str) -> Trace:
    """The trace, where it belongs to this workspace. Raises TraceNotFoundError."""
    # The same sentence for all: what was asked of other folders is not to be found out here.
    absent = TraceNotFoundError(
        f"There is no trace '{clipped(trace_id, 40)}', or not only one, of a question about this workspace; leave "
        "'trace_id' out to list the latest."
    )
    try:
        trace = asking.engine.trace(trace_id)
    except TraceNotFoundError:
        raise absent from None
    if not _is_about(trace.request, asking):
        raise absent
    return trace


def _is_about(request: Mapping[str, Any], asking: Asking) -> bool:
    """Whether a question was about folders of this workspace only; traces of earlier versions do not say."""
    asked = {Path(str(root)) for root in request.get("roots") or request.get("workspace") or ()}
    return bool(asked) and asked <= {root.path for root in asking.engine.roots}


def _one_stage(whole: dict[str, Any], name: str, state: Object) -> Shown:
    stages = [stage for stage in whole["stages"] if stage["name"] == name]
    if not stages:
        names = ", ".join(dict.fromkeys(stage["name"] for stage in whole["stages"]))
        raise UsageError(f"The trace has no stage '{clipped(name, 40)}'; it has {names or 'none'}.")
    structured = {**picked(whole, "trace_id", "kind", "question", "outcome"), "stages": stages, "index": state}
    lines = [f"{stage['name']}: {stage['milliseconds']} ms {shown(str(stage['counts']))}" for stage in stages]
    lines += [f"  {key}: {shown(str(value))}" for stage in stages for key, value in stage["details"].items()]
    return Shown(joined([*lines, state_line(state)]), structured, state)


def _brief_trace(whole: dict[str, Any], amount: Amount, state: Object) -> Shown:
    stages = [picked(stage, "name", "milliseconds", "counts") for stage in whole["stages"][: amount.items]]
    structured: Object = {
        **picked(whole, "trace_id", "kind", "client", "started_at", "milliseconds"),
        "question": clipped(whole["question"], 2 * amount.width),
        "outcome": clipped(whole["outcome"], 2 * amount.width),
        "stages": stages,
        "index": state,
    }
    return Shown(joined([_trace_text(whole, amount), state_line(state)]), structured, state)


def _trace_text(whole: dict[str, Any], amount: Amount) -> str:
    stages = [
        f"  {stage['name']}: {stage['milliseconds']:.1f} ms"
        + "".join(f", {shown(name)} {count:g}" for name, count in stage["counts"].items())
        for stage in whole["stages"][: amount.items]
    ]
    head = f"{whole['trace_id']} {whole['kind']}, {whole['milliseconds']:.0f} ms: {clipped(whole['outcome'], 300)}"
    return joined([head, f"  {clipped(whole['question'], 2 * amount.width)}", *stages])


def _latest(asking: Asking, arguments: given.GetTrace) -> Shown:
    wanted = arguments.offset + arguments.limit
    listed = list(islice(traces_here(asking), wanted + 1))
    page = listed[arguments.offset : wanted]
    more = wanted if len(listed) > wanted else None
    rows = wire.trace_list_reply(page).to_object()["traces"]
    state = asking.state()
    return fitted(len(rows), lambda amount: _brief_rows(rows[: amount.items], amount, state, more, arguments))


def traces_here(asking: Asking) -> Iterator[TraceSummary]:
    """The traces of this workspace, newest first."""
    before = ""
    # Each question drops the oldest: where one is gone meanwhile, so is what would follow it.
    with suppress(TraceNotFoundError):
        while rows := asking.engine.traces(BATCH, TraceFilter(before=before)):
            for row in rows:
                if _is_about(asking.engine.trace(row.trace_id).request, asking):
                    yield row
            before = rows[-1].trace_id


def _brief_rows(
    rows: list[dict[str, Any]], amount: Amount, state: Object, more: int | None, arguments: given.GetTrace
) -> Shown:
    onward = more if len(rows) == arguments.limit else (arguments.offset + len(rows) if more is not None else None)
    structured: Object = {"traces": [_brief_row(row, amount) for row in rows], "index": state}
    if onward is not None:
        structured["next_offset"] = onward
    lines = [
        f"{row['trace_id']} {row['kind']}, {row['milliseconds']:.0f} ms: {clipped(row['question'], amount.width)}"
        for row in rows
    ]
    none = "There is no trace yet; one is kept for each question." if not arguments.offset else "There are no further."
    ending = f"[there are more: offset {onward}]" if onward is not None else ""
    return Shown(joined([*(lines or [none]), ending, state_line(state)]), structured, state)


def _brief_row(row: dict[str, Any], amount: Amount) -> Object:
    kept = picked(row, "trace_id", "kind", "client", "started_at", "milliseconds")
    return {
        **kept,
        "question": clipped(row["question"], amount.width),
        "outcome": clipped(row["outcome"], amount.width),
    }
