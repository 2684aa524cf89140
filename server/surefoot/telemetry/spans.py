"""From a trace to spans: one for the question, one below it for each stage.

Invariant: without `contents`, no text of a person, a file, a model or a path is in a span: names come from the lists
here or have to look like one, everything else is a number or a yes or no. `docs/telemetry.md` names every attribute.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from surefoot.trace import Stage, Trace

# Named as the generative-AI conventions of OpenTelemetry name them; a test compares them with the installed ones.
OPERATION = "gen_ai.operation.name"
WORKFLOW = "gen_ai.workflow.name"
PROVIDER = "gen_ai.provider.name"
REQUEST_MODEL = "gen_ai.request.model"
RESPONSE_MODEL = "gen_ai.response.model"
MAX_TOKENS = "gen_ai.request.max_tokens"
DIMENSIONS = "gen_ai.embeddings.dimension.count"
QUERY_TEXT = "gen_ai.retrieval.query.text"
DOCUMENTS = "gen_ai.retrieval.documents"
ERROR_TYPE = "error.type"

RETRIEVERS = frozenset({"lexical", "vector", "symbol", "place", "link"})
MOST_PLACES = 50
LONGEST_CONTENT = 8_000  # characters of one attribute

NAME = re.compile(r"[a-z][a-z_]{0,40}")
ERROR = re.compile(r"([A-Z][A-Za-z]{0,60})(?::|$)")
MODEL = re.compile(r"[\w.:+@-]{1,80}", re.ASCII)
OUTCOMES = (
    ("hits", re.compile(r"([\d,]+) hits?")),
    ("no match", re.compile(r"no match")),
    ("abstained", re.compile(r"abstained")),
    ("answered", re.compile(r"(?:llm|extractive), ([\d,]+) claims?")),
)

Value = str | bool | int | float | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SpanRecord:
    """One span, before it takes the form that a receiver or a file wants."""

    name: str
    trace_id: int
    span_id: int
    parent_id: int | None
    start_ns: int
    end_ns: int
    attributes: Mapping[str, Value]
    error: str = ""  # the class of what was raised


def spans_of(trace: Trace, *, contents: bool = False) -> tuple[SpanRecord, ...]:
    """The question's span, then those of its stages in their order."""
    number = _number(trace.trace_id, 16)
    root = _number(f"{trace.trace_id} root", 8)
    start = int(trace.started_at * 1e9)
    error = _error_in(trace.outcome)
    name = f"surefoot {_name(trace.kind)}"
    end = start + _ns(trace.milliseconds)
    spans = [SpanRecord(name, number, root, None, start, end, _of_question(trace, contents=contents), error)]
    for position, stage in enumerate(trace.stages):
        begin = start + _ns(stage.started_ms)
        spans.append(
            SpanRecord(
                _name(stage.name),
                number,
                _number(f"{trace.trace_id} {position}", 8),
                root,
                begin,
                begin + _ns(stage.milliseconds),
                _of_stage(stage, trace, contents=contents),
                _error_in(str(stage.details.get("error", ""))),
            )
        )
    return tuple(spans)


def _of_question(trace: Trace, *, contents: bool) -> dict[str, Value]:
    kind = _name(trace.kind)
    found: dict[str, Value] = {
        OPERATION: "retrieval" if kind == "search" else "invoke_workflow",
        "surefoot.trace_id": trace.trace_id if re.fullmatch(r"[0-9a-f]{1,64}", trace.trace_id) else "other",
        "surefoot.kind": kind,
        "surefoot.client": _name(trace.client) if trace.client else "",
        **_outcome(trace.outcome),
    }
    if kind != "search":
        found[WORKFLOW] = f"surefoot.{kind}"
    if error := _error_in(trace.outcome):
        found[ERROR_TYPE] = error
    if contents:
        found["surefoot.question"] = trace.question[:LONGEST_CONTENT]
        if kind == "search":
            found[QUERY_TEXT] = trace.question[:LONGEST_CONTENT]
    return found


def _outcome(outcome: str) -> dict[str, Value]:
    for name, pattern in OUTCOMES:
        if match := pattern.fullmatch(outcome):
            count = int(match[1].replace(",", "")) if match.groups() else 0
            number = {"hits": "surefoot.hits", "answered": "surefoot.claims"}.get(name)
            mode: dict[str, Value] = {"surefoot.mode": outcome.partition(",")[0]} if name == "answered" else {}
            return {"surefoot.outcome": name, **({number: count} if number else {}), **mode}
    return {"surefoot.outcome": "error" if _error_in(outcome) else "other"}


