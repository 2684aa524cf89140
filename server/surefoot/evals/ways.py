"""The same questions answered in three ways: from the index alone, by a model unchecked, and by it checked.

Where nothing that the model wrote holds, the checked answer is the one that stands in: that from the index.

Invariant: every way is measured on the same cases; a figure is told only where the rows have it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from surefoot.evals.metrics import percentile
from surefoot.results import Row

EXTRACTIVE, UNCHECKED, CHECKED = "from the index alone", "by the model, unchecked", "by the model, checked"
Figure = Callable[[Sequence["Said"]], float | None]


@dataclass(frozen=True, slots=True)
class Said:
    """What one answer says, in one of the ways."""

    answerable: bool
    claims: int
    invented: int
    right_source: bool
    precision: float | None  # None where nothing is cited
    recall: float | None  # None where there is nothing to be found


def in_three_ways(rows: Sequence[Row], extractive: Sequence[Row], split: str) -> dict[str, list[Said]]:
    """Each way, and what it says to every case of a split that both results have."""
    by_id = {row["id"]: row for row in extractive if "invented" in row.get("answer", {})}
    asked = [row for row in rows if row["split"] == split and "unchecked" in row.get("answer", {})]
    ways = {
        EXTRACTIVE: [(by_id[row["id"]], by_id[row["id"]]["answer"]) for row in asked if row["id"] in by_id],
        UNCHECKED: [(row, row["answer"]["unchecked"]) for row in asked],
        CHECKED: [(row, row["answer"]) for row in asked],
    }
    return {way: [_said(row, answer) for row, answer in each] for way, each in ways.items() if each}


def _said(row: Row, answer: Mapping[str, Any]) -> Said:
    shares = (answer.get(name) for name in ("precision", "recall"))
    return Said(row["answerable"], answer["claims"], answer["invented"], answer["right_source"], *shares)


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _answered(said: Sequence[Said]) -> float | None:
    return _mean([float(each.claims > 0) for each in said if each.answerable])


def _refused(said: Sequence[Said]) -> float | None:
    return _mean([float(each.claims == 0) for each in said if not each.answerable])


def _right_source(said: Sequence[Said]) -> float | None:
    return _mean([float(each.right_source) for each in said if each.answerable and each.precision is not None])


def _precision(said: Sequence[Said]) -> float | None:
    return _mean([each.precision for each in said if each.answerable and each.precision is not None])


def _recall(said: Sequence[Said]) -> float | None:
    return _mean([each.recall for each in said if each.answerable and each.recall is not None])


def _claims(said: Sequence[Said]) -> float | None:
    return _mean([float(each.claims) for each in said])


FIGURES: Mapping[str, Figure] = {
    "answered": _answered,
    "refused": _refused,
    "right_source": _right_source,
    "precision": _precision,
    "recall": _recall,
    "sentences": _claims,
}


def ways_table(ways: Mapping[str, Sequence[Said]]) -> list[list[str]]:
    """A row for each way. `invented` counts sentences."""
    table = [["", "cases", *FIGURES, "invented"]]
    for way, said in ways.items():
        cells = (_cell(figure(said)) for figure in FIGURES.values())
        table.append([way, str(len(said)), *cells, str(sum(each.invented for each in said))])
    return table


def _cell(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def times_table(rows: Sequence[Row]) -> list[list[str]]:
    """How long the model's answers took: seconds, and tokens."""
    told = [row["answer"]["times"] for row in rows if "times" in row.get("answer", {})]
    table = [["", "answers", "p50", "p95"]]
    for name, values in _measured(told):
        if values:
            table.append([name, str(len(values)), *(f"{percentile(values, share):.2f}" for share in (0.5, 0.95))])
    return table


def _measured(told: Sequence[Mapping[str, float]]) -> Iterator[tuple[str, list[float]]]:
    for name in ("first_hit", "target", "first_claim", "last_claim", "whole"):
        yield f"{name}, s", [times[name] / 1000 for times in told if name in times]
    both = [times for times in told if "first_claim" in times and "target" in times]
    yield "first_claim / target", [times["first_claim"] / times["target"] for times in both]
    for name in ("prompt_tokens", "answer_tokens"):
        yield name, [times[name] for times in told if name in times]
