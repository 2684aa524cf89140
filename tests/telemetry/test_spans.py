"""Traces as spans: what each span carries, and what none carries unless contents are asked for."""

import json
import re
from pathlib import Path

import pytest

from surefoot.telemetry import spans as module
from surefoot.telemetry.spans import SpanRecord, Value, spans_of
from surefoot.trace import Stage, Trace

DOCUMENT = Path(__file__).parents[2] / "docs" / "telemetry.md"
PRIVATE = "billing/ledger.py"  # whatever has this in it is a content


def answered() -> Trace:
    """One of an answer with everything that a trace may hold, private words in every place for texts."""
    places = [{"place": f"{PRIVATE}:3-9", "symbol": "Ledger.close", "score": 0.75, "root": f"/home/{PRIVATE}"}]
    struck = [{"text": PRIVATE, "reason": PRIVATE}]
    cited = [{"id": 1, "place": f"{PRIVATE}:3-9", "symbol": PRIVATE, "root": PRIVATE, "verdict": "valid"}]
    supported = {"claim": PRIVATE, "verdict": "supported", "citations": cited, "struck": struck}
    stages = [
        Stage("resolve", 0.0, 1.5, {"mentions": 2}, {"terms": {PRIVATE: 2.0}, "index": {"files": 3}}),
        Stage("lexical", 1.5, 2.0, {"found": 1}, {"ranking": places}),
        Stage("vector", 3.5, 2.0, {"found": 1}, {"ranking": places}),
        Stage("rerank", 6.0, 1.0, {}, {"ranking": places}),
        Stage("floor", 7.0, 0.5, {"coverage": 0.5, "similarity": float("nan")}, {"passed": True, "reason": PRIVATE}),
        Stage("focus", 7.5, 0.5, {}, {"hits": [f"{PRIVATE}:3-9 Ledger.close"]}),
        Stage("budget", 8.0, 0.5, {"items": 1, "tokens": 40}, {"items": [{**places[0], "text": PRIVATE}]}),
        Stage("prompt", 8.5, 0.5, {}, {"system": PRIVATE, "user": PRIVATE, "max_tokens": 320}),
        Stage(
            "generate", 9.0, 90.0, {"pieces": 30}, {"draft": PRIVATE, "model": "/home/me/qwen.gguf", "max_tokens": 9}
        ),
        Stage("cite", 20.0, 1.0, {}, {"citations": cited}),
        Stage("verify", 21.0, 1.0, {}, supported),
        Stage("verify", 22.0, 1.0, {}, {"claim": PRIVATE, "verdict": f"`{PRIVATE}` is not in [1]", "citations": []}),
        Stage("freshen", 23.0, 1.0, {PRIVATE: 1.0}, {"error": f"StoreError: {PRIVATE} is locked", "stale": [PRIVATE]}),
    ]
    versions = {"embedder": "surefoot-static/256/b84985bdea49282a", "model_wanted": f"/home/{PRIVATE}.gguf"}
    request = {"text": PRIVATE, "open_file": PRIVATE}
    return Trace("ask", f"who closes {PRIVATE}?", "0123456789ab", 1_700_000_000.0, stages, "llm, 1,001 claims", "mcp",
                 request, versions)  # fmt: skip


def named(found: tuple[SpanRecord, ...], name: str) -> dict[str, Value]:
    return dict(next(span.attributes for span in found if span.name == name))


def test_one_span_for_the_question_and_one_below_it_for_each_stage() -> None:
    root, *stages = spans_of(answered())
    assert (root.name, root.parent_id, root.error) == ("surefoot ask", None, "")
    assert [span.name for span in stages] == [stage.name for stage in answered().stages]
    assert {span.parent_id for span in stages} == {root.span_id}
    assert len({span.span_id for span in (root, *stages)}) == len(stages) + 1
    assert {span.trace_id for span in (root, *stages)} == {root.trace_id}


def test_times_are_those_of_the_stages() -> None:
    root, first, second, *_ = spans_of(answered())
    assert root.start_ns == first.start_ns == 1_700_000_000_000_000_000
    assert root.end_ns - root.start_ns == 99_000_000
    assert (second.start_ns - root.start_ns, second.end_ns - second.start_ns) == (1_500_000, 2_000_000)


def test_the_same_trace_has_the_same_ids_each_time() -> None:
    assert spans_of(answered()) == spans_of(answered())
    assert spans_of(answered())[0].trace_id != spans_of(Trace("ask", "?", "0123456789ac"))[0].trace_id


def test_the_question_says_how_it_ended_and_who_asked() -> None:
    attributes = spans_of(answered())[0].attributes
    assert attributes["surefoot.outcome"] == "answered"
    assert (attributes["surefoot.claims"], attributes["surefoot.mode"]) == (1001, "llm")
    assert (attributes["surefoot.client"], attributes["surefoot.trace_id"]) == ("mcp", "0123456789ab")
    assert (attributes["gen_ai.operation.name"], attributes["gen_ai.workflow.name"]) == (
        "invoke_workflow",
        "surefoot.ask",
    )


