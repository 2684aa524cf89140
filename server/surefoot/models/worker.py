"""The process that holds the language model: `python -m surefoot.models.worker`.

One JSON object a line comes in on stdin and goes out on what was stdout at the start.

    in   {"op": "load", "path", "context_tokens", "threads", "gpu_layers", "batch", "flash_attention",
          "special_instructions", "memory", "prefixes", "kind"}    first, once
         {"op": "count", "id", "texts"}            answered at once, even in the middle of an answer
         {"op": "generate", "id", "system", "user", "examples", "grammar", "max_tokens", "threads"}    in turn
         {"op": "judge", "id", "system", "user", "examples", "threads"}    between two tokens of an answer
         {"op": "cancel", "id"}
         {"op": "shutdown"}
    out  {"event": "loaded", "context_tokens", "seconds"}
         {"event": "counted", "id", "counts"}
         {"event": "judged", "id", "odds"}    or "cancelled" or "failed", as below
         {"event": "piece", "id", "text"}    the first one with the "usage" so far
         {"event": "done", "id", "usage"}    or "cancelled", or "failed" with "kind" and "message": the last of an id

Invariant: nothing but these lines reaches the channel (fd 1 points at stderr), and the process ends when stdin does.
"""

from __future__ import annotations

import codecs
import json
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from surefoot.errors import Cancelled, ContextFullError, ModelInvalidError, SurefootError
from surefoot.models.chat import messages_of
from surefoot.models.gguf_file import GgufHead, read_head, usable_context
from surefoot.models.prefix import PrefixStore
from surefoot.trace import CancelToken

Request = tuple[dict[str, Any], CancelToken]


