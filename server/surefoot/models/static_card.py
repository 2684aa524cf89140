"""What a static embedder's card says of it: its name, and the hashes that its files must have.

Invariant: the identity follows from the card alone, and the files are held to the card when they are loaded.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from surefoot.domain import EmbedderIdentity
from surefoot.errors import ModelInvalidError, ModelNotFoundError

DATA = Path(__file__).with_name("data")
VECTORS_FILE, SCALES_FILE = "vectors.npy", "scales.npy"
TOKENIZER_FILE, CARD_FILE = "tokenizer.json", "card.json"
FILES = (VECTORS_FILE, SCALES_FILE, TOKENIZER_FILE)

# How text is read is part of what a vector means: raise this with any change to how `static_embedder` reads and sums.
READING = 3


@dataclass(frozen=True, slots=True)
class Card:
    """Which embedder it is, the sha256 of each of its files, and how far documents of few words are held back.

    `shrinkage` is the length, in that of sums of token vectors, of a part that all documents share and no question
    has, so that the longer the sum of a text is, the less it counts; 0 for none.
    """

    identity: EmbedderIdentity
    sha256: dict[str, str]
    shrinkage: float


def read_card(folder: Path) -> Card:
    """The card in a folder that `evals/train/export.py` or `distill.py` wrote."""
    try:
        card = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
        sha256 = {name: str(card["files"][name]) for name in FILES}
        name, dimension, shrinkage = str(card["name"]), int(card["dimension"]), float(card.get("shrinkage", 0))
    except FileNotFoundError as error:
        raise ModelNotFoundError(f"The embedder in {folder} has no {CARD_FILE}.") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelInvalidError(f"The embedder in {folder} cannot be read ({error}).") from error
    whole = hashlib.sha256("".join((f"reading {READING}, shrinkage {shrinkage}", *sha256.values())).encode())
    return Card(EmbedderIdentity(name, dimension, whole.hexdigest()), sha256, shrinkage)


def check_files(folder: Path, card: Card) -> None:
    """Hold the files to the card; ModelInvalidError names one that is damaged."""
    for name, expected in card.sha256.items():
        with (folder / name).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != expected:
            raise ModelInvalidError(f"The embedder's {folder / name} is damaged; reinstall Surefoot.")
