"""What others find for the same cases: `python evals/baselines.py --out evals/.cache/baselines`.

ripgrep      counts how often the question's words stand in each file, and shows the densest lines
semble       https://github.com/MinishLab/semble with its ranking rules, without its downloaded embedding model

Surefoot's own retrievers alone come from `surefoot eval run --ablate ...`; `make evals-report` runs all of them.

Invariant: every system sees the same files on disk and the same questions, and is scored by the same functions.
"""

from __future__ import annotations

import argparse
import math
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from surefoot.answer.budget import estimate_tokens
from surefoot.evals.metrics import DEPTH, Shown, ranking_figures
from surefoot.evals.placed import placed
from surefoot.evals.result import to_result, write_result
from surefoot.evals.session import Options, commit, fetched, planned
from surefoot.golden import Case
from surefoot.words import STOP_WORDS

HERE = Path(__file__).parent
WINDOW = 20  # lines that ripgrep's user reads around a dense spot
Ask = Callable[[str], list[Shown]]


def main() -> None:
    """Ask both systems every retrieval case of a single project, and write a result for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=HERE / ".cache" / "baselines")
    parser.add_argument("--into", type=Path, default=HERE / ".cache" / "corpora")
    options = parser.parse_args()
    plan = planned(Options([HERE / "cases"], HERE / "corpora.toml", options.into))
    cases = [case for case in plan.cases if not case.edits and len(case.roots) == 1 and case.answerable]
    folders = fetched(plan, options.into, lambda _: None)
    cases = [placed(case, folders) for case in cases]
    for name, opened in SYSTEMS.items():
        rankings, seconds = _asked(opened, cases, folders)
        figures = ranking_figures(cases, rankings)
        rows = [
            {
                "id": case.id, "corpus": case.corpus, "bucket": case.bucket, "answerable": True,
                "split": plan.split(case), "language": plan.language(case), "figures": figures[case.id],
                "hits": [asdict(hit) for hit in rankings[case.id]], "ms": round(seconds[case.id] * 1000, 3),
            }
            for case in cases
        ]  # fmt: skip
        facts = {"commit": commit(HERE), "date": time.strftime("%Y-%m-%d"), "model": "none", "system": name}
        write_result(options.out / f"{name}.json", to_result(rows, facts))
        print(f"{name}: {len(rows)} cases")


def _asked(
    opened: Callable[[Path], Ask], cases: list[Case], folders: dict[str, Path]
) -> tuple[dict[str, list[Shown]], dict[str, float]]:
    by_corpus: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        by_corpus[case.corpus].append(case)
    rankings, seconds = {}, {}
    for corpus, asked in by_corpus.items():
        ask = opened(folders[corpus])
        for case in asked:
            begin = time.perf_counter()
            rankings[case.id] = ask(case.question)[:DEPTH]
            seconds[case.id] = time.perf_counter() - begin
    return rankings, seconds


# --- ripgrep ---


def ripgrep(root: Path) -> Ask:
    """Files by how many different words of the question they hold, rare words first; then the densest lines."""
    program = shutil.which("rg")
    if program is None:
        sys.exit("The ripgrep baseline needs rg; install it, for example with: apt-get install ripgrep.")

    def ask(question: str) -> list[Shown]:
        words = [word for word in dict.fromkeys(re.findall(r"\w+", question.lower())) if word not in STOP_WORDS]
        found = {word: set(_matches(program, root, word)) for word in words if len(word) > 1}
        rarity = {word: math.log(1 + 1000 / (1 + len({path for path, _ in places}))) for word, places in found.items()}
        scores: Counter[str] = Counter()
        for word, places in found.items():
            for path in {path for path, _ in places}:
                scores[path] += rarity[word]
        best = sorted(scores, key=lambda path: (-scores[path], path))[:DEPTH]
        return [_densest(root, path, found, rarity) for path in best]

    return ask


def _matches(program: str, root: Path, word: str) -> Iterator[tuple[str, int]]:
    command = [
        program,
        "--no-heading",
        "--line-number",
        "--ignore-case",
        "--fixed-strings",
        "--max-count",
        "50",
        word,
        ".",
    ]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, errors="replace", check=False)
    for line in done.stdout.splitlines():
        if match := re.match(r"\./(.*?):(\d+):", line):
            yield match[1], int(match[2])


def _densest(root: Path, path: str, found: dict[str, set[tuple[str, int]]], rarity: dict[str, float]) -> Shown:
    at: dict[int, float] = defaultdict(float)
    for word, places in found.items():
        for place, line in places:
            if place == path:
                at[line] += rarity[word]
    middle = max(at, key=lambda line: (sum(at.get(line + step, 0.0) for step in range(-5, 6)), -line))
    lines = (root / path).read_text(encoding="utf-8", errors="replace").split("\n")
    start, end = max(1, middle - WINDOW // 2), min(len(lines), middle + WINDOW // 2)
    return Shown(root.name, path, start, end, estimate_tokens(["\n".join(lines[start - 1 : end])])[0])


# --- semble ---


def semble(root: Path) -> Ask:
    """Semble's BM25 and rules over code, docs and configuration; `alpha=0` gives its vectors no say."""
    import numpy as np
    from model2vec import StaticModel
    from semble import SembleIndex
    from semble.types import ContentType
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel

    with tempfile.TemporaryDirectory() as folder:
        tokenizer = Tokenizer(WordLevel({"[UNK]": 0, "[PAD]": 1}, unk_token="[UNK]"))
        StaticModel(np.ones((2, 8), np.float32), tokenizer).save_pretrained(folder)
        content = (ContentType.CODE, ContentType.DOCS, ContentType.CONFIG)
        index = SembleIndex.from_path(root, content=content, model_path=folder)

    def ask(question: str) -> list[Shown]:
        found: list[Any] = index.search(question, top_k=DEPTH, alpha=0.0)
        hits = [each.chunk for each in found]
        return [
            Shown(root.name, chunk.file_path, chunk.start_line, chunk.end_line, estimate_tokens([chunk.content])[0])
            for chunk in hits
        ]

    return ask


SYSTEMS: dict[str, Callable[[Path], Ask]] = {"ripgrep": ripgrep, "semble": semble}

if __name__ == "__main__":
    main()
