"""A GGUF model in a process of its own, seen from the server: `LlamaGenerator`.

Invariant: whatever happens in the model's process, here it is one exception with one sentence, and the next request
finds a live process again. Requests are answered one after the other; counting tokens overtakes them, and so does a
question of yes or no, between two tokens. A process that nobody has asked for a while is ended, and one that keeps
dying is tried again after longer and longer pauses.
"""

from __future__ import annotations

import itertools
import math
import os
import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
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
from surefoot.models.rates import BATCH, ModelState, Rates, Tuning, Usage, updated
from surefoot.trace import CancelToken

POLL_SECONDS = 0.02  # how often a cancel token is looked at while waiting: a tenth of what a cancel may take
CONTEXT_TOKENS = 4096  # room for the sources, the examples and the answer; more would only cost memory
MOST_THREADS = 8  # writing is bound by memory bandwidth; more threads add heat, not tokens
CRASHES_TO_PAUSE = 3  # in a row; a model that crashes at once is not started for every question
PAUSE_SECONDS = 30.0
LONGEST_PAUSE = 600.0  # each further crash doubles the pause
BUSY_LOAD = 0.75  # runnable threads of others; below, a calibrated number of threads is taken as it is


@dataclass(frozen=True, slots=True)
class LlamaOptions:
    """How to run a model."""

    context_tokens: int = CONTEXT_TOKENS
    threads: int = 0  # 0: as calibrated, and no more than `idle_threads()` while the machine is busy
    gpu_layers: int = -1  # -1: all that the build can offload
    memory: int = 0  # bytes that the process may take for itself, the model's file not counted; 0: a share of all
    idle_seconds: float = 0.0  # after which an unused process is ended; 0: never
    state_folder: Path | None = None  # where rates, the calibration and evaluated beginnings are kept
    tuning: Tuning | None = None  # None: what is kept
    believed_at: float | None = None  # see `Judge`


