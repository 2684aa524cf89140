"""From the rows of a result to figures: each metric per group of cases, with how sure one can be of it.

Invariant: a figure is a mean over the cases that it can be said of, and knows how many they are.
"""

from __future__ import annotations

from collections.abc import Sequence

from surefoot.evals.metrics import Estimate, estimate, percentile
from surefoot.results import Row, values_by_group

SHOWN_FIGURES = (
    "file_ndcg",
    "file_hit1",
    "file_hit5",
    "file_hit10",
    "file_mrr",
    "span_ndcg",
    "span_hit5",
    "recall_1000",
    "chain",
)


def figures(rows: Sequence[Row]) -> dict[str, dict[str, Estimate]]:
    """Group to metric to its estimate."""
    found: dict[str, dict[str, Estimate]] = {}
    for (group, name), values in values_by_group(rows).items():
        estimated = estimate(list(values.values()))
        if estimated is not None:
            found.setdefault(group, {})[name] = estimated
    return found


def latencies(rows: Sequence[Row]) -> dict[str, tuple[float, float]]:
    """Stage to p50 and p95 in milliseconds, and `search` for the whole of it."""
    stages: dict[str, list[float]] = {"search": [row["ms"] for row in rows if "ms" in row]}
    for row in rows:
        for stage, milliseconds in row.get("stages", {}).items():
            stages.setdefault(stage, []).append(milliseconds)
    return {stage: (percentile(values, 0.5), percentile(values, 0.95)) for stage, values in stages.items() if values}
