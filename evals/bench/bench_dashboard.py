"""Measures the dashboard over a real socket: `python evals/bench/bench_dashboard.py DIR [--cases FILE] [--files N]`.

The questions are those of the golden set about DIR (its folder's name is the corpus), asked over one connection as a
browser does. With --files, the coverage of a made-up project of so many files is measured too. DIR is only read.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from surefoot.golden import load_cases

CASES = Path(__file__).parents[1] / "cases"
TOKEN = "a-token-of-the-bench-0123456789"
POLL_SECONDS = 1.0  # a status counts everything against disk; asked more often, it would slow what it waits for
ROUNDS = 3  # each question is asked so often; the first round warms up and is told apart
COVERAGES = 5


def main() -> None:
    """Run the server and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cases", type=Path, default=CASES)
    parser.add_argument("--files", type=int, default=0)
    options = parser.parse_args()
    folder = options.folder.resolve()
    questions = [case.question for case in load_cases([options.cases]) if case.corpus == folder.name]
    print(f"{len(questions)} questions about {folder.name}")
    print(f"{'what':<52}{'median':>10}{'p95':>10}{'max':>10}    n")
    with serving(folder) as client:
        for name, times in searches(client, questions):
            row(name, times)
        row("GET /api/coverage", timed(lambda: client.get("/api/coverage"), COVERAGES))
        row("GET /api/status", timed(lambda: client.get("/api/status"), COVERAGES))
    if options.files:
        with (
            tempfile.TemporaryDirectory(prefix="surefoot-bench-") as made,
            serving(many(Path(made), options.files)) as client,
        ):
            row(f"GET /api/coverage of {options.files:,} files", timed(lambda: client.get("/api/coverage"), COVERAGES))
            print(f"{len(client.get('/api/coverage').content):,} bytes")


def searches(client: httpx.Client, questions: list[str]) -> Iterator[tuple[str, list[float]]]:
    """Each question as it is typed ahead, and as it is asked with Enter."""
    for what, traced in (("typed ahead", False), ("with its trace", True)):
        for number in range(ROUNDS):
            times, outside = [], []
            for question in questions:
                begin = time.perf_counter()
                reply = client.post("/api/search", json={"query": question, "trace": traced}).raise_for_status()
                times.append((time.perf_counter() - begin) * 1000)
                outside.append(times[-1] - sum(reply.json()["stages"].values()))
            yield f"POST /api/search, {what}, round {number + 1}", times
            yield "  of which outside the stages", outside


def timed(ask: Callable[[], httpx.Response], times: int) -> list[float]:
    """Milliseconds until the whole reply is here."""
    found = []
    for _ in range(times):
        begin = time.perf_counter()
        ask().raise_for_status()
        found.append((time.perf_counter() - begin) * 1000)
    return found


def row(name: str, milliseconds: list[float]) -> None:
    """One line of the table."""
    ordered = sorted(milliseconds)
    p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    print(
        f"{name:<52}{statistics.median(ordered):>8.1f}ms{p95:>8.1f}ms{ordered[-1]:>8.1f}ms {len(ordered):>4}",
        flush=True,
    )


@contextmanager
def serving(folder: Path) -> Iterator[httpx.Client]:
    """The real server over a folder, once everything is indexed; a cache of its own."""
    command = [sys.executable, "-m", "surefoot", "dashboard", "--no-browser", "--root", str(folder)]
    with tempfile.TemporaryDirectory(prefix="surefoot-bench-") as cache:
        own = {"SUREFOOT_CACHE_DIR": cache, "SUREFOOT_MODEL": "none", "SUREFOOT_DASHBOARD_TOKEN": TOKEN}
        process = subprocess.Popen(command, env={**os.environ, **own}, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            base = process.stdout.readline().partition("/#")[0]
            with httpx.Client(base_url=base, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=600) as client:
                while client.get("/api/status").json()["indexing"]:
                    time.sleep(POLL_SECONDS)
                yield client
        finally:
            process.terminate()
            process.wait()


def many(folder: Path, count: int) -> Path:
    """A project of so many small files, a hundred in each folder."""
    for number in range(count):
        path = folder / f"part_{number // 100}" / f"module_{number}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"def function_{number}(x):\n    return x + {number}\n")
    return folder


if __name__ == "__main__":
    main()