def _of_stage(stage: Stage, trace: Trace, *, contents: bool) -> dict[str, Value]:
    found: dict[str, Value] = {"surefoot.stage": _name(stage.name)}
    found |= {
        f"surefoot.count.{name}": value
        for name, value in stage.counts.items()
        if NAME.fullmatch(name) and math.isfinite(value)
    }
    found |= _facts(stage, trace)
    if error := _error_in(str(stage.details.get("error", ""))):
        found[ERROR_TYPE] = error
    return found | _contents(stage) if contents else found


def _facts(stage: Stage, trace: Trace) -> dict[str, Value]:
    """What a stage's details say in a word that is ours, or in a number."""
    details = stage.details
    if stage.name in RETRIEVERS:
        embedder = _embedder(str(trace.versions.get("embedder", ""))) if stage.name == "vector" else {}
        return {OPERATION: "retrieval", **embedder}
    if stage.name == "generate":
        return _of_generation(stage, trace)
    if stage.name == "floor" and isinstance(details.get("passed"), bool):
        return {"surefoot.floor.passed": details["passed"]}
    if stage.name == "verify" and "verdict" in details:
        is_supported = details["verdict"] == "supported"
        return {"surefoot.verify.supported": is_supported, "surefoot.verify.partly": bool(details.get("struck"))}
    return {}


def _of_generation(stage: Stage, trace: Trace) -> dict[str, Value]:
    wanted = str(trace.versions.get("model_wanted", ""))
    model = _model(stage.details.get("model") or trace.versions.get("model") or wanted)
    is_server = wanted.lower().startswith(("http://", "https://"))
    found: dict[str, Value] = {
        OPERATION: "chat",
        PROVIDER: "openai_compatible_server" if is_server else "llama_cpp",
        REQUEST_MODEL: model,
        RESPONSE_MODEL: model,
    }
    most = stage.details.get("max_tokens")
    return found | {MAX_TOKENS: most} if isinstance(most, int) else found


def _embedder(identity: str) -> dict[str, Value]:
    """The embedder's name and dimension, out of `name/dimension/hash`."""
    name, _, rest = identity.rpartition("/")[0].rpartition("/")
    return {REQUEST_MODEL: _model(name), **({DIMENSIONS: int(rest)} if rest.isdecimal() else {})}


def _contents(stage: Stage) -> dict[str, Value]:
    """The places that a stage found, chose or cited; never the texts that stand there."""
    details = stage.details
    found: dict[str, Value] = {}
    if ranking := _dictionaries(details.get("ranking")):
        scored = [{"id": str(entry.get("place", "")), "score": entry.get("score")} for entry in ranking]
        found[DOCUMENTS if stage.name in RETRIEVERS else "surefoot.ranking"] = json.dumps(scored, default=str)
    if items := _dictionaries(details.get("items")):
        found["surefoot.places"] = tuple(str(item.get("place", "")) for item in items)
    if isinstance(details.get("hits"), Sequence) and not isinstance(details["hits"], str):
        found["surefoot.places"] = tuple(
            str(hit.get("place", "") if isinstance(hit, Mapping) else hit)[:LONGEST_CONTENT]
            for hit in details["hits"][:MOST_PLACES]
        )
    if citations := _dictionaries(details.get("citations")):
        found["surefoot.citations"] = tuple(f"{c.get('place', '')} {c.get('verdict', '')}" for c in citations)
    return found


def _dictionaries(value: Any) -> list[Mapping[str, Any]]:
    entries: Iterable[Any] = value if isinstance(value, list | tuple) else ()
    return [entry for entry in entries if isinstance(entry, Mapping)][:MOST_PLACES]


def _name(text: str) -> str:
    return text if NAME.fullmatch(text) else "other"


def _model(value: Any) -> str:
    """A model's name: the last part of a path or an address, which may tell of a person or a host."""
    last = re.split(r"[/\\]", str(value or "").rstrip("/\\"))[-1].partition(" ")[0]
    return last if MODEL.fullmatch(last) else "other"


def _error_in(text: str) -> str:
    match = ERROR.match(text)
    return match[1] if match else ""


def _ns(milliseconds: float) -> int:
    return int(milliseconds * 1e6)


def _number(text: str, size: int) -> int:
    """An id of that many bytes which is the same each time, so that a trace sent twice is one trace."""
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:size], "big") or 1
