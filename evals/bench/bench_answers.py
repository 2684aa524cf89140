"""Measures how long an answer of a language model takes (`python evals/bench/bench_answers.py`).

Twelve dev questions are asked of their indexed projects as an editor would ask them. Measured are the times to the
first hit, to the first and the last checked sentence and to the end, and the tokens. The target of a question is what
reading its sources and writing a sentence takes at the rates that were known before it; a first question, which is not
counted, measures them. Then the first word of one question is waited for in three ways: in a fresh process with
nothing kept, in a fresh process with the beginning of the prompt in a file, and as a second question.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from measured import print_table, since, spread, write

from surefoot.answer.prompt import EXAMPLES
from surefoot.config import Settings
from surefoot.domain import AnswerEvent, ClaimVerified, Evidence, Query
from surefoot.engine import Engine
from surefoot.evals.corpora import fetch, load_corpora
from surefoot.golden import Case, load_cases
from surefoot.models.llama import LlamaGenerator
from surefoot.models.open import open_generator
from surefoot.models.protocols import GenerationRequest
from surefoot.models.rates import FOLDER, ModelState
from surefoot.trace import CancelToken, Trace

EVALS = Path(__file__).parent.parent
CORPORA = ("structlog", "httpx", "fastify", "viper")  # dev, of four languages
EACH = 3  # questions
BUCKETS = ("symbol", "conceptual", "flow")
FIRST_WORDS = 4  # tokens that are written where only the first is waited for


def main() -> None:
    """Ask, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="default")
    parser.add_argument("--corpora", nargs="+", default=CORPORA)
    parser.add_argument("--each", type=int, default=EACH, help="questions of each project")
    parser.add_argument("--into", type=Path, default=EVALS / ".cache" / "corpora", help="where the projects are kept")
    parser.add_argument("--json", type=Path, help="where the result is written")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as cache_dir:
        settings = Settings(cache_dir=Path(cache_dir), models_dir=Settings().model_dir, model=options.model)
        rows, requests = asked(options, settings)
        print_table(rows)
        counted = summary(rows)
        print_table(counted)
        waits = first_words(requests[:2], settings)
        print_table(waits)
    write(options.json, "answers", {"model": options.model, "questions": rows, "summary": counted, "waits": waits})


# --- questions ---------------------------------------------------------------------------------------------------


def asked(options: argparse.Namespace, settings: Settings) -> tuple[list[dict[str, Any]], list[GenerationRequest]]:
    """A row for each question, and what the model was sent."""
    rows: list[dict[str, Any]] = []
    requests: list[GenerationRequest] = []
    is_first = True
    for name in options.corpora:
        corpus = load_corpora(EVALS / "corpora.toml")[name]
        if corpus.split != "dev":
            raise SystemExit(f"{name} is no dev corpus.")
        one_more, *cases = reversed(chosen(load_cases([EVALS / "cases" / f"{name}.jsonl"]), options.each + 1))
        with closing(Engine.open([fetch(corpus, options.into)], settings, client="evals")) as engine:
            engine.refresh()
            engine.search(Query("warm up"))  # vectors and names are in memory, as in an editor
            for case in [one_more, *cases] if is_first else cases:
                row, request = timed(case, engine)
                rows += [] if is_first else [row]
                print(*row.values(), sep="  ", flush=True)  # an hour may pass until the table comes
                requests += [request] if request else []
                is_first = False
    return rows, requests


def chosen(cases: Sequence[Case], each: int) -> list[Case]:
    """Some cases of every kind in turn, always the same."""
    kinds = [
        [case for case in cases if case.bucket == bucket and case.answerable and not case.edits] for bucket in BUCKETS
    ]
    found = [kind[turn] for turn in range(each) for kind in kinds if turn < len(kind)]
    return found[:each]


