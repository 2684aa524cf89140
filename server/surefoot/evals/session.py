"""One evaluation from its options: which cases, of which folders, and the facts of the run.

Invariant: whatever cannot be used is a UsageError before the first question.
"""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from surefoot.config import Settings
from surefoot.errors import UsageError
from surefoot.evals.corpora import Corpus, fetch, load_corpora
from surefoot.evals.result import to_result
from surefoot.evals.run import SUITES, Row, Run, run
from surefoot.evals.summary import latencies
from surefoot.golden import TEAM_FILE, Case, load_cases
from surefoot.syntax.languages import language_of

TEAM = "team"  # the split of a team's own cases


@dataclass(frozen=True, slots=True)
class Options:
    """What `surefoot eval run` was asked for. Without corpora, the cases are about the current folder."""

    cases: Sequence[Path] = ()
    corpora: Path | None = None
    folder: Path = Path()  # where the corpora are kept
    suites: tuple[str, ...] = SUITES
    splits: tuple[str, ...] = ()
    only: str = ""
    model: str = "none"
    ablated: tuple[str, ...] = ()
    embedder: str = ""  # a folder or a GGUF file; empty is what the settings say
    jobs: int = 1
    root: Path = field(default_factory=Path.cwd)


@dataclass(frozen=True, slots=True)
class Plan:
    """The chosen cases, the corpora by name, and the split of each case."""

    cases: tuple[Case, ...]
    corpora: dict[str, Corpus]

    def split(self, case: Case) -> str:
        """Where its corpus belongs: dev, test, or a team's own."""
        return self.corpora[case.roots[0]].split if case.corpus else TEAM

    def language(self, case: Case) -> str:
        """Its corpus' language, or that of the file which answers it."""
        if case.corpus:
            return self.corpora[case.roots[0]].language
        return language_of(case.places[0].path) if case.places else TEAM


def planned(options: Options) -> Plan:
    """Read the cases and the corpora, and keep what was asked for."""
    corpora = load_corpora(options.corpora) if options.corpora else {}
    cases = load_cases(options.cases or [options.root / TEAM_FILE])
    unknown = next((case for case in cases if case.corpus and not set(case.roots) <= corpora.keys()), None)
    if unknown is not None:
        raise UsageError(f"The case {unknown.id} is about '{unknown.corpus}', which the corpora file does not name.")
    plan = Plan(cases, corpora)
    wanted = tuple(
        case
        for case in cases
        if re.search(options.only, case.id) and (not options.splits or plan.split(case) in options.splits)
    )
    if not wanted:
        raise UsageError("No case is left to ask: --only or --split leaves all of them out.")
    return Plan(wanted, corpora)


def fetched(plan: Plan, folder: Path, advance: Callable[[str], None]) -> dict[str, Path]:
    """The sources of every corpus that a chosen case is about."""
    names = dict.fromkeys(name for case in plan.cases if case.corpus for name in case.roots)
    found = {}
    for name in names:
        advance(name)
        found[name] = fetch(plan.corpora[name], folder)
    return found


def evaluated(
    options: Options, plan: Plan, folders: dict[str, Path], settings: Settings, advance: Callable[[str], None]
) -> dict[str, Any]:
    """Run the plan; the result with its facts."""
    folders = folders or {"": options.root}
    asked = Run(plan.cases, folders, settings, options.suites, options.model, frozenset(options.ablated))
    rows = run(replace(asked, jobs=options.jobs, advance=advance))
    for case, row in zip(plan.cases, rows, strict=True):
        row.update(split=plan.split(case), language=plan.language(case))
    return to_result(rows, {**_facts(options), "latency": latencies(rows)})


def _facts(options: Options) -> dict[str, Any]:
    return {
        "commit": commit(options.root),
        "date": time.strftime("%Y-%m-%d"),
        "version": version("surefoot"),
        "suites": list(options.suites),
        "model": options.model,
        "ablated": list(options.ablated),
        **({"embedder": options.embedder} if options.embedder else {}),
    }


def commit(folder: Path) -> str:
    """The short id of the commit that is checked out, with a plus where the tree differs from it; else "none"."""
    try:
        asked = ["git", "-C", str(folder), "describe", "--always", "--dirty=+", "--abbrev=10", "--exclude", "*"]
        return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return "none"


__all__ = ["Options", "Plan", "Row", "commit", "evaluated", "fetched", "planned"]
