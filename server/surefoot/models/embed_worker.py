"""The process that holds a GGUF embedding model: `python -m surefoot.models.embed_worker`.

    in   {"op": "load", "path", "threads"}      first, once
         {"op": "embed", "id", "texts"}         one after the other
    out  {"event": "loaded"}   {"event": "embedded", "id", "vectors"}   hex of int8, per text
         {"event": "failed", "id", "kind", "message"}

Invariant: as in `worker.py`, nothing but these lines reaches the channel, and the process ends when stdin does.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path
from queue import SimpleQueue
from typing import Any, BinaryIO

import numpy as np

from surefoot.errors import ModelInvalidError, SurefootError
from surefoot.models.gguf_file import read_head
from surefoot.models.vectors import to_int8
from surefoot.models.worker import Channel, claim_stdout

# Longest text that is read, in tokens. Chunks are shorter, and attention grows with its square.
MOST_TOKENS = 512


class EmbeddingModel:
    """One loaded model. Not thread-safe."""

    def __init__(self, llama: Any) -> None:
        self._llama = llama
        self._dimension: int = llama.n_embd()

    @classmethod
    def load(cls, path: Path, threads: int) -> EmbeddingModel:
        """Load a file; a ModelInvalidError says why it cannot be used."""
        head = read_head(path)
        if not head.pools:
            raise ModelInvalidError(f"{path} is not an embedding model; choose one, or the builtin, as embedder.")
        import llama_cpp  # noqa: PLC0415 - a wrong file is refused without it, and without having it installed

        length = min(head.context_length or MOST_TOKENS, MOST_TOKENS)
        try:
            # An encoder sees a text at once, so batch, physical batch and context are all one text long.
            llama = llama_cpp.Llama(
                str(path), embedding=True, n_ctx=length, n_batch=length, n_ubatch=length,
                n_threads=threads, n_threads_batch=threads, verbose=False,
            )  # fmt: skip
        except (ValueError, RuntimeError, AssertionError) as error:
            raise ModelInvalidError(f"{path} could not be loaded; it may be damaged or of an unknown kind.") from error
        return cls(llama)

    def embed(self, texts: list[str]) -> list[str]:
        """The int8 vectors as hex. A text that the model refuses, such as an empty one, has a vector of zeros."""
        rows = np.zeros((len(texts), self._dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            # Half of a surrogate pair cannot be encoded, and occurs in damaged files.
            row[:] = self._llama.embed(text.encode("utf-8", "replace").decode() or " ", truncate=True)
        return [vector.hex() for vector in to_int8(np.nan_to_num(rows))]


def load(message: dict[str, Any], channel: Channel) -> EmbeddingModel | None:
    """The model, or None after having said why not."""
    try:
        model = EmbeddingModel.load(Path(message["path"]), message["threads"])
    except (SurefootError, ImportError) as error:
        kind = "import" if isinstance(error, ImportError) else type(error).__name__
        channel.send("failed", id=0, kind=kind, message=str(error))
        return None
    channel.send("loaded")
    return model


def read_requests(stream: BinaryIO, requests: SimpleQueue[dict[str, Any]]) -> None:
    """Pass on what the parent asks; once it is gone, end the process even in the middle of a text."""
    for line in stream:
        message = json.loads(line)
        if message["op"] == "shutdown":
            break
        requests.put(message)
    os._exit(0)


def main() -> None:
    """Load, then answer requests until stdin ends."""
    channel = Channel(claim_stdout())
    first = sys.stdin.buffer.readline()
    model = load(json.loads(first), channel) if first else None
    if model is None:
        return
    requests: SimpleQueue[dict[str, Any]] = SimpleQueue()
    threading.Thread(target=read_requests, args=(sys.stdin.buffer, requests), daemon=True).start()
    while True:
        request = requests.get()
        try:
            channel.send("embedded", id=request["id"], vectors=model.embed(request["texts"]))
        except Exception as error:  # noqa: BLE001 - whatever the runtime raises, the parent gets one sentence
            channel.send("failed", id=request["id"], kind="model", message=f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