@pytest.mark.parametrize(
    ("outcome", "shown", "error"),
    [
        ("1 hit", "hits", ""),
        ("no match", "no match", ""),
        ("abstained", "abstained", ""),
        ("extractive, 1 claim", "answered", ""),
        (f"QueryError: {PRIVATE} is odd", "error", "QueryError"),
        ("KeyboardInterrupt: ", "error", "KeyboardInterrupt"),
        (f"{PRIVATE} happened", "other", ""),
        ("", "other", ""),
    ],
)
def test_of_an_error_only_the_class_is_told(outcome: str, shown: str, error: str) -> None:
    (span,) = spans_of(Trace("search", "?", outcome=outcome))
    assert (span.attributes["surefoot.outcome"], span.error, span.attributes.get("error.type", "")) == (
        shown,
        error,
        error,
    )


def test_stages_have_the_names_of_the_conventions_where_there_are_some() -> None:
    found = spans_of(answered())
    assert named(found, "lexical")["gen_ai.operation.name"] == "retrieval"
    vector = named(found, "vector")
    assert vector["gen_ai.request.model"] == "surefoot-static"
    assert vector["gen_ai.embeddings.dimension.count"] == 256
    generate = named(found, "generate")
    assert generate["gen_ai.operation.name"] == "chat"
    assert (generate["gen_ai.provider.name"], generate["gen_ai.request.model"]) == ("llama_cpp", "qwen.gguf")
    assert (generate["gen_ai.request.max_tokens"], generate["surefoot.count.pieces"]) == (9, 30)
    assert named(found, "floor") == {
        "surefoot.stage": "floor",
        "surefoot.count.coverage": 0.5,
        "surefoot.floor.passed": True,
    }
    assert [span.attributes["surefoot.verify.supported"] for span in found if span.name == "verify"] == [True, False]
    assert [span.attributes["surefoot.verify.partly"] for span in found if span.name == "verify"] == [True, False]
    assert next(span.error for span in found if span.name == "freshen") == "StoreError"


def test_the_names_are_those_of_the_installed_conventions() -> None:
    from opentelemetry.semconv._incubating.attributes import gen_ai_attributes  # noqa: PLC0415

    known = {value for name, value in vars(gen_ai_attributes).items() if name.startswith("GEN_AI_")}
    ours = {value for value in vars(module).values() if isinstance(value, str) and value.startswith("gen_ai.")}
    assert ours
    assert ours <= known
    operations = {value.value for value in gen_ai_attributes.GenAiOperationNameValues}
    assert {span.attributes.get("gen_ai.operation.name", "chat") for span in spans_of(answered())} <= operations


def test_without_contents_nothing_private_is_in_any_span() -> None:
    shown = repr(spans_of(answered()))
    for word in ("ledger", "Ledger", "billing", "/home", "closes", "3-9"):
        assert word not in shown


def test_what_does_not_look_like_a_name_is_told_as_other() -> None:
    odd = Trace(f"ask {PRIVATE}", "?", PRIVATE, client=PRIVATE, stages=[Stage(PRIVATE, 0.0, 1.0, {PRIVATE: 1.0})])
    odd.stages.append(Stage("generate", 0.0, 1.0, {}, {"model": f"{PRIVATE} of mine\n"}))
    odd.versions = {"model_wanted": "http://me:pw@host/v1?key=x"}
    root, stage, generate = spans_of(odd)
    assert (root.name, root.attributes["surefoot.client"], root.attributes["surefoot.trace_id"]) == (
        "surefoot other",
        "other",
        "other",
    )
    assert (stage.name, stage.attributes) == ("other", {"surefoot.stage": "other"})
    assert generate.attributes["gen_ai.provider.name"] == "openai_compatible_server"
    assert "billing" not in repr((root, stage, generate))


def test_contents_are_the_question_and_the_places_and_no_texts() -> None:
    root, *stages = spans_of(answered(), contents=True)
    assert root.attributes["surefoot.question"] == f"who closes {PRIVATE}?"
    found = tuple(stages)
    assert json.loads(str(named(found, "lexical")["gen_ai.retrieval.documents"])) == [
        {"id": f"{PRIVATE}:3-9", "score": 0.75}
    ]
    assert named(found, "focus")["surefoot.places"] == (f"{PRIVATE}:3-9 Ledger.close",)
    assert named(found, "budget")["surefoot.places"] == (f"{PRIVATE}:3-9",)
    assert named(found, "cite")["surefoot.citations"] == (f"{PRIVATE}:3-9 valid",)
    assert not {"surefoot.question", "surefoot.places"} & named(found, "prompt").keys()
    assert "/home" not in repr(found)


def test_details_of_other_shapes_do_no_harm() -> None:
    odd = Trace("search", "\udc80" * 9_000, stages=[Stage("rerank", 0.0, 1.0, {}, {"ranking": 7, "hits": "text"})])
    odd.stages.append(Stage("cite", 0.0, 1.0, {}, {"citations": [None, 3, {}], "items": {"a": 1}, "error": None}))
    root, *_ = spans_of(odd, contents=True)
    assert len(str(root.attributes["surefoot.question"])) == 8_000


def test_every_attribute_is_documented_and_nothing_else_is() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    search = Trace("search", "?", stages=answered().stages, outcome="2 hits", client="cli")
    error = Trace("search", "?", outcome="QueryError: odd")
    used = {
        re.sub(r"^surefoot\.count\..*", "surefoot.count.*", name)
        for trace in (answered(), search, error)
        for span in spans_of(trace, contents=True)
        for name in span.attributes
    }
    documented = set(re.findall(r"^\| `((?:surefoot|gen_ai|error)\.[a-z_.*]+)` \|", text, re.MULTILINE))
    assert documented == used
