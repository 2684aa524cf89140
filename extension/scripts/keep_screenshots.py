"""Copies the pictures that the browser tests took to media/screenshots, small enough to be kept in the repository.

Usage: `make ext-screenshots`, after `make ext-test`. Invariant: a picture that cannot be made small enough is an error.
"""  # noqa: INP001 - a script, not a package

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

EXTENSION = Path(__file__).resolve().parents[1]
TAKEN = EXTENSION / "test" / "artifacts" / "screenshots"
KEPT = EXTENSION / "media" / "screenshots"
NAMES = ("ask", "hover", "search", "trace", "health", "walkthrough", "model")  # the views; each light and dark
LARGEST = 150_000  # bytes; a page with ten of them still loads at once
COLOURS = 256  # what a palette holds; text on plain areas needs no more


def keep(name: str) -> str:
    """Copy one picture with a palette of its own, and say how large it is. Raises SystemExit."""
    taken = TAKEN / f"{name}.png"
    if not taken.exists():
        raise SystemExit(f"{taken} is missing; `make ext-test` takes it.")
    kept = KEPT / taken.name
    with Image.open(taken) as picture:
        small = picture.convert("RGB").quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        small.save(kept, optimize=True)
    size = kept.stat().st_size
    if size > LARGEST:
        raise SystemExit(f"{kept} has {size} bytes, and {LARGEST} is the most.")
    return f"{kept.relative_to(EXTENSION)}: {size} bytes\n"


def main() -> None:
    """Keep every view, light and dark."""
    KEPT.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        for theme in ("light", "dark"):
            sys.stdout.write(keep(f"{name}-{theme}"))


if __name__ == "__main__":
    main()