class Channel:
    """The way back to the parent; one line is one message, from any thread."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, event: str, **fields: Any) -> None:
        """Send one message. A parent that is gone ends this process."""
        line = json.dumps({"event": event, **fields}).encode("ascii") + b"\n"
        try:
            with self._lock:
                self._stream.write(line)
                self._stream.flush()
        except OSError:
            os._exit(0)


def claim_stdout() -> BinaryIO:
    """Keep the real stdout for the channel, and point fd 1 at stderr: C code may print what it likes."""
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return channel


def check_kind(head: GgufHead, path: Path) -> None:
    """Refuse files that load but cannot write text."""
    if head.file_type in {"adapter", "mmproj"} or head.architecture == "clip":
        raise ModelInvalidError(f"{path} is not a whole language model ({head.file_type or head.architecture}).")
    if head.pools or "bert" in head.architecture:
        raise ModelInvalidError(
            f"{path} is an embedding model and cannot write answers; choose a chat model with --model."
        )


class Inbox:
    """What the parent has asked: read on its own thread, so that `cancel` and `count` overtake an answer."""

    def __init__(self, stream: BinaryIO, channel: Channel, count: Any) -> None:
        self._stream = stream
        self._channel = channel
        self._count = count
        self._cancels: dict[int, CancelToken] = {}
        self.requests: queue.SimpleQueue[Request | None] = queue.SimpleQueue()  # None: look at the questions
        self.questions: queue.SimpleQueue[Request] = queue.SimpleQueue()

    def start(self) -> None:
        """Begin to read."""
        threading.Thread(target=self._run, name="inbox", daemon=True).start()

    def finished(self, request_id: int) -> None:
        """Forget a request that has been answered."""
        self._cancels.pop(request_id, None)

    def _run(self) -> None:
        for line in self._stream:
            message = json.loads(line)
            if message["op"] == "shutdown":
                break
            self._take(message)
        # The parent is gone or wants us gone; waiting for a decode that nobody reads helps nobody.
        os._exit(0)

    def _take(self, message: dict[str, Any]) -> None:
        if message["op"] == "generate":
            cancel = self._cancels[message["id"]] = CancelToken()
            self.requests.put((message, cancel))
        elif message["op"] == "judge":
            cancel = self._cancels[message["id"]] = CancelToken()
            self.questions.put((message, cancel))
            self.requests.put(None)
        elif message["op"] == "cancel" and message["id"] in self._cancels:
            self._cancels[message["id"]].cancel()
        elif message["op"] == "count":
            self._channel.send("counted", id=message["id"], counts=[self._count(t) for t in message["texts"]])


@dataclass(frozen=True, slots=True)
class Desk:
    """Where requests are answered."""

    model: Any
    channel: Channel
    inbox: Inbox

    def run(self) -> None:
        """Answer, one after the other, until the parent goes."""
        while True:
            request = self.inbox.requests.get()
            if request is None:
                self._judge()
            else:
                self._end(request, self._write)

    def _judge(self) -> None:
        """Answer the questions that wait."""
        while not self.inbox.questions.empty():
            self._end(self.inbox.questions.get(), self._odds)

    def _write(self, request: dict[str, Any], cancel: CancelToken) -> None:
        number, model = request["id"], self.model
        prompt = model.prompt(messages_of(request))
        model.use_threads(request["threads"])
        pieces = model.write(prompt, request["grammar"], request["max_tokens"], cancel)
        for count, text in enumerate(decoded(pieces)):
            self.channel.send("piece", id=number, text=text, **({} if count else {"usage": model.usage}))
            self._judge()
        self.channel.send("done", id=number, usage=model.usage)

    def _odds(self, request: dict[str, Any], cancel: CancelToken) -> None:
        odds = self.model.odds(self.model.prompt(messages_of(request)), request["threads"], cancel)
        self.channel.send("judged", id=request["id"], odds=odds)

    def _end(self, request: Request, answer: Callable[[dict[str, Any], CancelToken], None]) -> None:
        """Carry out one request, and end it with cancelled or failed where it does not end by itself."""
        number, channel = request[0]["id"], self.channel
        try:
            answer(*request)
        except Cancelled:
            channel.send("cancelled", id=number)
        except ContextFullError as error:
            channel.send("failed", id=number, kind="context_full", message=str(error))
        except SurefootError as error:
            channel.send("failed", id=number, kind="model", message=str(error).rstrip("."))
        except Exception as error:  # noqa: BLE001 - whatever the runtime raises, the parent gets one sentence
            channel.send("failed", id=number, kind="model", message=f"{type(error).__name__}: {error}")
        self.inbox.finished(number)


def decoded(pieces: Iterator[bytes]) -> Iterator[str]:
    """Text from bytes; a character may be spread over several tokens."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    for piece in pieces:
        if text := decoder.decode(piece):
            yield text
    if text := decoder.decode(b"", final=True):
        yield text


def load(message: dict[str, Any], channel: Channel) -> Any:
    """The model, or None after having said why not."""
    path = Path(message["path"])
    try:
        head = read_head(path)
        check_kind(head, path)
        # A bad file is refused without loading llama.cpp.
        from surefoot.models.runtime import LoadedModel, LoadOptions, runtime_version  # noqa: PLC0415

        started = time.perf_counter()
        kind = f"{message['kind']} {runtime_version()} {message['flash_attention']} {message['gpu_layers']}"
        options = LoadOptions(
            usable_context(head, message["context_tokens"]),
            message["threads"],
            message["gpu_layers"],
            message["batch"],
            message["flash_attention"],
            message["special_instructions"],
            message["memory"],
            PrefixStore(Path(message["prefixes"]), kind) if message["prefixes"] else None,
        )
        model = LoadedModel.load(path, options)
    except SurefootError as error:
        channel.send("failed", id=0, kind=type(error).__name__, message=str(error))
        return None
    except ImportError as error:
        channel.send("failed", id=0, kind="import", message=str(error))
        return None
    channel.send("loaded", context_tokens=model.context_tokens, seconds=time.perf_counter() - started)
    return model


def main() -> None:
    """Load, then answer requests until stdin ends."""
    channel = Channel(claim_stdout())
    first = sys.stdin.buffer.readline()
    model = load(json.loads(first), channel) if first else None
    if model is None:
        return
    inbox = Inbox(sys.stdin.buffer, channel, model.count)
    inbox.start()
    Desk(model, channel, inbox).run()


if __name__ == "__main__":
    main()
