"""Micro benchmark of the store: how fast it writes and reads an index of a given size, and how large that gets.

    python evals/bench/bench_store.py --chunks 30000

The texts are made up of words with natural frequencies, so that common and rare terms both occur; the vectors are
clustered, as those of real code are. Figures are medians of repeated calls unless the name says otherwise.
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one core, as in the targets

import numpy as np

from surefoot.domain import (
    Chunk,
    EmbedderIdentity,
    IndexedFile,
    ParsedFile,
    Scope,
    Source,
    Span,
    Symbol,
    SymbolKind,
    content_hash,
)
from surefoot.store.connections import connect
from surefoot.store.database import IndexStore
from surefoot.words import index_words

DIMENSION = 256
CHUNKS_PER_FILE = 11
SYMBOLS_PER_CHUNK = 2
FILES_PER_WRITE = 200
VOCABULARY = 20_000
WORDS_PER_CHUNK = 95  # about 1.2 kB
WEIGHTS = (2.0, 4.0, 2.0, 1.5, 1.0)
EMBEDDER = EmbedderIdentity("bench", DIMENSION, "0" * 32)


def main() -> None:
    """Write an index, measure it, print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chunks", type=int, default=30_000)
    parser.add_argument("--repeat", type=int, default=40)
    arguments = parser.parse_args()
    random = np.random.default_rng(7)
    words = _vocabulary(random)
    vectors = _vectors(random, arguments.chunks)
    with tempfile.TemporaryDirectory() as folder:
        location = Path(folder) / "bench-0.db"
        store = IndexStore.open(location, EMBEDDER, lock_timeout=5, lexer=index_words)
        _report_writing(store, random, words, vectors)
        _report_reading(store, words, vectors, arguments.repeat)
        _report_one_file(store, random, words, vectors)
        _report_opening(store)
        store.close()


def _report_writing(store: IndexStore, random: np.random.Generator, words: list[str], vectors: list[bytes]) -> None:
    lexing = writing = 0.0
    batch: list[tuple[ParsedFile, list[bytes]]] = []
    files = list(_files(random, words, vectors))
    for begin in range(0, len(files), FILES_PER_WRITE):
        batch = files[begin : begin + FILES_PER_WRITE]
        start = time.perf_counter()
        for parsed, _ in batch:
            for chunk in parsed.chunks:
                index_words(chunk.text)
        lexing += time.perf_counter() - start
        start = time.perf_counter()
        with store.writing() as writer:
            for parsed, blobs in batch:
                writer.replace_file(parsed, blobs)
        writing += time.perf_counter() - start
    counts = store.counts()
    _row("write all", f"{writing:.2f} s", f"{counts.files} files, {counts.chunks} chunks, {counts.symbols} symbols")
    _row("of which lexer (measured apart)", f"{lexing:.2f} s")
    _row("size", f"{counts.bytes / 1e6:.0f} MB", f"{counts.bytes / max(1, counts.chunks):.0f} bytes a chunk")
    with connect(store.location) as connection:
        parts = connection.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY 1 ORDER BY 2 DESC LIMIT 8").fetchall()
    _row("largest parts", "", ", ".join(f"{name} {size / 1e6:.1f}" for name, size in parts))


