"""Runs the check for document drift over real projects, counts what it finds, and draws a sample to judge by hand.

    python evals/checks/docs.py [--split dev|test] [--only NAME ...] [--sample N --seed S]
    python evals/checks/docs.py --judged

The projects are those of `docs_projects.toml`, and some of the cases' own, as their authors published them. dev: the
rules were made with these before one's eyes; test: they were not. `docs_judged.jsonl` has one line for each finding
that somebody has looked at in its file.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from surefoot.config import Settings
from surefoot.domain import CheckedMention
from surefoot.engine import Engine
from surefoot.evals.corpora import Corpus, fetch, load_corpora
from surefoot.trace import CancelToken

HERE = Path(__file__).parent
PROJECTS = HERE / "docs_projects.toml"
CASES = HERE.parent / "corpora.toml"
OF_CASES = {
    **dict.fromkeys(("structlog", "httpx", "cobra", "viper", "fastify", "leveldb", "aiohttp", "rxjs"), "dev"),
    "django": "dev",
}
JUDGED = HERE / "docs_judged.jsonl"
CACHE = HERE.parent / ".cache"


@dataclass(frozen=True, slots=True)
class Finding:
    """One warning, and the line that it stands on."""

    split: str
    project: str
    path: str
    line: int
    what: str
    instead: str
    reason: str
    shown: str


def main() -> None:
    """Print the counts, and what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", choices=["dev", "test"])
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--judged", action="store_true", help="only tell what was judged")
    asked = parser.parse_args()
    if asked.judged:
        _tell_judged()
        return
    found: list[Finding] = []
    for name, corpus in projects().items():
        if (asked.only and name not in asked.only) or (asked.split and corpus.split != asked.split):
            continue
        root = fetch(corpus, CACHE / "corpora")
        documents, here = 0, []
        for here_found in findings(name, corpus.split, root):
            documents += 1
            here += here_found
        print(f"{name} ({corpus.split}): {documents:,} files, {len(here)} findings")
        found += here
    chosen = random.Random(asked.seed).sample(found, min(asked.sample or len(found), len(found)))
    for finding in sorted(chosen, key=lambda each: (each.project, each.path, each.line)):
        print(json.dumps(asdict(finding), ensure_ascii=False))
    print(f"{len(found)} findings, {len(chosen)} shown")


def projects() -> dict[str, Corpus]:
    """By name, those of the cases in our own parts."""
    known = load_corpora(CASES)
    return {name: replace(known[name], split=split) for name, split in OF_CASES.items()} | load_corpora(PROJECTS)


def findings(name: str, split: str, root: Path) -> Iterator[list[Finding]]:
    """What is found in each file of a project."""
    cache = CACHE / "docs" / name
    engine = Engine.open([root], Settings(cache_dir=cache, model="none", history_commits=0))
    try:
        engine.refresh()
        for _, path, text, mentions in engine.documents_drift((), CancelToken()):
            yield [_finding(name, split, path, text, mention) for mention in mentions]
    finally:
        engine.close()


def _finding(name: str, split: str, path: str, text: str, mention: CheckedMention) -> Finding:
    line = text.count("\n", 0, mention.start) + 1
    shown = text.split("\n")[line - 1].strip()[:200]
    return Finding(split, name, path, line, mention.text, mention.correction, mention.reason, shown)


def _tell_judged() -> None:
    rows = [json.loads(line) for line in JUDGED.read_text(encoding="utf-8").splitlines()]
    counts = Counter((row["sample"], row["verdict"]) for row in rows)
    for sample in dict.fromkeys(row["sample"] for row in rows):
        right, wrong = counts[sample, "right"], counts[sample, "wrong"]
        print(f"{sample}: {right} of {right + wrong} right ({100 * right / (right + wrong):.0f} %)")


if __name__ == "__main__":
    main()
