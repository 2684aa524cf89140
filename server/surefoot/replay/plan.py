"""From a trace to the question that is asked again: as it was put, but for what is overridden.

Invariant: what a trace does not keep is never guessed; such a trace is refused in one sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from surefoot.config import Settings
from surefoot.domain import Query, Scope, Source
from surefoot.errors import UsageError
from surefoot.replay.options import Overrides, overridden
from surefoot.replay.record import INDEX_SETTINGS, KEPT_SETTINGS
from surefoot.retrieve.experiment import Experiment
from surefoot.trace import Trace

NONE = "none"  # as a model: the answer is drawn from the index alone
TOO_OLD = (
    "The trace {0} is of a version of Surefoot that kept too little to ask its question again; "
    "ask it anew, and replay the trace of that."
)


@dataclass(frozen=True, slots=True)
class Plan:
    """A question to be asked again."""

    kind: str  # "search", "ask" or "explain"
    query: Query
    roots: tuple[Path, ...]  # that it was limited to; none is the whole workspace
    workspace: tuple[Path, ...]
    model: str
    experiment: Experiment
    settings: Settings
    symbol: str = ""  # what an "explain" is about, by its qualified name
    file: Path | None = None  # and the file that defines it
    understood: str = ""  # what a question that refers back came to, should the one before it be gone
    added: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    sets_model: bool = False  # the model is not that of the trace


def planned(trace: Trace, settings: Settings, overrides: Sequence[str] = ()) -> Plan:
    """What to ask. A replay is asked again as it was, its own overrides first. Raises UsageError."""
    request = trace.request
    words = (*_texts(request.get("set")), *overrides)
    wanted = overridden(words)
    try:
        query = _query(request)
        plan = Plan(
            str(request.get("kind", trace.kind)),
            query,
            _paths(request["roots"]),
            _paths(request["workspace"]),
            _model(trace, wanted),
            Experiment(frozenset(_texts(trace.versions.get("ablated"))) - wanted.restored | wanted.ablated),
            settings.model_copy(update=_kept(trace) | dict(wanted.settings)),
            str(request.get("symbol") or ""),
            Path(request["file"]) if request.get("file") else None,
            str(request.get("understood") or ""),
            _texts(request.get("added")),
            words,
            sets_model=wanted.model is not None,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(TOO_OLD.format(trace.trace_id)) from error
    return _with(plan, wanted)


def as_planned(plan: Plan) -> dict[str, Any]:
    """The versions that the plan decides and not the settings of today."""
    kept = {name: getattr(plan.settings, name) for name in (*KEPT_SETTINGS, *INDEX_SETTINGS)}
    return {"settings": kept, "ablated": sorted(plan.experiment.ablated)}


def _query(request: dict[str, Any]) -> Query:
    scope = Scope(
        _texts(request["paths"]), _texts(request["languages"]), tuple(map(Source, _texts(request["sources"])))
    )
    opened = Path(request["open_file"]) if request["open_file"] else None
    return Query(str(request["text"]), scope, int(request["k"]), opened, request["after"])


def _with(plan: Plan, wanted: Overrides) -> Plan:
    query, scope = plan.query, plan.query.scope
    scope = replace(
        scope,
        paths=scope.paths if wanted.paths is None else wanted.paths,
        languages=scope.languages if wanted.languages is None else wanted.languages,
        sources=scope.sources if wanted.sources is None else wanted.sources,
    )
    query = replace(query, scope=scope, k=wanted.k or query.k)
    if wanted.open_file is not None:
        query = replace(query, open_file=Path(wanted.open_file) if wanted.open_file else None)
    if wanted.after is not None:
        plan = replace(plan, understood="", added=())
        query = replace(query, after=wanted.after or None)
    return replace(plan, query=query)


def _model(trace: Trace, wanted: Overrides) -> str:
    """The model of the trace where one wrote in it, or tried to."""
    if wanted.model is not None:
        return wanted.model
    wrote = any(stage.name in ("prompt", "generate") for stage in trace.stages)
    return str(trace.versions["model_wanted"]) if wrote else NONE


def _kept(trace: Trace) -> dict[str, int]:
    settings = trace.versions.get("settings", {})
    return {name: int(settings[name]) for name in KEPT_SETTINGS if name in settings}


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(map(str, values)) if isinstance(values, list | tuple) else ()


def _paths(values: Any) -> tuple[Path, ...]:
    return tuple(map(Path, _texts(values)))
