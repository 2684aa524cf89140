"""What a kept explanation costs a hover: `python evals/bench/bench_hover.py DIR`.

The same places of DIR three times, one after the other in turn: with the model switched off, so that nothing is looked
for; with a model and nothing kept; and with a sentence kept of every symbol and the table full. No model is run.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from surefoot.answer.explain import key_of, to_keep
from surefoot.config import Settings
from surefoot.domain import Answer, AnswerMode, Citation, Claim, IndexState, SymbolInfo, Verdict
from surefoot.engine import Engine
from surefoot.store.explanations import MOST_KEPT

NAME = re.compile(r"\b(?:def|class|func|function|fn)\s+([A-Za-z_]\w{3,})")
SEED = 7  # the same places on every run
ROUNDS = 5
SENTENCE = "It does what the lines that are cited here show, and nothing else that could be said of it."
MODEL = "http://localhost:1"  # one that is never asked


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--places", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="surefoot-bench-") as cache:
        for name, times in measure(options.folder.resolve(), Path(cache), options.places):
            ordered = sorted(times)
            p95 = ordered[int(0.95 * len(ordered))]
            print(f"{name:<32}{statistics.median(ordered):>8.2f} ms{p95:>8.2f} ms  n={len(ordered)}")


def measure(folder: Path, cache: Path, count: int) -> list[tuple[str, list[float]]]:
    """Milliseconds of each hover, in the three ways."""
    off, on = opened(folder, cache / "a", "none"), opened(folder, cache / "a", MODEL)
    kept = opened(folder, cache / "b", MODEL)
    places = list(names_in(folder))
    random.Random(SEED).shuffle(places)
    infos = [(place, info) for place in places if (info := kept.hover(*place)) is not None][:count]
    fill(kept, [info for _, info in infos])
    ways = {"model off": off, "nothing kept": on, "kept, and the table full": kept}
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for place, _info in infos:
            for name, engine in ways.items():
                begin = time.perf_counter()
                info = engine.hover(*place)
                times[name].append((time.perf_counter() - begin) * 1000)
                if info is None or (info.explanation is not None) != (engine is kept):
                    raise SystemExit(f"{place} has {info}")
    return list(times.items())


def opened(folder: Path, cache: Path, model: str) -> Engine:
    """An indexed engine."""
    engine = Engine.open([folder], Settings(cache_dir=cache, model=model))
    engine.refresh()
    return engine


def names_in(folder: Path) -> Iterator[tuple[Path, int, int]]:
    """Places that have a name of a definition: path, line, column."""
    for path in sorted(folder.rglob("*.*")):
        if path.is_file() and not path.is_symlink() and path.stat().st_size < 200_000:
            for line, text in enumerate(path.read_text(encoding="utf-8", errors="replace").split("\n"), 1):
                if match := NAME.search(text):
                    yield path, line, match.start(1)


def fill(engine: Engine, infos: list[SymbolInfo]) -> None:
    """Keep a sentence of each symbol, and others until the table is full."""
    (index,) = engine._current().values()  # noqa: SLF001 - it keeps what no model has said
    written_by = engine._written_by(None)  # noqa: SLF001 - likewise
    with index.store.writing() as writer:
        for number in range(MOST_KEPT - len(infos)):
            writer.keep_explanation(f"{number:032x}", "other.py", SENTENCE * 2)
        for info in infos:
            symbol, lines = info.symbol, (info.root.path / info.symbol.span.path).read_text().split("\n")
            span = symbol.span
            text = "\n".join(lines[span.start - 1 : span.end])
            citation = Citation(1, info.root, span, symbol.qualified_name, Verdict.VALID, text)
            claim, state = Claim(SENTENCE, (1,)), IndexState(1, 1, indexing=False)
            answer = Answer("?", "", AnswerMode.LLM, "m", False, (claim,), (), (citation,), (), (), state, {})  # noqa: FBT003 - by position
            content = to_keep(answer, info.root, symbol, lines, datetime.now(UTC))
            writer.keep_explanation(key_of(symbol, lines, written_by), span.path, content)


if __name__ == "__main__":
    main()
