"""The report: tables in Markdown.

Invariant: every number comes from a result file; dev and test are never put together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from surefoot.evals.metrics import Estimate
from surefoot.evals.summary import SHOWN_FIGURES, figures
from surefoot.evals.ways import in_three_ways, times_table, ways_table
from surefoot.results import links_lost, losses

SPLITS = ("dev", "test")
STAGES = ("never retrieved", "fuse", "rerank", "floor", "focus", "not refused")
MISSING_FIGURES = ("abstained", "listed", "spared")
CLAIM_FIGURES = ("right_source", "valid_citations", "whole_claims")
ANSWER_FIGURES = ("answered", *CLAIM_FIGURES, *MISSING_FIGURES, "right_product", "true_places")
HALF_FIGURES = ("half", "half_found", "half_named", "half_spared")
WORST = 25  # cases that still lose, by name
EXPLANATIONS = (
    "Constants are tuned on **dev** alone; **test** is only reported.",
    "File level counts the first hit of each file, span level each labelled place once.",
    "In parentheses stand 95 % bootstrap intervals over the cases.",
    "`make evals` measures anew and checks the gate, `make evals-report` writes this page.",
)
Result = Mapping[str, Any]
Table = list[list[str]]


@dataclass(frozen=True, slots=True)
class Report:
    """The result of this version, and what it is set beside: baselines, ablations, earlier versions, each by name."""

    result: Result
    baselines: Mapping[str, Result]
    ablations: Mapping[str, Result]
    history: Mapping[str, Result]
    answers: Result | None = None  # of a model, for some of the same cases


def markdown(report: Report, plots: Sequence[str] = ()) -> str:
    """The whole report as Markdown, one sentence per line."""
    result = report.result
    author = "extractive" if result["model"] == "none" else f"by {result['model']}"
    head = (
        "# What Surefoot finds, and what it does not",
        "",
        f"Measured at {result['commit']} on {result['date']}: {len(result['rows'])} cases, answers {author}.",
        *EXPLANATIONS,
    )
    return "\n".join([*head, "", *_body(report), *(line for plot in plots for line in ("", f"![]({plot})"))]) + "\n"


def _body(report: Report) -> Iterator[str]:
    rows = report.result["rows"]
    estimates = figures(rows)
    yield from _section("Where right places are lost", _loss_table(rows, losses(rows)))
    yield from _section("Where links of chains are lost", _loss_table(rows, links_lost(rows)))
    for split in SPLITS:
        yield from _section(f"Retrieval, {split}", _figure_table(split, estimates, SHOWN_FIGURES))
        yield from _section(
            f"Refusing and answering, {split}", _figure_table(split, estimates, ("refused", "found", *ANSWER_FIGURES))
        )
    for split in SPLITS:
        yield from _section(f"Answerable by half, {split}", _figure_table(split, half_only(estimates), HALF_FIGURES))
    for split in SPLITS:
        compared = {"Surefoot": report.result, **report.baselines}
        yield from _section(f"Beside others, {split}, symbol + conceptual + flow", _compared(split, compared))
    for split in SPLITS[:1]:
        compared = {"all": report.result, **report.ablations}
        yield from _section(f"One stage or rule left out, {split}", _compared(split, compared))
        yield from _section(
            f"One stage or rule left out, {split}, ticket + design", _compared(split, compared, "chained")
        )
    if report.answers is not None:
        yield from _of_model(report.answers, report.result)
    yield from _section("Milliseconds per question", _latency_table(report.result))
    yield from _section("What still loses, test", _worst(rows))


def _of_model(answers: Result, result: Result) -> Iterator[str]:
    """What a model adds to an answer, and what checking takes from it."""
    about = f"the model '{answers['model']}' at {answers['commit']}"
    for split in SPLITS:
        ways = in_three_ways(answers["rows"], result["rows"], split)
        yield from _section(f"Answers in three ways, {split}, {about}", ways_table(ways))
    yield from _section("How long the model's answers take", times_table(answers["rows"]))


def half_only(estimates: Mapping[str, Mapping[str, Estimate]]) -> dict[str, Mapping[str, Estimate]]:
    """The buckets of questions of which one half is answerable: in wider groups they would be told twice."""
    return {group: found for group, found in estimates.items() if group.endswith(".half")}


def _section(title: str, table: Table) -> Iterator[str]:
    if len(table) > 1:
        yield from (f"## {title}", "", *_lines(table), "")


def _lines(table: Table) -> Iterator[str]:
    head, *rest = table
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    yield from ("| " + " | ".join(row) + " |" for row in rest)


def _loss_table(rows: Sequence[Any], lost: Mapping[str, Mapping[str, int]]) -> Table:
    table = [["bucket", "cases", *STAGES]]
    for group in lost:
        count = sum(f"{row['split']}.{row['bucket']}" == group for row in rows)
        table.append([group, str(count), *(str(lost[group].get(stage, "")) for stage in STAGES)])
    return table


def _figure_table(split: str, estimates: Mapping[str, Mapping[str, Estimate]], names: Sequence[str]) -> Table:
    present = [name for name in names if any(name in found for group, found in estimates.items() if _of(split, group))]
    table = [["", "cases", *present]]
    for group, found in sorted(estimates.items(), key=lambda item: (item[0].count("."), item[0])):
        if _of(split, group) and any(name in found for name in present):
            cases = max(found[name].cases for name in present if name in found)
            shown = (_shown(found.get(name)) for name in present)
            table.append([group.removeprefix(f"{split}.").replace("language.", ""), str(cases), *shown])
    return table


def _of(split: str, group: str) -> bool:
    return (group == split or group.startswith(f"{split}.")) and ".corpus." not in group


def _shown(found: Estimate | None) -> str:
    return "" if found is None else f"{found.mean:.3f} ({found.low:.2f}-{found.high:.2f})"


def _compared(split: str, results: Mapping[str, Result], buckets: str = "ranked") -> Table:
    table = [["", *SHOWN_FIGURES]]
    for name, result in results.items():
        found = figures(result["rows"]).get(f"{split}.{buckets}", {})
        if found:
            table.append([name, *(f"{found[each].mean:.3f}" if each in found else "" for each in SHOWN_FIGURES)])
    return table


def _latency_table(result: Result) -> Table:
    return [
        ["stage", "p50", "p95"],
        *([stage, f"{mid:.1f}", f"{high:.1f}"] for stage, (mid, high) in result["latency"].items()),
    ]


def _worst(rows: Sequence[Any]) -> Table:
    lost = [row for row in rows if row["split"] == "test" and row.get("lost_in")]
    lost.sort(key=lambda row: (row.get("figures", {}).get("file_ndcg", 0.0), row["id"]))
    table = [["case", "lost in", "file NDCG@10", "first hit"]]
    for row in lost[:WORST]:
        ndcg = row.get("figures", {}).get("file_ndcg")
        table.append([row["id"], row["lost_in"], "" if ndcg is None else f"{ndcg:.2f}", (row["hits"] or [""])[0]])
    return table
