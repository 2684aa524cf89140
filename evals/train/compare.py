"""Compares settings of the distillation: `python evals/train/compare.py`, a few minutes, prints a Markdown table.

The measure is how early a function is found by the first sentence of its docstring among the functions of its own
package (docstrings removed), as the mean reciprocal rank of the first ten, averaged over packages. It ranks variants
of one embedder; it says little about people's questions, which the evaluations of the whole search are for.

Invariant: variants differ in one thing from the shipped settings, and all see the same pairs.
"""

from __future__ import annotations

import ast
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

# As in distill.py, whose kept teacher outputs this may be the first to write.
os.environ |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")

import numpy as np
from distill import Floats, Settings, Student, count_words, distil, fetch, fetch_teacher, quantise, sources
from tokenizers import Tokenizer

from surefoot.models.static_embedder import MOST_TOKENS, RUN, WORD, WordIds

PACKAGES = (
    "attrs==26.1.0",
    "httpx==0.28.1",
    "jinja2==3.1.6",
    "networkx==3.6.1",
    "rich==15.0.0",
    "structlog==26.1.0",
    "sympy==1.14.0",
    "werkzeug==3.1.9",
)
LEAST_WORDS = 4  # of a sentence that says something
MOST_PAIRS = 700  # per package, spread evenly, so that large packages stay comparable with small ones
VARIED: dict[str, tuple[float, ...]] = {  # one at a time, against the shipped settings
    "dimension": (192, 128),
    "sif": (3e-3, 3e-4),
    "counted_share": (0, 1),
    "whitening": (0, 1),
    "added_words": (0, 400, 1200),
}
WHOLE_WORD = re.compile(r"\w+")  # identifiers left in one piece


class Pair(NamedTuple):
    """The first sentence of a docstring, and its function without it."""

    question: str
    code: str


class Reading(NamedTuple):
    """How texts become weighted tokens; the embedder's own is the default."""

    word: re.Pattern[str] = WORD
    tf: Callable[[Floats], Floats] = np.sqrt


def pairs(requirement: str) -> list[Pair]:
    """The pairs of one package, no question twice."""
    found = {pair.question: pair for text in sources(fetch(requirement)) for pair in pairs_of_file(text)}
    step = -(-len(found) // MOST_PAIRS)
    return list(found.values())[::step]


def pairs_of_file(text: str) -> Iterator[Pair]:
    """The pairs of one Python file."""
    lines = text.split("\n")
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or len(node.body) < 2:
            continue
        sentence = re.split(r"\.\s|\n\n", (ast.get_docstring(node) or "").strip())[0].replace("\n", " ")
        if len(sentence.split()) >= LEAST_WORDS:
            doc = node.body[0]
            code = lines[node.lineno - 1 : doc.lineno - 1] + lines[doc.end_lineno : node.end_lineno]
            yield Pair(sentence, "\n".join(code))


def embed(student: Student, texts: list[str], reading: Reading) -> Floats:
    """Unit float32 vectors, as the embedder sums them."""
    word_ids = WordIds(Tokenizer.from_str(json.dumps(student.tokenizer)), reading.word)
    rows = np.zeros((len(texts), student.vectors.shape[1]), dtype=np.float32)
    for row, text in zip(rows, texts, strict=True):
        tokens = list(chain.from_iterable(map(word_ids.__getitem__, RUN.findall(text))))[:MOST_TOKENS]
        if counts := Counter(tokens):
            weights = reading.tf(np.fromiter(counts.values(), np.float32))
            row[:] = weights @ student.vectors[list(counts)]
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), np.finfo(np.float32).tiny)


def reciprocal_rank(questions: Floats, codes: Floats) -> float:
    """The mean reciprocal rank of each question's own code, counting the first ten places."""
    scores = questions @ codes.T
    ranks = (scores > np.diag(scores)[:, None]).sum(axis=1) + 1
    return float(np.where(ranks <= 10, 1 / ranks, 0).mean())


def measure(student: Student, corpora: list[list[Pair]], reading: Reading, *, int8: bool = False) -> float:
    """The mean over the packages; `int8` rounds the texts' vectors as the store keeps them."""
    found = []
    for corpus in corpora:
        sides = [embed(student, [pair[side] for pair in corpus], reading) for side in (0, 1)]
        if int8:
            sides = [np.rint(side * 127) for side in sides]
            sides = [side / np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1) for side in sides]
        found.append(reciprocal_rank(*sides))
    return float(np.mean(found))


def shipped(student: Student) -> Student:
    """The student as it is after int8."""
    rows, scales = quantise(student.vectors)
    return student._replace(vectors=rows * scales[:, None])


def random_vectors(student: Student) -> Student:
    """What the tokens alone achieve, when their vectors mean nothing."""
    values = np.random.default_rng(0).standard_normal(student.vectors.shape, dtype=np.float32)
    return student._replace(vectors=values)


def main() -> None:
    """Print one line per variant."""
    teacher, counts = fetch_teacher(), count_words()
    corpora = [pairs(requirement) for requirement in PACKAGES]
    print(f"{sum(map(len, corpora)):,} pairs from {len(corpora)} packages\n\n| variant | MRR@10 |\n|---|---|")

    def line(name: str, student: Student, reading: Reading = Reading(), *, int8: bool = False) -> None:  # noqa: B008 - immutable
        print(f"| {name} | {measure(student, corpora, reading, int8=int8):.3f} |", flush=True)

    settings = Settings()
    best = distil(teacher, counts, settings)
    line("random token vectors", random_vectors(best))
    line("**shipped: int8 rows, int8 texts**", shipped(best), int8=True)
    line("float32 rows and texts", best)
    line("identifiers left whole", best, Reading(word=WHOLE_WORD))
    line("plain token counts", best, Reading(tf=lambda counts: counts))
    plain = Settings(sif=1e-4, counted_share=0, whitening=0, added_words=0)
    line("model2vec's recipe alone, plain counts", distil(teacher, counts, plain), Reading(tf=lambda counts: counts))
    for name, values in VARIED.items():
        for value in values:
            line(f"{name} {value}", distil(teacher, counts, replace(settings, **{name: value})))


if __name__ == "__main__":
    main()