def _report_reading(store: IndexStore, words: list[str], vectors: list[bytes], repeat: int) -> None:
    random = np.random.default_rng(11)
    top = [w.lower() for w in words[:30]]
    middle = [w.lower() for w in words[200:3000]]
    rare = [w.lower() for w in words[5000:]]

    def drawn(*choices: tuple[list[str], int]) -> Callable[[], list[str]]:
        questions = [[str(w) for pool, n in choices for w in random.choice(pool, n)] for _ in range(10)]
        return itertools.cycle(questions).__next__

    def terms(*choices: tuple[list[str], int]) -> Callable[[], str]:
        question = drawn(*choices)
        return lambda: " OR ".join(f'"{word}"' for word in question())

    scope = Scope(paths=("pkg1*/**",), languages=("python",))
    ids = [int(i) for i in random.integers(1, len(vectors), 60)]
    query = vectors[len(vectors) // 2]
    with connect(store.location) as connection:
        known = [row[0] for row in connection.execute("SELECT DISTINCT name FROM symbols LIMIT 1000")]
    names = drawn((known, 1))
    frequent, several, mixed = terms((top, 8)), terms((middle, 8)), terms((top, 2), (rare, 6))
    asked = drawn((top, 2), (rare, 6))
    measured: list[tuple[str, Callable[[], object]]] = [
        ("lexical, 2 common + 6 rare", lambda: store.lexical(mixed(), Scope(), 60, WEIGHTS)),
        ("lexical, 8 middling", lambda: store.lexical(several(), Scope(), 60, WEIGHTS)),
        ("lexical, 8 most common", lambda: store.lexical(frequent(), Scope(), 60, WEIGHTS)),
        ("lexical, 8 middling, scoped", lambda: store.lexical(several(), scope, 60, WEIGHTS)),
        ("document_frequency(8)", lambda: store.document_frequency(asked())),
        ("mentioning, common", lambda: store.mentioning(top[5], 200)),
        ("nearest", lambda: store.nearest(query, Scope(), 60)),
        ("nearest, scoped", lambda: store.nearest(query, scope, 60)),
        ("chunks(60)", lambda: store.chunks(ids)),
        ("symbols(name)", lambda: store.symbols(names()[0])),
        ("spellings(name)", lambda: store.spellings(names())),
        ("files", store.files),
        ("cached_vectors(11)", lambda: store.cached_vectors([content_hash(str(i)) for i in range(11)])),
        ("counts", store.counts),
        ("generation", store.generation),
    ]
    for name, call in measured:
        _timed(name, call, repeat)


def _report_one_file(store: IndexStore, random: np.random.Generator, words: list[str], vectors: list[bytes]) -> None:
    versions = itertools.cycle([next(_files(random, words, vectors)) for _ in range(2)])  # equal text costs nothing

    def save() -> None:
        parsed, blobs = next(versions)
        with store.writing() as writer:
            writer.replace_file(parsed, blobs)

    _timed("replace one file", save, 30)


def _report_opening(store: IndexStore) -> None:
    def reopen() -> None:
        IndexStore.open(store.location, EMBEDDER, lock_timeout=5, lexer=index_words).close()

    def quick_check() -> None:
        with connect(store.location) as connection:
            connection.execute("PRAGMA quick_check(1)").fetchall()

    _timed("open and close", reopen, 10)
    _timed("quick_check of the whole file", quick_check, 3)


def _timed(name: str, call: Callable[[], object], repeat: int) -> None:
    call()
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1000)
    _row(name, f"{statistics.median(times):.2f} ms", f"worst {max(times):.2f} ms")


def _row(name: str, figure: str, note: str = "") -> None:
    print(f"{name:34} {figure:>12}   {note}", flush=True)


def _vocabulary(random: np.random.Generator) -> list[str]:
    syllables = ["get", "set", "user", "cache", "parse", "node", "index", "file", "line", "token", "read", "write"]
    syllables += ["query", "field", "form", "model", "view", "test", "name", "path", "item", "list", "map", "key"]
    out: dict[str, None] = {}
    while len(out) < VOCABULARY:
        parts = [str(p) for p in random.choice(syllables, random.integers(1, 4))]
        word = "_".join(parts) if random.random() < 0.5 else parts[0] + "".join(p.title() for p in parts[1:])
        out[word + (str(random.integers(1000)) if len(out) > 500 else "")] = None
    return list(out)


def _files(
    random: np.random.Generator, words: list[str], vectors: list[bytes]
) -> Iterator[tuple[ParsedFile, list[bytes]]]:
    share = 1 / np.arange(1, len(words) + 1)
    share /= share.sum()
    for number, begin in enumerate(range(0, len(vectors), CHUNKS_PER_FILE)):
        blobs = vectors[begin : begin + CHUNKS_PER_FILE]
        path = f"pkg{number % 40}/module_{number % 7}/source{number}.py"
        chunks, symbols = [], []
        for place in range(len(blobs)):
            drawn = [words[i] for i in random.choice(len(words), WORDS_PER_CHUNK, p=share)]
            text = "\n".join(" ".join(drawn[i : i + 6]) for i in range(0, len(drawn), 6))
            span = Span(path, place * 30 + 1, place * 30 + 30)
            found = [
                Symbol(
                    f"{drawn[0]}{begin + place}_{n}",
                    SymbolKind.FUNCTION,
                    Span(path, span.start + n, span.end),
                    span.start + n,
                )
                for n in range(SYMBOLS_PER_CHUNK)
            ]
            symbols += found
            signature = f"def {found[0].name}({drawn[1]}, {drawn[2]})"
            doc = " ".join(drawn[3:15])
            chunks.append(
                Chunk(span, Source.CODE, "python", text, found[0].name, SymbolKind.FUNCTION, signature, doc)
            )  # fmt: skip
        file = IndexedFile(path, Source.CODE, "python", 1000, number, content_hash(path))
        yield ParsedFile(file, tuple(symbols), tuple(chunks)), blobs


def _vectors(random: np.random.Generator, count: int) -> list[bytes]:
    centres = random.normal(size=(300, DIMENSION))
    found = centres[random.integers(300, size=count)] + 0.9 * random.normal(size=(count, DIMENSION))
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    return [vector.tobytes() for vector in np.round(found * 127).astype(np.int8)]


if __name__ == "__main__":
    main()
