"""Check cases.jsonl against unpacked projects.

Usage: python evals/acceptance/check_cases.py FOLDER

FOLDER holds one unpacked project per name in projects.toml. Every place must exist, its lines
must be in the file, and the last part of its symbol's name must stand within those lines. The
mix of buckets per project is checked too.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MIX = {"symbol": 3, "conceptual": 4, "flow": 2, "docs": 1, "unanswerable": 3}


def faults(folder: Path) -> list[str]:
    """Return one line for every fault found."""
    with (HERE / "projects.toml").open("rb") as file:
        projects = {entry["name"]: entry for entry in tomllib.load(file)["project"]}
    text = (HERE / "cases.jsonl").read_text(encoding="utf-8")
    cases = [json.loads(line) for line in text.splitlines()]
    found: list[str] = []
    for key, count in Counter(case["id"] for case in cases).items():
        if count > 1:
            found.append(f"{key}: id used {count} times")
    for name in projects:
        mix = Counter(case["bucket"] for case in cases if case["project"] == name)
        if dict(mix) != MIX:
            found.append(f"{name}: buckets {dict(mix)}")
    for case in cases:
        if case["split"] != projects[case["project"]]["split"]:
            found.append(f"{case['id']}: split differs from the project's")
        if case["answerable"] != (case["bucket"] != "unanswerable"):
            found.append(f"{case['id']}: answerable does not fit the bucket")
        if case["answerable"] != any(place["grade"] == 2 for place in case["places"]):
            found.append(f"{case['id']}: grade 2 places do not fit answerable")
        found += [
            f"{case['id']}: {place['path']}:{place['start_line']}: {fault}"
            for place in case["places"]
            if (fault := place_fault(folder / case["project"] / place["path"], place))
        ]
    return found


def place_fault(path: Path, place: dict[str, Any]) -> str:
    """Return what is wrong with a place, or an empty string."""
    if not path.is_file():
        return "no such file"
    lines = path.read_text(encoding="utf-8").splitlines()
    if not 1 <= place["start_line"] <= place["end_line"] <= len(lines):
        return "lines out of range"
    span = "\n".join(lines[place["start_line"] - 1 : place["end_line"]])
    last = re.escape(place["symbol"].rsplit(".", 1)[-1])
    if place["symbol"] not in span and not re.search(rf"(?<!\w){last}(?!\w)", span):
        return f"{place['symbol']} is not within the lines"
    return ""


def main() -> int:
    """Print faults; exit 1 if there are any."""
    found = faults(Path(sys.argv[1]))
    for line in found:
        print(line)
    print(f"{len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