def idle_threads() -> int:
    """Threads that find a core of their own: physical cores, less what is busy now, less one of headroom.

    A spinning thread on a busy core ruins throughput: on two cores with one busy, two threads wrote 0.8 tokens a
    second and one wrote 5.
    """
    cores = physical_cores()
    busy = math.floor(load() + 0.5)
    return max(1, min(MOST_THREADS, cores - max(1, min(busy, cores // 2))))


def load() -> float:
    """Threads that ran or waited for a core in the last minute, on average; 0 where nobody counts them."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0


def physical_cores() -> int:
    """That this process may use; two threads on one core hinder each other."""
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
        self._state: ModelState | None = None
        self._rates: Rates | None = None
        self._tuned: Tuning | None = None
        self._writing: _Writing | None = None
        self._idle = _IdleTimer(self._options.idle_seconds, self.close)

    @property
    def context_tokens(self) -> int:
        """How many tokens the prompt and the answer may have together; read from the file's head, once."""
        if not self._context_tokens:
            self._context_tokens = usable_context(read_head(self.path), self._options.context_tokens)
        return self._context_tokens

    @property
    def rates(self) -> Rates | None:
        """How fast this machine reads and writes with the model, as last measured."""
        if self._rates is None and (state := self._kept()) is not None:
            self._rates = state.rates()
        return self._rates

    @property
    def process_id(self) -> int | None:
        """The model's process, when there is one."""
        return self._process.pid if self._process else None

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The length of each text in the model's own tokens."""
        if not texts:
            return []
        with self._idle.busy():
            return self._counted(texts)

    def _counted(self, texts: Sequence[str]) -> list[int]:
        process = self._running(CancelToken())
        with process.conversation(next(self._numbers)) as (number, inbox):
            process.send({"op": "count", "id": number, "texts": list(texts)})
            message = self._receive(process, inbox, CancelToken())
        return [int(count) for count in message["counts"]]

    @property
    def believed_at(self) -> float | None:
        """The log odds from which on a yes of the model is taken; None where nobody has measured that."""
        return self._options.believed_at

    def judge(self, request: GenerationRequest, cancel: CancelToken) -> float | None:
        """The log odds of yes against no; between two tokens, where an answer is being written."""
        writing, started = self._writing, time.perf_counter()
        with self._idle.busy():
            process = writing.process if writing is not None else self._running(cancel)
            with process.conversation(next(self._numbers)) as (number, inbox):
                process.send({"op": "judge", "id": number, "threads": self._threads(), **_turns(request)})
                try:
                    message = self._receive(process, inbox, cancel)
                except Cancelled:
                    process.send({"op": "cancel", "id": number})
                    raise
        if writing is not None:
            writing.rested += time.perf_counter() - started
        if message["event"] != "judged":
            self._conclude(message)
        odds: float | None = message["odds"]
        return odds

    def generate(self, request: GenerationRequest, cancel: CancelToken) -> Iterator[str]:
        """Pieces of the answer. Leaving the iteration early stops the model too."""
        cancel.raise_if_cancelled()
        with self._idle.busy():
            pieces = self._generated(request, cancel)
            try:
                first = next(pieces, None)
            except _RefusedError:
                pieces = self._generated(request, cancel)
                first = next(pieces, None)
            with closing(pieces):
                if first is not None:
                    yield first
                    yield from pieces

    def _generated(self, request: GenerationRequest, cancel: CancelToken) -> Generator[str, None, None]:
        process = self._running(cancel)
        with process.conversation(next(self._numbers)) as (number, inbox):
            process.send({"op": "generate", "id": number, "threads": self._threads(), **_fields(request)})
            finished, self.last_usage = False, Usage()
            writing = self._writing = _Writing(process)
            try:
                while True:
                    message = self._receive(process, inbox, cancel)
                    if message["event"] == "piece":
                        writing.take(message)
                        yield message["text"]
                        continue
                    finished = True
                    self._conclude(message)
                    return
            finally:
                self._writing = None
                if not finished:
                    process.send({"op": "cancel", "id": number})
                    self._note(writing.usage())

    def close(self) -> None:
        """End the process. The next request starts another."""
        self._idle.stop()
        with self._starting:
            if self._process:
                self._process.close()
            self._process = None

    def _conclude(self, message: dict[str, Any]) -> None:
        if message["event"] == "done":
            self._crashes = 0
            self._note(Usage(**message["usage"]))
        elif message["event"] == "cancelled":
            raise Cancelled
        elif message["kind"] == "context_full":
            raise ContextFullError(message["message"])
        else:
            raise ModelError(f"The model {self.name} could not answer ({message['message']}).")

    def _note(self, usage: Usage) -> None:
        self.last_usage = usage
        rates = updated(self.rates, usage)
        if rates is not None and rates != self._rates:
            self._rates = rates
            if (state := self._kept()) is not None:
                state.keep_rates(rates)

    def _kept(self) -> ModelState | None:
        """What is known of the model on this machine, where that is kept; nothing of a file that is not there."""
        if self._state is None and self._options.state_folder is not None and self.path.is_file():
            self._state = ModelState(self._options.state_folder, self.path)
        return self._state

    @property
    def tuning(self) -> Tuning:
        """How the model is run: as asked for, or as kept."""
        if self._tuned is None:
            state = self._kept()
            self._tuned = self._options.tuning or (state.tuning() if state is not None else Tuning())
        return self._tuned

    def _threads(self) -> int:
        """At this moment: what was calibrated on a quiet machine is too many on a busy one."""
        tuned = self.tuning.threads
        if self._options.threads or not tuned:
            return self._options.threads or idle_threads()
        return tuned if load() < BUSY_LOAD else min(tuned, idle_threads())

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
        if process.was_refused() and (tuning := self.tuning).special_instructions:
            self._tuned = replace(tuning, special_instructions=False)
            if (state := self._kept()) is not None:
                state.keep_tuning(self._tuned)
            return _RefusedError(
                f"The process of the model {self.name} used an instruction that this machine refuses; ask again, and "
                "it does without."
            )
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
                pause = PAUSE_SECONDS * 2 ** (self._crashes - CRASHES_TO_PAUSE)
                self._paused_until = time.monotonic() + min(pause, LONGEST_PAUSE)

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
        options, tuning, state = self._options, self.tuning, self._kept()
        return {
            "op": "load",
            "path": str(self.path),
            "context_tokens": options.context_tokens,
            "threads": self._threads(),
            "gpu_layers": options.gpu_layers,
            "batch": tuning.batch or BATCH,
            "flash_attention": tuning.flash_attention,
            "special_instructions": tuning.special_instructions,
            "memory": options.memory,
            "prefixes": str(state.folder) if state is not None else "",
            "kind": state.key if state is not None else "",
        }


@dataclass(slots=True)
class _Writing:
    """What an answer has taken so far: whoever has read enough leaves, and then nobody else counts."""

    process: WorkerProcess
    begun: Usage = field(default_factory=Usage)
    pieces: int = 0
    first: float = 0.0
    last: float = 0.0
    rested: float = 0.0  # seconds in which something else was asked

    def take(self, message: dict[str, Any]) -> None:
        """One more piece, which is about a token."""
        self.last = time.perf_counter()
        if not self.pieces:
            self.begun, self.first = Usage(**message["usage"]), self.last
        self.pieces += 1

    def usage(self) -> Usage:
        """Of what has come; the first piece was chosen when the prompt was read."""
        seconds = max(self.last - self.first - self.rested, 0.0)
        return replace(self.begun, answer_tokens=max(self.pieces - 1, 0), answer_seconds=seconds)


class _RefusedError(WorkerDiedError):
    """The first attempt was ended for what a second one can do without."""


class _IdleTimer:
    """Calls `unload` once nothing was asked for some seconds. 0 seconds: never."""

    def __init__(self, seconds: float, unload: Callable[[], None]) -> None:
        self._seconds = seconds
        self._unload = unload
        self._lock = threading.Lock()
        self._busy = 0
        self._timer: threading.Timer | None = None

    @contextmanager
    def busy(self) -> Iterator[None]:
        """While something is asked, the time stands still; afterwards it begins anew."""
        with self._lock:
            self._busy += 1
            self._stop()
        try:
            yield
        finally:
            with self._lock:
                self._busy -= 1
                if self._seconds and not self._busy:
                    self._timer = threading.Timer(self._seconds, self._ring)
                    self._timer.daemon = True
                    self._timer.start()

    def stop(self) -> None:
        """Forget the time; there is nothing to unload."""
        with self._lock:
            self._stop()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None

    def _ring(self) -> None:
        with self._lock:
            is_idle, self._timer = not self._busy, None
        if is_idle:
            self._unload()


def _fields(request: GenerationRequest) -> dict[str, Any]:
    return {**_turns(request), "grammar": request.grammar, "max_tokens": request.max_tokens}


def _turns(request: GenerationRequest) -> dict[str, Any]:
    examples = [list(turns) for turns in request.examples]
    return {"system": request.system, "user": request.user, "examples": examples}


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
