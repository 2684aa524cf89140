"""How good some token vectors are, alone: on packages that were held out, and on the dev cases of the golden set.

`held_out` is the mean reciprocal rank (first ten) at which a question finds its chunk among all chunks of its package.
`golden` is NDCG@10 and hit@5 over files for the questions of the dev corpora, by vectors alone; the test corpora are
never read here.

Invariant: a text is read as the package reads it, and vectors are rounded to int8 as they are shipped.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from distill import quantise
from numpy.typing import NDArray
from packages import HERE
from pairs import ASKED, BAGS, Pairs, Ragged
from tokenizers import Tokenizer

from surefoot.config import Settings
from surefoot.domain import ParsedFile, Root
from surefoot.evals.corpora import fetch, load_corpora
from surefoot.models.static_embedder import MOST_CHARACTERS, MOST_TOKENS, RUN, WordIds
from surefoot.models.vectors import INT8_MAX
from surefoot.sources import parse_file

Floats = NDArray[np.float32]
CORPORA = HERE.parent / ".cache" / "corpora"
SHOWN = {"sentence": ("code", "name", "doc", "comments"), "comment": ("code", "name", "sentence", "doc")}
RANKED = ("symbol", "conceptual", "flow")
MOST_QUESTIONS = 400  # of one package and kind
MOST_LENGTHS = 50_000  # chunks whose lengths are looked at
LANGUAGES_SHOWN = (
    "python",
    "typescript",
    "javascript",
    "go",
    "rust",
    "java",
    "c",
    "cpp",
    "csharp",
    "ruby",
    "php",
    "kotlin",
)


def embed(vectors: Floats, bags: Ragged, rows: NDArray[np.int64], shrinkage: float = 0.0) -> Floats:
    """The vectors of some bags, with the square root of each token's count: unit ones, or shorter by what is shared."""
    of, tokens, counts = bags.take(rows)
    return _shrunk(_sums(vectors, of, tokens, counts.astype(np.float32), len(rows)), shrinkage)


