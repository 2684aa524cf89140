"""Runs the fault-injection suite in full and keeps its counts: `python evals/bench/bench_faults.py [--json FILE]`.

The suite is tests/faults with FAULTS=full, as `make faults` runs it. The exit status is the suite's.

Invariant: of a suite that did not run in full, from its first test to its last, no result is written.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from measured import HERE, write

PROJECT = HERE.parent.parent
SUITE = "tests/faults"


def main() -> None:
    """Run it, and write the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, help="where the result is written")
    options = parser.parse_args()
    status, found = counted([SUITE])
    if not found.get("full"):
        sys.exit(f"{SUITE} did not run in full, so nothing is written.")
    write(options.json, "faults", found)
    sys.exit(status)


def counted(tests: Sequence[str]) -> tuple[int, dict[str, Any]]:
    """The exit status of pytest and what the suite counted; nothing where it did not come so far."""
    with tempfile.TemporaryDirectory(prefix="surefoot-bench-") as temporary:
        tally = Path(temporary) / "tally.json"
        env = {**os.environ, "FAULTS": "full", "FAULTS_JSON": str(tally)}
        done = subprocess.run([sys.executable, "-m", "pytest", *tests], cwd=PROJECT, env=env, check=False)
        return done.returncode, json.loads(tally.read_text(encoding="utf-8")) if tally.exists() else {}


if __name__ == "__main__":
    main()