def timed(case: Case, engine: Engine) -> tuple[dict[str, Any], GenerationRequest | None]:
    """One question: when its evidence and its sentences came."""
    seen: dict[str, list[float]] = {"hits": [], "claims": []}
    begin = time.perf_counter()

    def note(event: AnswerEvent) -> None:
        if isinstance(event, Evidence | ClaimVerified):
            seen["hits" if isinstance(event, Evidence) else "claims"].append(since(begin))

    answer = engine.ask(Query(case.question), on_event=note)
    whole = since(begin)
    trace = engine.trace(answer.trace_id)
    generated, budget = stage(trace, "generate"), stage(trace, "budget")
    expected = budget.details.get("allowed", {}).get("expected_seconds", 0.0) if budget else 0.0
    by_model = answer.mode.value == "llm" and bool(seen["claims"])
    first = seen["claims"][0] / 1000 if by_model else None
    row = {
        "case": case.id,
        "first hit ms": round(seen["hits"][0], 1),
        "first claim s": round(first, 2) if first else "",
        "last claim s": round(seen["claims"][-1] / 1000, 2) if by_model else "",
        "whole s": round(whole / 1000, 2),
        "target s": expected or "",
        "ratio": round(first / expected, 2) if first and expected else "",
        "allowed": budget.counts["budget"] if budget else "",
        "prompt": generated.counts.get("prompt_tokens", "") if generated else "",
        "reused": generated.counts.get("reused_tokens", "") if generated else "",
        "written": generated.counts.get("answer_tokens", "") if generated else "",
        "claims": len(answer.claims),
        "mode": answer.mode.value,
        "load": round(os.getloadavg()[0], 1),
    }
    return row, request_of(trace)


def stage(trace: Trace, name: str) -> Any:
    """The first stage of that name: where a model failed or said nothing, there is a second budget."""
    return next((each for each in trace.stages if each.name == name), None)


def request_of(trace: Trace) -> GenerationRequest | None:
    """What the model was sent."""
    prompt = stage(trace, "prompt")
    if prompt is None:
        return None
    details = prompt.details
    return GenerationRequest(details["system"], details["user"], details["grammar"], FIRST_WORDS, EXAMPLES)


def summary(rows: Sequence[dict[str, Any]]) -> list[dict[str, object]]:
    """Median and p95 of each figure, over the questions that have it."""
    figures = ("first hit ms", "first claim s", "last claim s", "whole s", "target s", "ratio", "prompt", "written")
    told = []
    for name in figures:
        values = [float(row[name]) for row in rows if row[name] != ""]
        if values:
            found = spread(values)
            told.append({"figure": name, "p50": found["median"], "p95": found["p95"], "n": len(values)})
    return told


# --- the first word ----------------------------------------------------------------------------------------------


def first_words(requests: Sequence[GenerationRequest], settings: Settings) -> list[dict[str, object]]:
    """Seconds to the first piece, the process's start included."""
    one, other = requests
    with tempfile.TemporaryDirectory() as folder:
        alone = settings.model_copy(update={"cache_dir": Path(folder), "models_dir": settings.model_dir})
        rows = []
        for ways in (("nothing kept", one), ("second question", other)), (("beginning in a file", one),):
            generator = open_generator(alone)
            if not isinstance(generator, LlamaGenerator):
                raise SystemExit("Only a model that runs here is measured.")
            known = ModelState(settings.cache_dir / FOLDER, generator.path).tuning()
            ModelState(alone.cache_dir / FOLDER, generator.path).keep_tuning(known)  # how it runs, and nothing else
            for way, request in ways:
                rows.append(waited(way, request, generator))
            generator.close()
    cold = rows[0]["seconds"]
    return [row | {"times faster": round(cold / row["seconds"], 2)} for row in rows]


def waited(way: str, request: GenerationRequest, generator: LlamaGenerator) -> dict[str, Any]:
    """One row: how long, and what was evaluated."""
    begin = time.perf_counter()
    pieces = generator.generate(replace(request), CancelToken())
    next(pieces)
    seconds = time.perf_counter() - begin
    for _ in pieces:
        pass
    usage = generator.last_usage
    return {
        "way": way,
        "seconds": round(seconds, 2),
        "prompt": usage.prompt_tokens,
        "reused": usage.reused_tokens,
        "from a file": usage.restored_tokens,
        "load": round(os.getloadavg()[0], 1),
    }


if __name__ == "__main__":
    main()
