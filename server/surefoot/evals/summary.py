"""From the rows of a result to figures: each metric per group of cases, with how sure one can be of it.

Invariant: a figure is a mean over the cases that it can be said of, and knows how many they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from surefoot.evals.metrics import Estimate, estimate, percentile

Row = Mapping[str, Any]
RANKED = ("symbol", "conceptual", "flow")  # the buckets that rankings are compared on
SHOWN_FIGURES = (
    "file_ndcg",
    "file_hit1",
    "file_hit5",
    "file_hit10",
    "file_mrr",
    "span_ndcg",
    "span_hit5",
    "recall_1000",
)


def metrics_of(row: Row) -> dict[str, float]:
    """Every figure of one row by its name; higher is better in all of them."""
    found: dict[str, float] = dict(row.get("figures", {}))
    answer = row.get("answer")
    if row["answerable"]:
        if "no_match" in row:
            found["found"] = float(not row["no_match"])
        if answer:
            found["answered"] = float(not answer["abstained"])
            if answer["citations"]:
                found["right_source"] = float(answer["right_source"])
    else:
        if "no_match" in row:
            found["refused"] = float(row["no_match"])
        if answer:
            found["abstained"] = float(answer["abstained"])
            found["listed"] = float(answer["abstained"] or bool(answer["missing"]))
    if answer and answer["citations"]:
        found["valid_citations"] = answer["valid"] / answer["citations"]
    if "right_product" in row:
        found["right_product"] = float(row["right_product"])
    problems = (row.get("bad"), answer["bad"] if answer else None)
    if any(problem is not None for problem in problems):
        found["true_places"] = float(not any(problems))
    return found


def groups_of(row: Row) -> list[str]:
    """The groups that a row counts in: its split as a whole, and its bucket, language and corpus there."""
    split = row["split"]
    groups = [f"{split}.{row['bucket']}", f"{split}.language.{row['language']}", f"{split}.corpus.{row['corpus']}"]
    return [split, *([f"{split}.ranked"] if row["bucket"] in RANKED else []), *groups]


def values_by_group(rows: Iterable[Row]) -> dict[tuple[str, str], dict[str, float]]:
    """Group and metric to the value of each case by its id."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    for row in rows:
        for name, value in metrics_of(row).items():
            for group in groups_of(row):
                found.setdefault((group, name), {})[row["id"]] = value
    return found


def figures(rows: Sequence[Row]) -> dict[str, dict[str, Estimate]]:
    """Group to metric to its estimate."""
    found: dict[str, dict[str, Estimate]] = {}
    for (group, name), values in values_by_group(rows).items():
        estimated = estimate(list(values.values()))
        if estimated is not None:
            found.setdefault(group, {})[name] = estimated
    return found


def losses(rows: Iterable[Row]) -> dict[str, Counter[str]]:
    """Split and bucket to how many cases each stage lost."""
    found: dict[str, Counter[str]] = {}
    for row in rows:
        if row.get("lost_in"):
            found.setdefault(f"{row['split']}.{row['bucket']}", Counter())[row["lost_in"]] += 1
    return found


def latencies(rows: Sequence[Row]) -> dict[str, tuple[float, float]]:
    """Stage to p50 and p95 in milliseconds, and `search` for the whole of it."""
    stages: dict[str, list[float]] = {"search": [row["ms"] for row in rows if "ms" in row]}
    for row in rows:
        for stage, milliseconds in row.get("stages", {}).items():
            stages.setdefault(stage, []).append(milliseconds)
    return {stage: (percentile(values, 0.5), percentile(values, 0.95)) for stage, values in stages.items() if values}
