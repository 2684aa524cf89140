"""Measures the built-in embedder beside two others: `python evals/bench/bench_embedder.py [--embedder FOLDER]`.

    surefoot     the static embedder of the package, or the one in FOLDER
    model2vec    the same weights in model2vec's own inference, once as int8 with scales and once as float32
    MiniLM       all-MiniLM-L6-v2, a transformer, as int8 ONNX in onnxruntime

Questions are those of the dev cases, chunks those of dev projects; MiniLM gets every so-manieth of the same chunks.
Every round is a fresh process of each, in turn, with one thread; a first one that warms the page cache is not counted.
"Start to first vector" runs from the first import, `load` is the model alone. Milliseconds are medians over all rounds.
Chunks are counted by processor time, on which a busy machine has little effect.

Invariant: all are given the same texts, in the same order, in the same run, and each has an environment of its own.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from measured import HERE, bytes_below, run, spread, write
from numpy.typing import NDArray
from page import embedder_tables
from systems import CACHE, ONNX, environment, semble_environment, without_settings

from surefoot.config import Settings
from surefoot.domain import ParsedFile, Root
from surefoot.evals.corpora import fetch, load_corpora
from surefoot.models.static_card import DATA, read_card
from surefoot.models.vectors import SHORTEST
from surefoot.sources import parse_file

EVALS = HERE.parent
CORPORA = EVALS / "corpora.toml"
SCRIPT = HERE / "embedder_run.py"
SUREFOOT, MINILM = "surefoot", "MiniLM, int8 ONNX"
ONE_THREAD = {
    **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"), "1"),
    "TOKENIZERS_PARALLELISM": "false",
}
COMPARED = 500  # chunks whose vectors are set side by side


@dataclass(frozen=True, slots=True)
class Peer:
    """One embedder: how it is opened, the interpreter that has it, its files, and how many chunks it is given."""

    name: str
    kind: str
    python: Path
    folder: Path
    chunks: int


def main() -> None:
    """Measure in turn, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--embedder", type=Path, default=DATA, help="the folder of a static embedder")
    parser.add_argument("--corpora", nargs="+", default=["httpx", "jsoup"], help="dev projects whose chunks are taken")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--questions", type=int, default=300, help="at most so many")
    parser.add_argument("--chunks", type=int, default=4000, help="for the static embedders")
    parser.add_argument("--transformer-chunks", type=int, default=200, help="for MiniLM")
    parser.add_argument(
        "--json", type=Path, default=CACHE / "bench" / "embedder.json", help="where the result is written"
    )
    options = parser.parse_args()
    questions = _spread_out(list(_questions()), options.questions)
    chunks = _spread_out([text for name in options.corpora for text in _chunks(name)], options.chunks)
    with tempfile.TemporaryDirectory(prefix="surefoot-bench-") as scratch:
        peers = _peers(options, Path(scratch))
        alike = _agreement(peers, questions, chunks, Path(scratch))
        texts = {peer: _texts_file(peer, questions, chunks, Path(scratch)) for peer in peers}
        found = _taken_in_turn(texts, options.rounds)
        rows = [_row(peer, found[peer], texts[peer]) | alike.get(peer, {}) for peer in peers]
    identity = read_card(options.embedder).identity
    result = {
        "embedder": {
            "name": identity.name,
            "dimension": identity.dimension,
        },
        "corpora": options.corpora,
        "questions": len(questions),
        "rounds": options.rounds,
        "versions": _versions(peers),
        "rows": rows,
    }
    print("\n".join(embedder_tables(result)))
    write(options.json, "embedder", result)


# --- texts -------------------------------------------------------------------------------------------------------


def _questions() -> Iterator[str]:
    for corpus in load_corpora(CORPORA).values():
        cases = EVALS / "cases" / f"{corpus.name}.jsonl"
        if corpus.split == "dev" and cases.exists():
            for line in cases.read_text(encoding="utf-8").splitlines():
                yield json.loads(line)["question"]


def _chunks(name: str) -> Iterator[str]:
    corpus = load_corpora(CORPORA)[name]
    if corpus.split != "dev":
        sys.exit(f"{name} is not a dev project.")
    folder, settings = fetch(corpus, CACHE / "corpora").resolve(), Settings()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()):
        parsed = parse_file(Root(folder, name), path.relative_to(folder).as_posix(), settings)
        if isinstance(parsed, ParsedFile):
            yield from (chunk.embedding_text for chunk in parsed.chunks)


def _spread_out(texts: Sequence[str], most: int) -> list[str]:
    """At most so many, from all over."""
    if len(texts) <= most:
        return list(texts)
    return [texts[int(place)] for place in np.linspace(0, len(texts) - 1, most)]


def _texts_file(peer: Peer, questions: list[str], chunks: list[str], scratch: Path, most: int | None = None) -> Path:
    given = _spread_out(chunks, most or peer.chunks)
    path = scratch / f"texts-{len(given)}.json"
    path.write_text(json.dumps({"questions": questions, "chunks": given}), encoding="utf-8")
    return path


