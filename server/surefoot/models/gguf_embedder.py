"""Any GGUF embedding model, in a process of its own: `GgufEmbedder`.

Invariant: whatever happens in the model's process, here it is one ModelError with one sentence, and the next request
finds a live process again.
"""

from __future__ import annotations

import hashlib
import itertools
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from surefoot.domain import EmbedderIdentity
from surefoot.errors import ModelError, ModelInvalidError, ModelNotFoundError, WorkerDiedError
from surefoot.models.gguf_file import read_head
from surefoot.models.llama import idle_threads
from surefoot.models.process import DEAD, WorkerProcess

MODULE = "surefoot.models.embed_worker"
# Texts per message: small enough that a lost process costs seconds of work, large enough to hide the pipe.
BATCH = 32


class GgufEmbedder:
    """An `Embedder` over a GGUF file. Threads may share it; their requests are answered one after the other."""

    def __init__(self, path: Path, *, threads: int = 0) -> None:
        """Start the process and load the model, so that what is wrong with the file is said here."""
        self.path = path.absolute()
        self._threads = threads
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._process = self._start()
        self._weights_hash = file_sha256(self.path)
        self.identity = EmbedderIdentity(path.stem, len(self.embed_query(path.stem)), self._weights_hash)

    @property
    def process_id(self) -> int:
        """The model's process."""
        return self._process.pid

    def embed_documents(self, texts: Sequence[str]) -> list[bytes]:
        """One int8 vector per text, in order."""
        batches = (texts[start : start + BATCH] for start in range(0, len(texts), BATCH))
        return list(itertools.chain.from_iterable(map(self._embed, batches)))

    def embed_query(self, text: str) -> bytes:
        """The int8 vector of a question."""
        return self._embed([text])[0]

    def close(self) -> None:
        """End the process. The next request starts another."""
        with self._lock:
            self._process.close()

    def _embed(self, texts: Sequence[str]) -> list[bytes]:
        process = self._live()
        with process.conversation(next(self._numbers)) as (number, inbox):
            process.send({"op": "embed", "id": number, "texts": list(texts)})
            message = _answer(process, inbox, self.path)
        return [bytes.fromhex(vector) for vector in message["vectors"]]

    def _live(self) -> WorkerProcess:
        with self._lock:
            if not self._process.alive():
                self._process.close()
                process = self._start()
                if file_sha256(self.path) != self._weights_hash:
                    process.close()
                    raise ModelInvalidError(f"The embedding model {self.path} was replaced; restart Surefoot.")
                self._process = process
            return self._process

    def _start(self) -> WorkerProcess:
        read_head(self.path)  # the commonest mistakes are told apart without a process
        load = {"op": "load", "path": str(self.path), "threads": self._threads or idle_threads()}
        process = WorkerProcess.start(load, module=MODULE)
        process.loaded.wait()
        if process.load_failure is not None:
            failure = process.load_failure
            process.close()
            raise _load_error(failure, self.path)
        return process


def _answer(process: WorkerProcess, inbox: SimpleQueue[Any], path: Path) -> dict[str, Any]:
    message: Any = inbox.get()
    if message is DEAD:
        raise WorkerDiedError(f"The process of the embedding model {path} ended ({process.ending()}); try again.")
    if message["event"] == "failed":
        raise ModelError(f"The embedding model {path} could not read a text ({message['message']}).")
    return dict(message)


def _load_error(failure: Any, path: Path) -> ModelError:
    if failure is DEAD:
        return ModelInvalidError(f"The embedding model {path} could not be loaded; its process ended at once.")
    if failure["kind"] == "import":
        return ModelNotFoundError(
            "An embedding model needs llama-cpp-python; install it with: pip install 'surefoot[llm]'."
        )
    kind = ModelNotFoundError if failure["kind"] == "ModelNotFoundError" else ModelInvalidError
    return kind(failure["message"])


def file_sha256(path: Path) -> str:
    """The hash of the whole file, computed once per process as long as size and time of change stay."""
    facts = path.stat()
    return _file_sha256(path, facts.st_size, facts.st_mtime_ns)


@lru_cache(maxsize=8)
def _file_sha256(path: Path, size: int, mtime_ns: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
