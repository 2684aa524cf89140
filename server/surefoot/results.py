"""What evaluations found: their result files, and the figures that each of their rows stands for.

Invariant: shared by the evaluations, which write results, and the dashboard, which shows them; asks no question.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from surefoot.errors import UsageError

Row = Mapping[str, Any]
RANKED = ("symbol", "conceptual", "flow")  # the buckets that rankings are compared on
CHAINED = ("ticket", "design")  # the buckets whose answers are chains across sources
CITED = ("precision", "recall")  # of citations
LINKED = (*CHAINED, "both")  # the buckets of which every link is wanted: of a chain, or of each thing that is asked for


def read_result(path: Path) -> dict[str, Any]:
    """A result that `write_result` wrote. Raises UsageError."""
    try:
        result: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return {**result, "rows": list(result["rows"])}
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"The result {path} cannot be read ({error}).") from error


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
                found |= {name: answer[name] for name in CITED if name in answer}
                if answer["right_source"] and "half" not in row:
                    found["spared"] = float(not answer["missing"])
    else:
        if "no_match" in row:
            found["refused"] = float(row["no_match"])
        if answer:
            found["abstained"] = float(answer["abstained"])
            found["listed"] = float(answer["abstained"] or bool(answer["missing"]))
    if answer:
        found |= _shares(answer)
    if "half" in row:
        found |= {f"half_{name}": float(is_so) for name, is_so in row["half"].items()}
        found["half"] = float(all(row["half"].values()))
    if "right_product" in row:
        found["right_product"] = float(row["right_product"])
    problems = (row.get("bad"), answer["bad"] if answer else None)
    if any(problem is not None for problem in problems):
        found["true_places"] = float(not any(problems))
    return found


def _shares(answer: Row) -> dict[str, float]:
    """Of what an answer shows: the valid among its citations, and the claims of a model that are whole."""
    found = {}
    if answer["citations"]:
        found["valid_citations"] = answer["valid"] / answer["citations"]
    if answer.get("mode") == "llm" and answer["claims"] and "partly" in answer:
        found["whole_claims"] = 1 - answer["partly"] / answer["claims"]
    return found


def groups_of(row: Row) -> list[str]:
    """The groups that a row counts in: its split as a whole, and its bucket, language and corpus there."""
    split = row["split"]
    groups = [f"{split}.{row['bucket']}", f"{split}.language.{row['language']}", f"{split}.corpus.{row['corpus']}"]
    wider = [f"{split}.{name}" for name, of in (("ranked", RANKED), ("chained", CHAINED)) if row["bucket"] in of]
    return [split, *wider, *groups]


def values_by_group(rows: Iterable[Row]) -> dict[tuple[str, str], dict[str, float]]:
    """Group and metric to the value of each case by its id."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    for row in rows:
        for name, value in metrics_of(row).items():
            for group in groups_of(row):
                found.setdefault((group, name), {})[row["id"]] = value
    return found


def losses(rows: Iterable[Row]) -> dict[str, Counter[str]]:
    """Split and bucket to how many cases each stage lost."""
    found: dict[str, Counter[str]] = {}
    for row in rows:
        if row.get("lost_in"):
            found.setdefault(f"{row['split']}.{row['bucket']}", Counter())[row["lost_in"]] += 1
    return found


def links_lost(rows: Iterable[Row]) -> dict[str, Counter[str]]:
    """Split and bucket to how many links of chains each stage lost."""
    found: dict[str, Counter[str]] = {}
    for row in rows:
        if row.get("links_lost"):
            found.setdefault(f"{row['split']}.{row['bucket']}", Counter()).update(row["links_lost"].values())
    return found
