"""A GGUF model in a process of its own, seen from the server: `LlamaGenerator`.

Invariant: whatever happens in the model's process, here it is one exception with one sentence, and the next request
finds a live process again. Requests are answered one after the other; counting tokens overtakes them.
"""

from __future__ import annotations

import itertools
import math
import os
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from surefoot.errors import (
    Cancelled,
    ContextFullError,
    ModelError,
    ModelInvalidError,
    ModelNotFoundError,
    WorkerDiedError,
)
from surefoot.models.gguf_file import read_head, usable_context
from surefoot.models.process import DEAD, WorkerProcess
from surefoot.models.protocols import GenerationRequest
from surefoot.trace import CancelToken

POLL_SECONDS = 0.02  # how often a cancel token is looked at while waiting: a tenth of what a cancel may take
CONTEXT_TOKENS = 4096  # room for the sources, the examples and the answer; more would only cost memory
MOST_THREADS = 8  # writing is bound by memory bandwidth; more threads add heat, not tokens
CRASHES_TO_PAUSE = 3  # in a row; a model that crashes at once is not started for every question
PAUSE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class LlamaOptions:
    """How to run a model."""

    context_tokens: int = CONTEXT_TOKENS
    threads: int = 0  # 0: `idle_threads()` at the time of loading
    gpu_layers: int = -1  # -1: all that the build can offload


@dataclass(frozen=True, slots=True)
class Usage:
    """What the last answer took, for traces."""

    prompt_tokens: int = 0
    reused_tokens: int = 0  # of the prompt, found evaluated from the last question
    answer_tokens: int = 0
    prompt_seconds: float = 0.0
    answer_seconds: float = 0.0


