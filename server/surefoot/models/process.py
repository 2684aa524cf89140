"""The other end of `worker.py`: starts the process, writes its stdin, sorts what it says by request.

Invariant: every conversation ends with an answer or with `DEAD`; nobody waits for a process that is gone.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import weakref
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import surefoot

DEAD: Any = object()  # what every open conversation hears when the process ends
LOG_LINES = 30  # of stderr, kept for the sentence about an unexpected end
SECONDS_TO_LEAVE = 1.0  # after being asked to; then the process is killed

Inbox = queue.SimpleQueue[Any]


class WorkerProcess:
    """One run of the worker."""

    def __init__(self, popen: subprocess.Popen[bytes]) -> None:
        self.loaded = threading.Event()
        self.load_failure: Any = None
        self._popen = popen
        self._conversations: dict[int, Inbox] = {}
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._ended = False
        self._log: deque[str] = deque(maxlen=LOG_LINES)
        self._threads = [
            threading.Thread(target=target, name=f"model-{target.__name__}", daemon=True)
            for target in (self._read_messages, self._read_log)
        ]
        # At interpreter exit, and when a generator is dropped without being closed.
        self._finalizer = weakref.finalize(self, _end, popen)

    @classmethod
    def start(cls, load: dict[str, Any], *, module: str = "surefoot.models.worker") -> WorkerProcess:
        """Start `module` as a process and have it load; `loaded` is set when it has, or has failed to."""
        process = cls(
            subprocess.Popen(
                # -P: a folder called llama_cpp in the current directory must not be imported.
                [sys.executable, "-P", "-m", module],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=_environment(),
            )
        )
        for thread in process._threads:
            thread.start()
        process.send(load)
        return process

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._popen.pid

    def alive(self) -> bool:
        """Whether it can still answer."""
        return not self._ended and self._popen.poll() is None

    def send(self, message: dict[str, Any]) -> None:
        """Write one message. If the process is gone, its conversations hear of it from the reading thread."""
        with self._writing, contextlib.suppress(OSError, ValueError):
            stdin = _pipe(self._popen.stdin)
            stdin.write(json.dumps(message).encode("ascii") + b"\n")
            stdin.flush()

    @contextlib.contextmanager
    def conversation(self, number: int) -> Iterator[tuple[int, Inbox]]:
        """A queue of the messages about request `number`. What comes after the end is dropped."""
        inbox: Inbox = queue.SimpleQueue()
        with self._lock:
            self._conversations[number] = inbox
            if self._ended:
                inbox.put(DEAD)
        try:
            yield number, inbox
        finally:
            with self._lock:
                del self._conversations[number]

    def was_refused(self) -> bool:
        """Whether the processor, or who shares it out, refused one of its instructions."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._popen.wait(SECONDS_TO_LEAVE) == -signal.SIGILL
        return False

    def ending(self) -> str:
        """How the process ended, in a few words."""
        try:
            code = self._popen.wait(SECONDS_TO_LEAVE)
        except subprocess.TimeoutExpired:
            return "it closed its channel"
        if code >= 0:
            return f"exit code {code}" + (f": {self._log[-1]}" if self._log and code else "")
        try:
            return f"signal {signal.Signals(-code).name}"
        except ValueError:
            return f"signal {-code}"

    def close(self) -> None:
        """End the process and free everything that belongs to it."""
        self.send({"op": "shutdown"})
        self._finalizer()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(SECONDS_TO_LEAVE)

    def _read_messages(self) -> None:
        with _pipe(self._popen.stdout) as stream, contextlib.suppress(ValueError):
            for line in stream:
                self._sort(json.loads(line))
        with self._lock:
            self._ended = True
            for inbox in self._conversations.values():
                inbox.put(DEAD)
        if not self.loaded.is_set():
            self.load_failure = self.load_failure or DEAD
            self.loaded.set()

    def _sort(self, message: dict[str, Any]) -> None:
        if message["event"] == "loaded" or message.get("id") == 0:
            self.load_failure = None if message["event"] == "loaded" else message
            self.loaded.set()
            return
        with self._lock:
            inbox = self._conversations.get(message["id"])
        if inbox is not None:
            inbox.put(message)

    def _read_log(self) -> None:
        with _pipe(self._popen.stderr) as stream, contextlib.suppress(ValueError):
            for line in stream:
                if text := line.decode("utf-8", "replace").strip():
                    self._log.append(text)


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise ValueError("the process was started without this pipe")
    return stream


def _environment() -> dict[str, str]:
    source = str(Path(surefoot.__file__).resolve().parents[1])
    inherited = os.environ.get("PYTHONPATH")
    return os.environ | {"PYTHONPATH": os.pathsep.join([source, *([inherited] if inherited else [])])}


def _end(popen: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError):
        if popen.stdin:
            popen.stdin.close()
    try:
        popen.wait(SECONDS_TO_LEAVE)
    except subprocess.TimeoutExpired:
        popen.kill()
        popen.wait()
