"""What each choice of the training is worth, as a Markdown table: `python evals/train/variants.py`.

Every row is a training of its own on a part of the packages, with one thing changed. The figures are those of
`measure.py`: packages that were held out, and the dev cases of the golden set by vectors alone. No test case is read.

Invariant: rows differ from the first in what they say, and all see the same pairs in the same order.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from typing import Any

from train import RUNS, Settings, train

BASE = Settings(epochs=1, share=0.3, anchor=0.0)
VARIED: dict[str, dict[str, Any]] = {
    "**the first row**": {},
    "only weights are learnt": {"rate": 0.0, "turn_rate": 0.0},
    "weights and the matrix": {"rate": 0.0},
    "rate 0.001": {"rate": 0.001},
    "rate of the weights 0.05": {"weight_rate": 0.05},
    "temperature 0.03": {"temperature": 0.03},
    "temperature 0.1": {"temperature": 0.1},
    "directions half way back": {"anchor": 0.5},
    "from random vectors": {"beginning": "random"},
    "20,000 tokens": {"vocabulary": 20_000},
    "60,000 tokens": {"vocabulary": 60_000},
    "128 dimensions": {"dimension": 128},
    "batches of 1,024": {"batch": 1024},
    "no groups of one package": {"grouped": 0.0},
    "only code is shown": {"show_name": 0.0, "show_sentence": 0.0, "show_doc": 0.0, "show_comments": 0.0},
    "a tenth of the packages": {"share": 0.1},
    "two epochs": {"epochs": 2},
}
SHOWN = (
    "held_out",
    "sentence",
    "comment",
    "name",
    "test",
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
