"""Records what a model writes about the dev projects, before it is checked, with the lines that it was shown.

    python evals/checks/drafts.py --model default --into DRAFTS [--minutes 9] [--projects httpx,fd]

One line of JSON per question: the draft as it came, and each source with its number, its place and its text. A run goes
on where the last one ended. `claims.py --drafts` counts what of it must not be shown.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from surefoot.answer import answerer
from surefoot.config import Settings
from surefoot.domain import Context, ContextItem, Query
from surefoot.engine import Engine
from surefoot.models.protocols import GenerationRequest
from surefoot.sources.labels import label_of

EVALS = Path(__file__).resolve().parents[1]
CODE = ("httpx", "fd", "fastify", "jansson", "leveldb", "viper", "jsoup", "structlog", "devise", "sabredav", "typebox",
        "coroutines")  # fmt: skip


def main() -> None:
    """Ask until the time is up."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="default")
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=9)
    parser.add_argument("--projects", default=",".join(CODE))
    arguments = parser.parse_args()
    known = {json.loads(line)["id"] for line in _lines(arguments.into)}
    until = time.monotonic() + 60 * arguments.minutes
    asked = [case for case in _cases(arguments.projects.split(",")) if case["id"] not in known]
    with tempfile.TemporaryDirectory() as cache, arguments.into.open("a", encoding="utf-8") as into:
        engines: dict[str, Engine] = {}
        caught = _catch()
        try:
            for case in asked:
                if time.monotonic() > until:
                    break
                _record(case, _engine(case["corpus"], engines, Path(cache)), arguments.model, caught, into)
        finally:
            for engine in engines.values():
                engine.close()


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _cases(projects: list[str]) -> Iterator[dict[str, Any]]:
    """One question of each project after the other, the last of each file first: those in plain words."""
    files = [map(json.loads, reversed(_lines(EVALS / "cases" / f"{project}.jsonl"))) for project in projects]
    return (case for case in chain.from_iterable(zip_longest(*files)) if case is not None)


def _engine(project: str, engines: dict[str, Engine], cache: Path) -> Engine:
    if project not in engines:
        root = EVALS / ".cache" / "corpora" / project
        settings = Settings(cache_dir=cache / project, models_dir=Settings().model_dir)
        engines[project] = Engine.open([root.resolve()], settings)
        engines[project].refresh()
    return engines[project]


def _catch() -> list[Context]:
    """What the model is shown, which the answer does not tell in full."""
    caught: list[Context] = []
    build = answerer.build_request

    def catching(question: str, context: Context, answer_tokens: int) -> GenerationRequest:
        caught.append(context)
        return build(question, context, answer_tokens)

    answerer.build_request = catching
    return caught


def _record(case: dict[str, Any], engine: Engine, model: str, caught: list[Context], into: Any) -> None:
    caught.clear()
    answer = engine.ask(Query(case["question"]), model=model)
    trace = engine.trace(answer.trace_id)
    stage = next((stage for stage in trace.stages if stage.name == "generate"), None)
    if stage is None or not caught:
        return
    line = {
        "id": case["id"],
        "project": case["corpus"],
        "question": case["question"],
        "model": str(stage.details["model"]),
        "draft": str(stage.details["draft"]),
        "sources": [{"number": item.number, **described(item)} for item in caught[0].items],
    }
    into.write(json.dumps(line, ensure_ascii=False) + "\n")
    into.flush()
    sys.stderr.write(f"{case['id']}: {line['draft']!r}\n")


def described(item: ContextItem) -> dict[str, Any]:
    """A source as the verification sees it."""
    chunk = item.chunk
    return {
        "path": item.span.path,
        "start": item.span.start,
        "end": item.span.end,
        "symbol": item.symbol,
        "language": chunk.language,
        "kind": chunk.kind.value,
        "source": chunk.source.value,
        "label": label_of(chunk),
        "text": item.text,
    }


if __name__ == "__main__":
    main()
