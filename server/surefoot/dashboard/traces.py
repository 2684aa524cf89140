"""`/api/traces`, `/api/metrics`, `/api/report`: what was asked before, what became of it, and what was wrong about it.

Invariant: nothing here is computed that `surefoot trace` and the language server would not say too.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from surefoot import golden, wire
from surefoot.dashboard.replies import arguments, number, query_arguments

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp

    from surefoot.dashboard.dashboard import Dashboard
    from surefoot.engine import Engine
    from surefoot.trace import CancelToken

DAYS, MOST_DAYS = 30, 3650


async def list_traces(dashboard: Dashboard, request: Request) -> ASGIApp:
    """The latest that are wanted, newest first."""
    wanted = query_arguments(request, wire.TraceListArguments, numbers=("limit",))

    def run(engine: Engine, _cancel: CancelToken) -> wire.Reply:
        return wire.trace_list_reply(engine.traces(wanted.limit, wanted.to_filter()))

    return await dashboard.reply(request, run, settle=0.0)


async def trace(dashboard: Dashboard, request: Request) -> ASGIApp:
    """One of them, stage by stage."""
    trace_id = request.path_params["id"]
    return await dashboard.reply(request, lambda engine, _: wire.trace_reply(engine.trace(trace_id)), settle=0.0)


async def replay(dashboard: Dashboard, request: Request) -> ASGIApp:
    """The same question asked again, and what is different. It waits for saved files as a question does."""
    trace_id, asked = request.path_params["id"], await arguments(request, wire.ReplayArguments)

    def run(engine: Engine, cancel: CancelToken) -> wire.Reply:
        return wire.replay_reply(engine.replay(trace_id, asked.overrides, cancel=cancel))

    return await dashboard.reply(request, run, pool=dashboard.questions)


async def metrics(dashboard: Dashboard, request: Request) -> ASGIApp:
    """What the traces of the last days come to."""
    days = number(request, "days", DAYS, most=MOST_DAYS)
    return await dashboard.reply(request, lambda engine, _: wire.metrics_reply(engine.metrics(days)), settle=0.0)


async def report(dashboard: Dashboard, request: Request) -> ASGIApp:
    """A wrong answer becomes a case of the golden set."""
    asked = await arguments(request, wire.ReportArguments)
    places = [(Path(place.path), place.start_line, place.end_line) for place in asked.places]

    def run(engine: Engine, _cancel: CancelToken) -> wire.Reply:
        case, file = golden.report(engine, asked.trace_id, places, asked.note)
        return wire.ReportReply(case_id=case.id, file=str(file))

    return await dashboard.reply(request, run, settle=0.0)