# --- the peers ---------------------------------------------------------------------------------------------------


def _peers(options: argparse.Namespace, scratch: Path) -> list[Peer]:
    beside, many = semble_environment(), options.chunks
    peers = [Peer(SUREFOOT, "surefoot", Path(sys.executable), options.embedder.resolve(), many)]
    for dtype in ("int8", "float32"):
        folder = scratch / f"model2vec-{dtype}"
        run([beside, SCRIPT, "model2vec", options.embedder.resolve(), folder, dtype])
        peers.append(Peer(f"model2vec, {dtype}", "model2vec", beside, folder, many))
    return [*peers, Peer(MINILM, "onnx", environment(ONNX, "onnx"), _minilm(scratch), options.transformer_chunks)]


def _minilm(scratch: Path) -> Path:
    """Made once: it says in its name which weights it is made of."""
    sys.path.append(str(EVALS / "train"))
    distill = import_module("distill")  # which knows where the weights are, and their hash
    folder = CACHE / "bench" / f"minilm-int8-{distill.MODEL_SHA256[:16]}"
    if not (folder / "model.onnx").exists():
        teacher = distill.fetch_teacher()
        np.savez(scratch / "weights.npz", **teacher.weights)
        (scratch / "tokenizer.json").write_text(json.dumps(teacher.tokenizer), encoding="utf-8")
        files = (scratch / "weights.npz", scratch / "tokenizer.json", folder)
        run([environment(ONNX, "onnx"), HERE / "minilm_onnx.py", *files])
    return folder


def _versions(peers: Sequence[Peer]) -> dict[str, str]:
    asked = "import sys, importlib.metadata as m; print(m.version(sys.argv[1]))"
    package = {"model2vec": "model2vec", "onnx": "onnxruntime"}
    pythons = {package[peer.kind]: peer.python for peer in peers if peer.kind in package}
    return {name: run([python, "-c", asked, name]).output.strip() for name, python in pythons.items()}


# --- measuring ---------------------------------------------------------------------------------------------------


def _taken_in_turn(texts: dict[Peer, Path], rounds: int) -> dict[Peer, list[dict[str, Any]]]:
    found: dict[Peer, list[dict[str, Any]]] = defaultdict(list)
    for number in range(rounds):
        for peer, path in texts.items():
            found[peer].append(_once(peer, path))
        print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
    return found


def _once(peer: Peer, *arguments: Path) -> dict[str, Any]:
    environ = {**without_settings(), **ONE_THREAD}
    done = run([peer.python, SCRIPT, "measure", peer.kind, peer.folder, *arguments], env=environ)
    return {**json.loads(done.output), "peak_mb": done.peak_bytes / 1e6}


def _row(peer: Peer, rounds: Sequence[dict[str, Any]], texts: Path) -> dict[str, Any]:
    times = [took for each in rounds for took in each["question_ms"]]
    count = len(json.loads(texts.read_text(encoding="utf-8"))["chunks"])
    spreads = {name: spread([each[name] for each in rounds]) for name in ("import_ms", "load_ms", "start_ms")}
    rates = spread([count / each["cpu_seconds"] for each in rounds])
    return {
        "system": peer.name,
        "bytes": bytes_below(peer.folder),
        **spreads,
        "question_ms": spread(times),
        "chunks": count,
        "chunks_per_second": rates,
        # More than one would be more than one core.
        "cores": round(statistics.median(each["cpu_seconds"] / each["seconds"] for each in rounds), 2),
        "peak_mb": round(statistics.median(each["peak_mb"] for each in rounds), 1),
    }


# --- whether the vectors are the same ------------------------------------------------------------------------------


def _agreement(
    peers: Sequence[Peer], questions: list[str], chunks: list[str], scratch: Path
) -> dict[Peer, dict[str, dict[str, float]]]:
    """The cosines between Surefoot's vectors and those of others with the same weights; every peer is started."""
    kept: dict[Peer, dict[str, NDArray[Any]]] = {}
    for number, peer in enumerate(peers):
        texts = _texts_file(peer, questions, chunks, scratch, min(COMPARED, peer.chunks))
        _once(peer, texts, vectors := scratch / f"vectors-{number}.npz")
        with np.load(vectors) as found:
            kept[peer] = dict(found)
    own, *others = (peer for peer in peers if peer.kind in {"surefoot", "model2vec"})
    return {
        peer: {"alike": {of: round(_mean_cosine(kept[own][of], kept[peer][of]), 4) for of in kept[own]}}
        for peer in others
    }


def _mean_cosine(one: NDArray[Any], other: NDArray[Any]) -> float:
    """Row by row; a row without a direction is like no other."""
    pairs = zip(one.astype(np.float64), other.astype(np.float64), strict=True)
    return statistics.fmean(float(a @ b) / max(math.hypot(*a) * math.hypot(*b), SHORTEST) for a, b in pairs)


if __name__ == "__main__":
    main()
