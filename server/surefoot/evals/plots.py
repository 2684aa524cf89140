"""The plots of the report, as SVG files.

Invariant: the same figures give the same files; matplotlib is imported when something is drawn.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from surefoot.evals.report import SPLITS, Report, Result
from surefoot.evals.summary import figures
from surefoot.evals.ways import FIGURES, in_three_ways

SHARES = ("answered", "refused", "right_source", "precision", "recall")
WAY = 0.27  # the width of a bar, where there are three


def draw(report: Report, folder: Path) -> list[str]:
    """Write the plots as SVG files; returns their names."""
    import matplotlib as mpl  # noqa: PLC0415 - in the extra `evals`

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "surefoot"  # the same figures give the same file
    folder.mkdir(parents=True, exist_ok=True)
    names = [_draw_buckets(report, folder), _draw_latency(report, folder)]
    if report.answers is not None:
        names.append(_draw_ways(report.answers, report.result, folder))
    if len(report.history) > 1:
        names.append(_draw_history(report, folder))
    return names


def _draw_buckets(report: Report, folder: Path) -> str:
    from matplotlib import pyplot as plt  # noqa: PLC0415

    systems = {"Surefoot": report.result, **report.baselines}
    estimates = {name: figures(result["rows"]) for name, result in systems.items()}
    buckets = [b for b in ("symbol", "conceptual", "flow", "docs") if f"test.{b}" in estimates["Surefoot"]]
    figure, axes = plt.subplots(figsize=(9, 4))
    width = 0.8 / len(systems)
    for place, (name, found) in enumerate(estimates.items()):
        shown = [found.get(f"test.{bucket}", {}).get("file_ndcg") for bucket in buckets]
        means = [each.mean if each else 0.0 for each in shown]
        below = [each.mean - each.low if each else 0.0 for each in shown]
        above = [each.high - each.mean if each else 0.0 for each in shown]
        axes.bar(
            [x + place * width for x in range(len(buckets))], means, width, yerr=[below, above], capsize=2, label=name
        )
    axes.set_xticks([x + 0.4 - width / 2 for x in range(len(buckets))], buckets)
    axes.set_ylim(0, 1)
    axes.set_ylabel("NDCG@10, file level, test")
    axes.legend(fontsize="small")
    return _saved(figure, folder, "buckets.svg")


def _draw_latency(report: Report, folder: Path) -> str:
    from matplotlib import pyplot as plt  # noqa: PLC0415

    found = {stage: both for stage, both in report.result["latency"].items() if stage != "search"}
    figure, axes = plt.subplots(figsize=(9, 3.5))
    axes.barh(list(found), [high for _, high in found.values()], color="lightgrey", label="p95")
    axes.barh(list(found), [mid for mid, _ in found.values()], label="p50")
    axes.invert_yaxis()
    axes.set_xlabel("milliseconds")
    axes.legend(fontsize="small")
    return _saved(figure, folder, "latency.svg")


def _draw_ways(answers: Result, result: Result, folder: Path) -> str:
    from matplotlib import pyplot as plt  # noqa: PLC0415

    figure, panels = plt.subplots(1, len(SPLITS), figsize=(9, 3.5), sharey=True)
    for axes, split in zip(panels, SPLITS, strict=True):
        ways = in_three_ways(answers["rows"], result["rows"], split)
        for place, (way, said) in enumerate(ways.items()):
            shown = [FIGURES[name](said) or 0.0 for name in SHARES]
            axes.bar([x + place * WAY for x in range(len(SHARES))], shown, WAY, label=way)
        axes.set_xticks([x + WAY for x in range(len(SHARES))], SHARES, fontsize="small")
        axes.set_title(split)
    panels[0].legend(fontsize="small")
    return _saved(figure, folder, "answers.svg")


def _draw_history(report: Report, folder: Path) -> str:
    from matplotlib import pyplot as plt  # noqa: PLC0415

    figure, axes = plt.subplots(figsize=(9, 3.5))
    for split in SPLITS:
        found = {
            name: figures(result["rows"]).get(f"{split}.ranked", {}).get("file_ndcg")
            for name, result in report.history.items()
        }
        means = {name: each.mean for name, each in found.items() if each}
        axes.plot(list(means), list(means.values()), marker="o", label=split)
    axes.set_ylabel("NDCG@10, file level")
    axes.legend(fontsize="small")
    return _saved(figure, folder, "history.svg")


def _saved(figure: Any, folder: Path, name: str) -> str:
    figure.tight_layout()
    figure.savefig(folder / name, metadata={"Date": None})
    return name
