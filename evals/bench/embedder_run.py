"""Runs one embedder for the benchmark, in an environment that has it: `python embedder_run.py measure|model2vec ...`.

    measure KIND FOLDER TEXTS [VECTORS]   loads it, embeds the questions one by one, then the chunks; prints the times
    model2vec FOLDER TARGET DTYPE         writes Surefoot's static embedder in FOLDER as a model of model2vec

Invariant: the clock runs from before the first import that is not Python's own, and no text is embedded twice under it,
so that what an embedder remembers of a text does not count for it.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WARM_UP = 5  # questions


@dataclass(frozen=True, slots=True)
class Opened:
    """An embedder that is ready, and the moment at which its libraries were. Both give int8 or float rows."""

    imported: float
    question: Callable[[str], Any]
    chunks: Callable[[list[str]], Any]


def main() -> None:
    """Do what the first argument says."""
    does: dict[str, Callable[..., None]] = {"measure": measure, "model2vec": write_model2vec}
    does[sys.argv[1]](*sys.argv[2:])


def measure(kind: str, folder: str, texts_file: str, vectors_file: str = "") -> None:
    """One process, from the first import to the last chunk."""
    texts = json.loads(Path(texts_file).read_text(encoding="utf-8"))
    first, *questions = texts["questions"]
    begin = time.perf_counter()
    embedder = OPENERS[kind](folder)
    loaded = time.perf_counter()
    embedder.question(first)
    answered = time.perf_counter()
    found = {
        "import_ms": (embedder.imported - begin) * 1000,
        "load_ms": (loaded - embedder.imported) * 1000,
        "start_ms": (answered - begin) * 1000,
        "question_ms": _each(embedder, questions),
    }
    begin, cpu = time.perf_counter(), time.process_time()
    rows = embedder.chunks(texts["chunks"])
    found |= {"cpu_seconds": time.process_time() - cpu, "seconds": time.perf_counter() - begin}
    if vectors_file:
        _keep(Path(vectors_file), [embedder.question(text) for text in questions], rows)
    print(json.dumps(found))


def _each(embedder: Opened, questions: list[str]) -> list[float]:
    for question in questions[:WARM_UP]:
        embedder.question(question)
    times = []
    for question in questions[WARM_UP:]:
        begin = time.perf_counter()
        embedder.question(question)
        times.append((time.perf_counter() - begin) * 1000)
    return times


def _keep(path: Path, questions: list[Any], chunks: Any) -> None:
    import numpy as np  # noqa: PLC0415 - the clock runs for it elsewhere

    np.savez(path, questions=np.asarray(_rows(questions)), chunks=np.asarray(_rows(chunks)))


def _rows(found: Any) -> Any:
    """Surefoot's vectors are bytes, as they are stored."""
    import numpy as np  # noqa: PLC0415 - the clock runs for it elsewhere

    return [np.frombuffer(row, np.int8) if isinstance(row, bytes) else row for row in found]


# --- the embedders: what each imports is a part of what is measured ------------------------------------------------


def surefoot(folder: str) -> Opened:
    """The package's own."""
    from surefoot.models.static_embedder import StaticEmbedder  # noqa: PLC0415 - see above

    imported = time.perf_counter()
    embedder = StaticEmbedder.load(Path(folder))
    return Opened(imported, embedder.embed_query, embedder.embed_documents)


def model2vec(folder: str) -> Opened:
    """StaticModel with its own defaults; processes of its own it would only start from 10,000 texts on."""
    from model2vec import StaticModel  # noqa: PLC0415 - see above

    imported = time.perf_counter()
    model = StaticModel.from_pretrained(folder)
    return Opened(imported, model.encode, lambda texts: model.encode(texts, use_multiprocessing=False))


def onnx(folder: str) -> Opened:
    """The transformer that `minilm_onnx.py` made, on one thread, one text at a time."""
    import numpy as np  # noqa: PLC0415 - see above
    import onnxruntime  # type: ignore[import-not-found]  # noqa: PLC0415 - see above
    from tokenizers import Tokenizer  # noqa: PLC0415 - see above

    imported = time.perf_counter()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(f"{folder}/model.onnx", options, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")

    def embed(text: str) -> Any:
        return session.run(None, {"ids": np.array([tokenizer.encode(text).ids])})[0][0]

    return Opened(imported, embed, lambda texts: [embed(text) for text in texts])


OPENERS = {"surefoot": surefoot, "model2vec": model2vec, "onnx": onnx}


def write_model2vec(folder: str, target: str, dtype: str) -> None:
    """The same weights: int8 rows with their scales as token weights, or the floats that they stand for."""
    import numpy as np  # noqa: PLC0415 - the clock runs for it elsewhere
    from model2vec import StaticModel  # noqa: PLC0415 - only its environment has it
    from tokenizers import Tokenizer  # noqa: PLC0415 - the clock runs for it elsewhere

    vectors, scales = np.load(f"{folder}/vectors.npy"), np.load(f"{folder}/scales.npy")
    tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
    if dtype == "int8":
        model = StaticModel(vectors, tokenizer, normalize=True, weights=scales)
    else:
        model = StaticModel(vectors * scales[:, np.newaxis], tokenizer, normalize=True)
    model.save_pretrained(target)


if __name__ == "__main__":
    main()
