"""`/api/quality`: what evaluations have found, over commits, and which cases the latest of them missed.

Invariant: a file that is not a result costs one word in the notice and nothing else.
"""

from __future__ import annotations

import statistics
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from surefoot import golden
from surefoot.dashboard import contract
from surefoot.dashboard.replies import json_reply
from surefoot.errors import SurefootError
from surefoot.results import Row, losses, read_result, values_by_group

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp

    from surefoot.dashboard.dashboard import Dashboard
    from surefoot.trace import CancelToken

FOLDERS = (Path("evals"), Path(".surefoot"))  # of a root; ours, and where a team keeps its own
RESULTS, CASES, THRESHOLDS = "results", ("cases", "cases.jsonl"), "thresholds.toml"
MOST_RUNS = 100  # the latest; a file has some hundred kilobytes
LARGEST_RESULT = 20_000_000  # bytes
MOST_MISSES = 500
NO_RESULTS = (
    "No evaluation has been kept here; `surefoot eval run --out .surefoot/results/NAME.json` keeps one, and questions "
    "reported as answered wrongly are its cases."
)
# What a row of no result is likely to lack, and what is made of numbers that are none.
ODD = (AttributeError, KeyError, TypeError, ValueError, ArithmeticError, RecursionError, OSError, SurefootError)


async def quality(dashboard: Dashboard, request: Request) -> ASGIApp:
    """All of it; read from files, so that no engine is needed."""

    def look(_cancel: CancelToken) -> str:
        return found_below(dashboard.roots).to_json()

    return json_reply(await dashboard.on_thread(request, dashboard.glances, look))


def found_below(roots: Sequence[Path]) -> contract.QualityReply:
    """The results of all roots, oldest first."""
    folders = [root / folder for root in roots for folder in FOLDERS]
    read, unread = _results(folders)
    notices = [f"{', '.join(sorted(unread))} cannot be read as a result and is left out."] if unread else []
    if not read:
        return contract.QualityReply(runs=[], misses=[], gate=None, notice=" ".join([NO_RESULTS, *notices]))
    rows = read[-1][1]["rows"]
    return contract.QualityReply(
        runs=[run for _, _, run in read],
        misses=list(_misses(rows, _questions(folders)))[:MOST_MISSES],
        gate=_gate(folders, rows),
        notice=" ".join(notices),
    )


Read = tuple[Path, dict[str, Any], contract.Run]


def _results(folders: Iterable[Path]) -> tuple[list[Read], list[str]]:
    """Each result with its figures, in the order of their days; and the names of files that are none."""
    read: list[Read] = []
    unread = []
    for path in _latest(folders):
        try:
            result = read_result(path)
            read.append((path, result, _run(path, result)))
        except ODD:
            unread.append(path.name)
    return sorted(read, key=lambda each: (each[2].when, each[0].stat().st_mtime_ns)), unread


def _latest(folders: Iterable[Path]) -> list[Path]:
    found = [path for folder in folders for path in (folder / RESULTS).glob("*.json")]
    files = [path for path in found if path.is_file() and path.stat().st_size <= LARGEST_RESULT]
    return sorted(files, key=lambda path: path.stat().st_mtime_ns)[-MOST_RUNS:]


def _run(path: Path, result: Mapping[str, Any]) -> contract.Run:
    rows = result["rows"]
    means = _means(rows)
    splits = {row["split"] for row in rows}
    buckets = {f"{row['split']}.{row['bucket']}" for row in rows}
    return contract.Run(
        name=path.stem,
        when=str(result.get("date", "")),
        commit=str(result.get("commit", "")),
        figures={group: found for group, found in means.items() if group in splits},
        buckets={group: found for group, found in means.items() if group in buckets},
        lost={group: dict(counted) for group, counted in losses(rows).items()},
    )


def _means(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """Group to metric to its mean."""
    means: dict[str, dict[str, float]] = {}
    for (group, name), values in values_by_group(rows).items():
        means.setdefault(group, {})[name] = round(statistics.fmean(values.values()), 4)
    return means


def _misses(rows: Iterable[Row], questions: Mapping[str, str]) -> Iterator[contract.Miss]:
    for row in rows:
        if row.get("lost_in"):
            yield contract.Miss(
                id=str(row["id"]),
                bucket=str(row["bucket"]),
                split=str(row["split"]),
                corpus=str(row["corpus"]),
                question=questions.get(row["id"], ""),
                lost_in=str(row["lost_in"]),
                trace_id=str(row.get("trace_id", "")),
                hits=[str(hit) for hit in row.get("hits", ())],
            )


def _questions(folders: Iterable[Path]) -> dict[str, str]:
    """Case to question: results leave them out. Cases that cannot be read leave their misses without."""
    questions: dict[str, str] = {}
    for path in (folder / name for folder in folders for name in CASES):
        try:
            questions |= {case.id: case.question for case in golden.load_cases([path])}
        except SurefootError:
            continue
    return questions


def _gate(folders: Iterable[Path], rows: Sequence[Row]) -> contract.Gate | None:
    """The floors of the first root that has some, held against the latest run."""
    path = next((folder / THRESHOLDS for folder in folders if (folder / THRESHOLDS).is_file()), None)
    if path is None:
        return None
    try:
        wanted = tomllib.loads(path.read_text(encoding="utf-8"))
        floors = list(_floors(wanted, _means(rows)))
    except ODD:
        return None
    return contract.Gate(file=str(path), passes=all(floor.passes for floor in floors), floors=floors)


def _floors(wanted: Mapping[str, Any], means: Mapping[str, Mapping[str, float]]) -> Iterator[contract.Floor]:
    for group, metrics in wanted.items():
        for name, least in metrics.items() if isinstance(metrics, Mapping) else ():
            value = means.get(group, {}).get(name)
            passes = value is not None and value >= least
            yield contract.Floor(group=group, metric=name, least=float(least), value=value, passes=passes)