def idle_threads() -> int:
    """Threads that find a core of their own: physical cores, less what is busy now, less one of headroom.

    A spinning thread on a busy core ruins throughput: on two cores with one busy, two threads wrote 0.8 tokens a
    second and one wrote 5.
    """
    cores = _physical_cores()
    busy = math.floor(os.getloadavg()[0] + 0.5) if hasattr(os, "getloadavg") else 0
    return max(1, min(MOST_THREADS, cores - max(1, min(busy, cores // 2))))


def _physical_cores() -> int:
    logical = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    siblings = {
        file.read_text(encoding="ascii")
        for file in Path("/sys/devices/system/cpu").glob("cpu[0-9]*/topology/thread_siblings_list")
    }
    return min(logical, len(siblings)) if siblings else logical


class LlamaGenerator:
    """A `Generator` over a GGUF file. Starts its process at the first request; threads may share it."""

    def __init__(self, path: Path, *, name: str = "", options: LlamaOptions | None = None) -> None:
        self.name = name or path.stem
        self.path = path
        self.last_usage = Usage()
        self._options = options or LlamaOptions()
        self._context_tokens = 0
        self._numbers = itertools.count(1)
        self._starting = threading.Lock()
        self._process: WorkerProcess | None = None
        self._crashes = 0
        self._paused_until = 0.0

    @property
    def context_tokens(self) -> int:
        """How many tokens the prompt and the answer may have together; read from the file's head, once."""
        if not self._context_tokens:
            self._context_tokens = usable_context(read_head(self.path), self._options.context_tokens)
        return self._context_tokens

    @property
    def process_id(self) -> int | None:
        """The model's process, when there is one."""
        return self._process.pid if self._process else None

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The length of each text in the model's own tokens."""
        if not texts:
            return []
        process = self._running(CancelToken())
        with process.conversation(next(self._numbers)) as (number, inbox):
            process.send({"op": "count", "id": number, "texts": list(texts)})
            message = self._receive(process, inbox, CancelToken())
        return [int(count) for count in message["counts"]]

    def generate(self, request: GenerationRequest, cancel: CancelToken) -> Iterator[str]:
        """Pieces of the answer. Leaving the iteration early stops the model too."""
        cancel.raise_if_cancelled()
        process = self._running(cancel)
        with process.conversation(next(self._numbers)) as (number, inbox):
            process.send({"op": "generate", "id": number, **_fields(request)})
            finished = False
            try:
                while True:
                    message = self._receive(process, inbox, cancel)
                    if message["event"] == "piece":
                        yield message["text"]
                        continue
                    finished = True
                    self._conclude(message)
                    return
            finally:
                if not finished:
                    process.send({"op": "cancel", "id": number})

    def close(self) -> None:
        """End the process. The next request starts another."""
        with self._starting:
            if self._process:
                self._process.close()
            self._process = None

    def _conclude(self, message: dict[str, Any]) -> None:
        if message["event"] == "done":
            self._crashes = 0
            self.last_usage = Usage(**message["usage"])
        elif message["event"] == "cancelled":
            raise Cancelled("Cancelled.")
        elif message["kind"] == "context_full":
            raise ContextFullError(message["message"])
        else:
            raise ModelError(f"The model {self.name} could not answer ({message['message']}).")

    def _receive(self, process: WorkerProcess, inbox: queue.SimpleQueue[Any], cancel: CancelToken) -> dict[str, Any]:
        while True:
            cancel.raise_if_cancelled()
            try:
                message: dict[str, Any] = inbox.get(timeout=POLL_SECONDS)
            except queue.Empty:
                continue
            if message is DEAD:
                raise self._died(process)
            return message

    def _died(self, process: WorkerProcess) -> WorkerDiedError:
        self._forget(process)
        return WorkerDiedError(
            f"The process of the model {self.name} ended in mid-answer ({process.ending()}); "
            "ask again, and it is started anew."
        )

    def _forget(self, process: WorkerProcess) -> None:
        with self._starting:
            if self._process is not process:
                return  # another thread saw the same death
            self._process = None
            process.close()
            self._crashes += 1
            if self._crashes >= CRASHES_TO_PAUSE:
                self._paused_until = time.monotonic() + PAUSE_SECONDS

    def _running(self, cancel: CancelToken) -> WorkerProcess:
        process = self._started()
        while not process.loaded.wait(POLL_SECONDS):
            cancel.raise_if_cancelled()
        if process.load_failure is not None:
            failure = process.load_failure
            if failure is DEAD:
                raise self._died_loading(process)
            self.close()
            raise _load_error(failure)
        return process

    def _died_loading(self, process: WorkerProcess) -> ModelError:
        self._forget(process)
        return ModelInvalidError(
            f"The model file {self.path} could not be loaded: its process ended ({process.ending()}); "
            "it may be damaged or too large for this machine's memory (surefoot models verify)."
        )

    def _started(self) -> WorkerProcess:
        with self._starting:
            if self._process and self._process.alive():
                return self._process
            if self._process:
                self._process.close()
            wait = self._paused_until - time.monotonic()
            if wait > 0:
                raise WorkerDiedError(
                    f"The process of the model {self.name} ended {self._crashes} times in a row; "
                    f"it is tried again in {math.ceil(wait)} seconds."
                )
            if not self.path.is_file():
                raise ModelNotFoundError(f"There is no model file {self.path}; run: surefoot models list.")
            self._process = WorkerProcess.start(self._load_message())
            return self._process

    def _load_message(self) -> dict[str, Any]:
        options = self._options
        return {
            "op": "load",
            "path": str(self.path),
            "context_tokens": options.context_tokens,
            "threads": options.threads or idle_threads(),
            "gpu_layers": options.gpu_layers,
        }


def _fields(request: GenerationRequest) -> dict[str, Any]:
    return {
        "system": request.system,
        "user": request.user,
        "examples": [list(turns) for turns in request.examples],
        "grammar": request.grammar,
        "max_tokens": request.max_tokens,
    }


def _load_error(failure: dict[str, Any]) -> ModelError:
    kinds: dict[str, type[ModelError]] = {
        "ModelInvalidError": ModelInvalidError,
        "ModelNotFoundError": ModelNotFoundError,
        "import": ModelNotFoundError,
    }
    message = failure["message"]
    if failure["kind"] == "import":
        message = f"llama-cpp-python cannot be used ({message}); install it with: pip install 'surefoot[llm]'."
    return kinds.get(failure["kind"], ModelError)(message)
