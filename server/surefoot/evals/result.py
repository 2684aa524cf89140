"""What one run found, as a file: small enough to be committed, complete enough to be compared with.

Invariant: a case is in it once, with every figure that its row had.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from surefoot.evals.run import Row

KEPT = ("id", "corpus", "split", "language", "bucket", "answerable", "figures", "no_match", "ms", "lost_in",
        "right_product", "bad", "trace_id", "links_lost", "half")  # fmt: skip
KEPT_OF_ANSWER = ("mode", "abstained", "partly", "withheld", "valid", "right_source", "precision", "recall", "bad",
                  "invented", "unchecked", "times", "trace_id")  # fmt: skip
COUNTED_OF_ANSWER = ("claims", "citations", "missing")  # their words are in the trace


def to_result(rows: Sequence[Row], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The rows without what a trace holds anyway, under the facts of the run."""
    return {**facts, "rows": [_compact(row) for row in rows]}


def _compact(row: Row) -> Row:
    kept: Row = {name: row[name] for name in KEPT if name in row}
    kept["figures"] = {name: round(value, 4) for name, value in row.get("figures", {}).items()}
    kept["hits"] = [f"{hit['path']}:{hit['start']}-{hit['end']}" for hit in row.get("hits", ())]
    if "answer" in row:
        answer = row["answer"]
        kept["answer"] = {name: answer[name] for name in KEPT_OF_ANSWER if name in answer}
        kept["answer"] |= {name: len(answer[name]) for name in COUNTED_OF_ANSWER}
    return kept


def write_result(path: Path, result: Mapping[str, Any]) -> None:
    """One case a line, so that two results can be compared as texts."""
    path.parent.mkdir(parents=True, exist_ok=True)
    facts = {name: value for name, value in result.items() if name != "rows"}
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in result["rows"])
    path.write_text(f'{json.dumps(facts, ensure_ascii=False)[:-1]}, "rows": [\n{lines}\n]}}\n', encoding="utf-8")