def median_length(vectors: Floats, pairs: Pairs) -> float:
    """The median length of the sum of a chunk's token vectors."""
    chunks = np.arange(0, len(pairs.packages), max(1, len(pairs.packages) // MOST_LENGTHS))
    return float(np.median(np.linalg.norm(_shown(vectors, pairs, chunks, BAGS), axis=1)))


def _shrunk(sums: Floats, shrinkage: float) -> Floats:
    lengths = np.sqrt((sums**2).sum(axis=1, keepdims=True) + shrinkage**2)
    return sums / np.maximum(lengths, 1e-9)


def _sums(vectors: Floats, of: Any, tokens: Any, counts: Any, rows: int) -> Floats:
    keys = of.astype(np.int64) * len(vectors) + tokens
    distinct, inverse = np.unique(keys, return_inverse=True)
    weights = np.sqrt(np.bincount(inverse, weights=counts, minlength=len(distinct))).astype(np.float32)
    found = np.zeros((rows, vectors.shape[1]), np.float32)
    of, tokens = distinct // len(vectors), distinct % len(vectors)
    starts = np.searchsorted(of, np.arange(rows))
    filled = np.flatnonzero(np.diff(np.append(starts, len(of))) > 0)
    step = 4_000
    for first in range(0, len(filled), step):  # bounded memory
        part = filled[first : first + step]
        low, high = starts[part[0]], starts[part[-1] + 1] if part[-1] + 1 < rows else len(of)
        rowed = vectors[tokens[low:high]] * weights[low:high, None]
        found[part] = np.add.reduceat(rowed, starts[part] - low)
    return found


def rounded(vectors: Floats) -> Floats:
    """The vectors as they are after int8."""
    rows, scales = quantise(vectors)
    return rows * scales[:, None]


# --- held out ----------------------------------------------------------------------------------------------------


def held_out(vectors: Floats, pairs: Pairs, shrinkage: float) -> dict[str, float]:
    """The mean over kinds of questions, and each kind and language."""
    vectors = rounded(vectors)
    ranks: dict[str, list[float]] = defaultdict(list)
    out = pairs.held_out
    for kind in ("sentence", "comment", "name", "test"):
        number = ASKED.index(kind)
        shown = SHOWN.get(kind, ("code", "sentence", "doc", "comments") if kind == "name" else BAGS)
        chosen = np.flatnonzero(out & (pairs.asked == number))
        of_package = pairs.packages[pairs.about[chosen]]
        for package in np.unique(of_package):
            asked = chosen[of_package == package][:MOST_QUESTIONS]
            chunks = np.flatnonzero(pairs.packages == package)
            if len(chunks) < 50:
                continue
            questions = embed(vectors, pairs.questions, asked)
            scores = questions @ _shrunk(_shown(vectors, pairs, chunks, shown), shrinkage).T
            right = scores[np.arange(len(asked)), np.searchsorted(chunks, pairs.about[asked])]
            for row, rank in zip(asked, 1 + (scores > right[:, None]).sum(axis=1), strict=True):
                value = 1 / rank if rank <= 10 else 0.0
                ranks[kind].append(value)
                ranks[pairs.language_names[pairs.languages[pairs.about[row]]]].append(value)
    figures = {kind: float(np.mean(ranks[kind])) for kind in ("sentence", "comment", "name", "test")}
    figures |= {name: float(np.mean(ranks[name])) for name in LANGUAGES_SHOWN if len(ranks[name]) >= 100}
    return {"held_out": float(np.mean([figures[kind] for kind in ("sentence", "comment", "name", "test")])), **figures}


def _shown(vectors: Floats, pairs: Pairs, chunks: NDArray[np.int64], names: tuple[str, ...]) -> Floats:
    parts = [pairs.bags[name].take(chunks) for name in names]
    of, tokens, counts = (np.concatenate(each) for each in zip(*parts, strict=True))
    return _sums(vectors, of, tokens, counts.astype(np.float32), len(chunks))


# --- golden ------------------------------------------------------------------------------------------------------


class Corpus(NamedTuple):
    """The chunks of one dev corpus, and its questions with the grades of files."""

    paths: list[str]
    texts: list[str]
    cases: list[tuple[str, str, dict[str, int]]]  # bucket, question, grades


@cache
def dev_corpora() -> list[Corpus]:
    """Every single project of the dev split that has ranked cases."""
    found = []
    for corpus in load_corpora(HERE.parent / "corpora.toml").values():
        cases = HERE.parent / "cases" / f"{corpus.name}.jsonl"
        if corpus.split != "dev" or corpus.kind == "history" or not cases.exists():
            continue
        asked = [json.loads(line) for line in cases.read_text(encoding="utf-8").splitlines() if line.strip()]
        ranked = [
            (case["bucket"], case["question"], _grades(case["places"])) for case in asked if case["bucket"] in RANKED
        ]
        paths, texts = [], []
        for path, text in _chunks(fetch(corpus, CORPORA)):
            paths.append(path)
            texts.append(text)
        found.append(Corpus(paths, texts, ranked))
    return found


def _chunks(folder: Path) -> list[tuple[str, str]]:
    root, settings = Root(folder.resolve(), folder.name), Settings()
    found = []
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.is_symlink():
            path = file.relative_to(folder).as_posix()
            if isinstance(parsed := parse_file(root, path, settings), ParsedFile):
                found += [(path, chunk.embedding_text) for chunk in parsed.chunks]
    return found


def _grades(places: list[dict[str, Any]]) -> dict[str, int]:
    grades: dict[str, int] = {}
    for place in places:
        grades[place["path"]] = max(grades.get(place["path"], 0), place["grade"])
    return grades


class Read(NamedTuple):
    """A dev corpus as bags of tokens."""

    chunks: Ragged
    questions: Ragged


_READ: dict[int, list[Read]] = {}


def _read(tokenizer: dict[str, Any]) -> list[Read]:
    """The dev corpora in the tokens of a vocabulary, read as the package reads them."""
    key = hash(json.dumps(tokenizer["model"]["vocab"]))
    if key not in _READ:
        _READ[key] = [
            Read(bags_of(tokenizer, corpus.texts), bags_of(tokenizer, [question for _, question, _ in corpus.cases]))
            for corpus in dev_corpora()
        ]
    return _READ[key]


def bags_of(tokenizer: dict[str, Any], texts: Sequence[str]) -> Ragged:
    """Texts as bags of tokens, read as the package reads them."""
    ids = WordIds(Tokenizer.from_str(json.dumps(tokenizer)))
    counted = []
    for text in texts:
        runs = RUN.findall(text[:MOST_CHARACTERS])
        counted.append(Counter(islice(chain.from_iterable(map(ids.__getitem__, runs)), MOST_TOKENS)))
    starts = np.concatenate([[0], np.cumsum([len(each) for each in counted])])
    items = np.fromiter((token for each in counted for token in each), np.int32, int(starts[-1]))
    counts = np.fromiter((min(n, 255) for each in counted for n in each.values()), np.uint8, int(starts[-1]))
    return Ragged(starts, items, counts)


def golden(vectors: Floats, tokenizer: dict[str, Any], shrinkage: float) -> dict[str, float]:
    """NDCG@10 and hit@5 over files, all and by bucket, by vectors alone."""
    vectors = rounded(vectors)
    gains: dict[str, list[float]] = defaultdict(list)
    hits: list[float] = []
    for corpus, read in zip(dev_corpora(), _read(tokenizer), strict=True):
        chunks = _int8(embed(vectors, read.chunks, np.arange(len(read.chunks)), shrinkage))
        questions = _int8(embed(vectors, read.questions, np.arange(len(read.questions))))
        for scores, (bucket, _, grades) in zip(questions @ chunks.T, corpus.cases, strict=True):
            order = np.argpartition(-scores, min(400, len(scores) - 1))[:400]
            files = list(dict.fromkeys(corpus.paths[each] for each in order[np.argsort(-scores[order])]))[:10]
            gains[bucket].append(ndcg(files, grades))
            hits.append(float(any(grades.get(path, 0) == 2 for path in files[:5])))
    every = [value for values in gains.values() for value in values]
    return {
        "golden": float(np.mean(every)), "golden_hit5": float(np.mean(hits)),
        **{f"golden_{bucket}": float(np.mean(values)) for bucket, values in gains.items()},
    }  # fmt: skip


def _int8(rows: Floats) -> Floats:
    return np.rint(rows * INT8_MAX) / INT8_MAX


def ndcg(files: list[str], grades: dict[str, int]) -> float:
    """NDCG@10 with gains as they are graded, as `ir_measures` has it."""
    found = sum(grades.get(path, 0) / math.log2(place + 2) for place, path in enumerate(files))
    best = sum(grade / math.log2(place + 2) for place, grade in enumerate(sorted(grades.values(), reverse=True)[:10]))
    return found / best if best else 0.0
