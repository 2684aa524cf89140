"""`surefoot eval`: run a golden set, write its report, turn a question that went wrong into a case."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typer

from surefoot.cli.progress import CaseProgress
from surefoot.cli.render import counted, heading, table
from surefoot.cli.session import read_settings
from surefoot.cli.terminal import one_line, out, say
from surefoot.config import Settings
from surefoot.errors import UsageError
from surefoot.evals import gate as gates
from surefoot.evals.report import Report, markdown
from surefoot.evals.result import write_result
from surefoot.evals.run import SUITES
from surefoot.evals.session import Options, evaluated, fetched, planned
from surefoot.evals.summary import SHOWN_FIGURES, figures
from surefoot.results import links_lost, losses, read_result
from surefoot.retrieve.rerank import RULES, spread_over_files

ABLATABLE = frozenset(
    {"resolve", "parts", "lexical", "vector", "symbol", "place", "link", "flow", "rerank", "ranker", "floor", "focus"}
    | {spread_over_files.__name__}
) | {rule.__name__ for rule in RULES}


TRACES = 20_000  # kept of evaluations: each miss leads to its trace, for a dozen runs back


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where the result goes, and what it is held against."""

    out: Path | None = None
    gate: Path | None = None
    compare: Path | None = None


def options(
    where: tuple[Sequence[Path], Path | None, Path],
    suite: str = "all",
    splits: Sequence[str] = (),
    only: str = "",
    model: str = "none",
    ablated: Sequence[str] = (),
) -> Options:
    """From the options as they were typed. Raises UsageError."""
    if suite not in ("all", *SUITES):
        raise UsageError(f"There is no suite '{suite}'; there are {', '.join(SUITES)} and all.")
    unknown = next((name for name in ablated if name not in ABLATABLE), None)
    if unknown is not None:
        raise UsageError(f"'{unknown}' cannot be left out; these can: {', '.join(sorted(ABLATABLE))}.")
    try:
        re.compile(only)
    except re.error as error:
        raise UsageError(f"--only '{only}' is not a regular expression ({error}).") from error
    cases, corpora, folder = where
    suites = SUITES if suite == "all" else (suite,)
    return Options(cases, corpora, folder, suites, tuple(splits), only, model, tuple(ablated))


def run(options: Options, outputs: Outputs) -> None:
    """Ask every chosen case, print the tables; exit code 1 if the gate holds it back."""
    _need("ir_measures", "Measuring")
    gate = gates.load_gate(outputs.gate) if outputs.gate else None
    before = read_result(outputs.compare) if outputs.compare else None
    plan = planned(options)
    with CaseProgress("Fetching", len(plan.corpora)) as progress:
        folders = fetched(plan, options.folder, progress.show)
    with CaseProgress("Asking", len(plan.cases)) as progress:
        result = evaluated(options, plan, folders, _settings(options), progress.show)
    if outputs.out:
        write_result(outputs.out, result)
    _print(result, before)
    if gate is not None:
        _judge(gates.failures(gate, result["rows"]))


def _need(module: str, work: str) -> None:
    """Say how to get what is in the extra `evals`, before the work and not after it. Raises UsageError."""
    if find_spec(module) is None:
        raise UsageError(f"{work} needs {module}, which is not installed; run: pip install 'surefoot[evals]'.")


def _settings(options: Options) -> Settings:
    """Other people's projects are indexed beside their sources, and not among the user's own indexes."""
    settings = read_settings()
    if options.embedder:
        if not Path(options.embedder).expanduser().exists():
            raise UsageError(f"There is no embedder at {options.embedder}.")
        settings = settings.model_copy(update={"embedder": options.embedder})
    if options.corpora is None:
        return settings
    beside = (options.folder.parent / "surefoot").absolute()
    update = {"cache_dir": beside, "models_dir": settings.model_dir, "trace_keep": TRACES}
    return settings.model_copy(update=update)


def _print(result: Mapping[str, Any], before: Mapping[str, Any] | None) -> None:
    rows = result["rows"]
    for title, lost in (("right places", losses(rows)), ("links of chains", links_lost(rows))):
        if lost:
            heading(f"Where {title} are lost")
            table(
                (group, ", ".join(f"{stage} {count}" for stage, count in found.most_common()))
                for group, found in lost.items()
            )
    old = figures(before["rows"]) if before else {}
    heading("Figures" + (f", and what they were at {before['commit']}" if before else ""))
    groups = figures(rows)
    names = [
        *SHOWN_FIGURES[:1],
        "file_hit5",
        "span_hit5",
        "chain",
        "chain_share",
        "refused",
        "found",
        "half",
        "right_source",
        "right_product",
        "true_places",
    ]
    shown = [name for name in names if any(name in found for found in groups.values())]
    lines = [("", "cases", *shown)]
    for group, found in groups.items():
        if ".corpus." not in group and ".language." not in group:
            cells = (_cell(found.get(name), old.get(group, {}).get(name)) for name in shown)
            lines.append((group, str(max(each.cases for each in found.values())), *cells))
    table(lines)
    for row in rows:
        for problem in (*row.get("bad", ()), *row.get("answer", {}).get("bad", ())):
            out().print(one_line(f"{row['id']}: {problem}"), style="red")


def _cell(now: Any, old: Any) -> str:
    if now is None:
        return ""
    return f"{now.mean:.3f}" + (f" ({now.mean - old.mean:+.3f})" if old is not None else "")


def _judge(failures: Sequence[str]) -> None:
    for failure in failures:
        say(one_line(f"The gate holds this back: {failure}"))
    if failures:
        raise typer.Exit(1)
    out().print("The gate lets this pass.", style="green")


def fetch(options: Options) -> None:
    """Download every corpus that the cases are about."""
    plan = planned(options)
    with CaseProgress("Fetching", len(plan.corpora)) as progress:
        folders = fetched(plan, options.folder, progress.show)
    out().print(f"{counted(len(folders), 'project')} in {one_line(str(options.folder))}")


def report(result: Path, beside: Mapping[str, Sequence[Path]], answers: Path | None, page: Path) -> None:
    """Write the report and its plots; `beside` has the results of baselines, ablations and earlier versions.

    `answers` is the result of a model, for some of the same cases.
    """
    from surefoot.evals.plots import draw

    _need("matplotlib", "Drawing the plots")
    named = {kind: {path.stem: read_result(path) for path in paths} for kind, paths in beside.items()}
    whole = Report(read_result(result), **named, answers=read_result(answers) if answers else None)
    plots = draw(whole, page.parent / "plots")
    page.write_text(markdown(whole, [f"plots/{name}" for name in plots]), encoding="utf-8")
    out().print(one_line(str(page)))
