"""What each choice of the training is worth, as a Markdown table: `python evals/train/variants.py`.

Every row is a training of its own, with one thing changed. The figures are those of `measure.py`: packages that were
held out, and the dev cases of the golden set by vectors alone. No test case is read.

Invariant: rows differ from the first in what they say, and fewer questions are the first of the same order.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from typing import Any

from train import RUNS, Settings, train

BASE = Settings()
VARIED: dict[str, dict[str, Any]] = {
    "**what is shipped**": {},
    "20,000 questions, sixty passes": {"questions": 20_000, "epochs": 60},
    "50,000 questions, 24 passes": {"questions": 50_000, "epochs": 24},
    "100,000 questions, twelve passes": {"questions": 100_000, "epochs": 12},
    "400,000 questions, three passes": {"questions": 400_000, "epochs": 3},
    "two passes": {"epochs": 2},
    "eighteen passes": {"epochs": 18},
    "only weights are learnt": {"rate": 0.0, "turn_rate": 0.0},
    "weights and the matrix": {"rate": 0.0},
    "rate doubled": {"rate": 0.006, "turn_rate": 0.002, "weight_rate": 0.04},
    "nothing is forgotten": {"drop": 0.0},
    "from random vectors": {"beginning": "random"},
    "axes evened out by a quarter": {"evened": 0.25},
    "short chunks count in full": {"shrinkage": 0.0},
    "they count less, by a tenth of the median length": {"shrinkage": 0.1},
    "by half of it": {"shrinkage": 0.5},
    "20,000 tokens": {"vocabulary": 20_000},
    "60,000 tokens": {"vocabulary": 60_000},
    "128 dimensions": {"dimension": 128},
    "64 dimensions": {"dimension": 64},
    "another seed": {"seed": 1},
    "a third seed": {"seed": 2},
}
SHOWN = (
    "held_out",
    "golden",
    "golden_conceptual",
    "golden_symbol",
    "golden_flow",
)


def main() -> None:
    """Train what was not trained before, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", help="parts of rows' names")
    chosen = parser.parse_args().only
    print(f"| variant | {' | '.join(SHOWN)} |\n|---|{'---|' * len(SHOWN)}")
    for name, changed in VARIED.items():
        if chosen and not any(part in name for part in chosen):
            continue
        folder = "variant-" + ("-".join(f"{key}={value}" for key, value in changed.items()) or "base")
        log = RUNS / folder / "log.json"
        if not log.exists():
            train(replace(BASE, **changed), folder)
        last = json.loads(log.read_text(encoding="utf-8"))["epochs"][-1]
        print(f"| {name} | " + " | ".join(f"{last[each]:.3f}" for each in SHOWN) + " |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
