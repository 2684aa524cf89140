"""A trained run as what the package carries: int8 rows, their scales, the tokenizer, the card, and the model card.

    python evals/train/export.py shipped                       into server/surefoot/models/data
    python evals/train/export.py some-run --output DIRECTORY   to compare: `surefoot eval run --embedder DIRECTORY`

Invariant: what is written says what it was made of: settings, data with its hash, figures, and the commit.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from distill import MODEL_SHA256, MODEL_WHEEL, OUTPUT, TEACHER, quantise
from packages import HERE, LEARNT, keep_free, read
from pairs import ASKED, load

from surefoot.models.static_card import CARD_FILE, FILES, SCALES_FILE, TOKENIZER_FILE, VECTORS_FILE
from train import RUNS

NAME = "surefoot-code"
MODEL_CARD = "MODEL_CARD.md"
MOST_LICENCES = 25  # shown
FEWEST = 1_000  # questions of a language that is shown
SIZE_LIMIT = 10_000_000  # bytes that all of it takes in a wheel


def export(run: str, folder: Path) -> dict[str, Any]:
    """Write the files of a run; the card."""
    source = RUNS / run
    log = json.loads((source / "log.json").read_text(encoding="utf-8"))
    tokenizer = json.loads((source / "tokenizer.json").read_text(encoding="utf-8"))
    vectors, scales = quantise(np.load(source / "vectors.npy"))
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / VECTORS_FILE, vectors)
    np.save(folder / SCALES_FILE, scales.astype(np.float16))
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
        "recipe": "questions as their teacher reads them; evals/train/train.py",
        "settings": log["settings"],
        "shrinkage": log["shrinkage"],
        "dev": {name: round(value, 4) for name, value in log["epochs"][-1].items() if name != "seconds"},
        "commit": _commit(),
        "files": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES},
    }
    (folder / CARD_FILE).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    return card


def model_card(card: dict[str, Any]) -> str:
    """The model card for people."""
    pairs = load()
    kept = ~pairs.held_out
    languages = Counter(pairs.language_names[each] for each in pairs.languages[pairs.about[kept]])
    kinds = Counter(ASKED[each] for each in pairs.asked[kept])
    licences = keep_free(LEARNT).most_common()
    others = sum(count for _, count in licences[MOST_LICENCES:])
    return (
        (HERE / "model_card.md")
        .read_text(encoding="utf-8")
        .format(
            **card["data"],
            **{name: card[name] for name in ("name", "tokens", "dimension", "commit")},
            teacher=card["beginning"]["name"],
            teacher_sha256=card["beginning"]["sha256"],
            kinds=_rows((kind, f"{count / kept.sum():.3f}") for kind, count in kinds.most_common()),
            languages=_rows((name, f"{count:,}") for name, count in languages.most_common() if count >= FEWEST),
            licences=_rows([*licences[:MOST_LICENCES], ("others, all free", others)]),
            figures=_rows((name, f"{value:.3f}") for name, value in card["dev"].items()),
            settings=json.dumps(card["settings"], indent=1),
        )
    )


def _rows(pairs: Iterable[tuple[str, object]]) -> str:
    return "\n".join(f"| {name.replace('|', '/')} | {value} |" for name, value in pairs)


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
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as wheel:
        for path in sorted(options.output.iterdir()):
            wheel.write(path, path.name)
    size = packed.tell()
    print(f"{card['tokens']:,} tokens, {card['dimension']} dimensions, {size:,} bytes in a wheel")
    if size > SIZE_LIMIT:
        sys.exit(f"That is more than the {SIZE_LIMIT:,} bytes that the package may carry.")


if __name__ == "__main__":
    main()
