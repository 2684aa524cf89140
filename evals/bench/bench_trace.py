"""What tracing costs a warm search: the same questions with and without, interleaved, as the ratio of their medians.

    python evals/bench/bench_trace.py evals/.cache/corpora/httpx evals/.cache/corpora/django

`answer` is the time until the answer is there, and its ratio the one that counts: the trace is masked, saved and
exported behind it. `asking` is what the thread that asks computes until then, which a busy machine does not blur as it
does the times. `processor` is what all threads of the process compute for a question, until its trace is saved:
what somebody pays who asks without a pause. Each question is asked in every arm, in an order drawn anew, after the
last trace was saved and a short pause, as between two questions of a person. The third and fourth arm have an engine
of their own, with the JSON-lines exporter on.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one core, as in the targets

from surefoot.config import Settings
from surefoot.domain import Query
from surefoot.engine import Engine

QUESTIONS = (
    "where are redirects handled?",
    "how are cookies stored between requests?",
    "timeout of a connection",
    "parse the encoding of a response",
    "`Client.send`",
    "which error is raised for a bad header?",
    "where is the configuration read",
    "escape html in templates",
)
WARM_UP = 2
PAUSE = 0.003  # seconds
TARGET = 1.05


@dataclass(slots=True)
class Arm:
    """One way to ask, and its times in milliseconds per question."""

    name: str
    engine: Engine
    is_traced: bool
    answer: dict[str, list[float]] = field(default_factory=dict)
    asking: dict[str, list[float]] = field(default_factory=dict)
    processor: dict[str, list[float]] = field(default_factory=dict)

    def ask(self, question: str, *, counts: bool) -> None:
        """Ask, wait for the trace to be saved, note the times."""
        time.sleep(PAUSE)
        start, asking, computed = time.perf_counter(), time.thread_time(), time.process_time()
        self.engine.search(Query(question), traced=self.is_traced)
        answered, asked = time.perf_counter(), time.thread_time()
        self.engine.traces(0)  # waits until the trace is saved
        if counts:
            self.answer.setdefault(question, []).append((answered - start) * 1000)
            self.asking.setdefault(question, []).append((asked - asking) * 1000)
            self.processor.setdefault(question, []).append((time.process_time() - computed) * 1000)


def main() -> None:
    """Measure each corpus, print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, nargs="+")
    parser.add_argument("--rounds", type=int, default=100)
    arguments = parser.parse_args()
    print(f"{'corpus':10} {'arm':22} {'answer p50':>10} {'p95':>9} {'ratio':>6}", end=" ")
    print(f"{'asking':>9} {'ratio':>6} {'processor':>9} {'ratio':>6}")
    for corpus in arguments.corpus:
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            _report(corpus, _measured(corpus, Path(folder), stack, arguments.rounds))


def _measured(corpus: Path, folder: Path, stack: ExitStack, rounds: int) -> list[Arm]:
    plain = Settings(cache_dir=folder, model="none")
    exporting = plain.model_copy(update={"trace_export": str(folder / "spans.jsonl")})
    engines = [Engine.open([corpus], settings) for settings in (plain, exporting)]
    for engine in engines:
        stack.callback(engine.close)
    engines[0].refresh()
    arms = [
        Arm("untraced", engines[0], is_traced=False),
        Arm("traced", engines[0], is_traced=True),
        Arm("untraced", engines[1], is_traced=False),
        Arm("traced, JSON lines", engines[1], is_traced=True),
    ]
    draw = random.Random(7)
    for number in range(WARM_UP + rounds):
        for question in QUESTIONS:
            for arm in draw.sample(arms, len(arms)):
                arm.ask(question, counts=number >= WARM_UP)
    return arms


def _report(corpus: Path, arms: list[Arm]) -> None:
    worst = 0.0
    for number, arm in enumerate(arms):
        base = arms[number // 2 * 2]
        answers, asking, processor = (_all(times) for times in (arm.answer, arm.asking, arm.processor))
        ratio = _ratio(arm.answer, base.answer)
        worst = max(worst, ratio)
        p95, asked = answers[len(answers) * 95 // 100], _ratio(arm.asking, base.asking)
        print(
            f"{corpus.name:10} {arm.name:22} {statistics.median(answers):7.2f} ms {p95:6.2f} ms {ratio:6.3f}", end=" "
        )
        print(f"{statistics.median(asking):6.2f} ms {asked:6.3f} {statistics.median(processor):6.2f} ms", end=" ")
        print(f"{_ratio(arm.processor, base.processor):6.3f}")
    print(f"{corpus.name:10} {'within' if worst <= TARGET else 'OVER'} the target of {TARGET:.2f}\n")


def _all(times: dict[str, list[float]]) -> list[float]:
    return sorted(value for values in times.values() for value in values)


def _ratio(times: dict[str, list[float]], base: dict[str, list[float]]) -> float:
    """The median over the questions of the ratio of their medians: questions differ more than arms do."""
    return statistics.median(statistics.median(times[q]) / statistics.median(base[q]) for q in QUESTIONS)


if __name__ == "__main__":
    main()
