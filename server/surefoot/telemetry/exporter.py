"""Handing traces to a file or a receiver in the background, and telling once where that fails.

Invariant: `export` returns at once, whatever the other side does; `close` returns within about a second.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from surefoot.config import Settings
from surefoot.telemetry.json_lines import JsonLines
from surefoot.telemetry.otlp import Otlp
from surefoot.telemetry.spans import SpanRecord, spans_of
from surefoot.trace import Trace

logger = logging.getLogger(__name__)

MOST_WAITING = 500  # traces; those of the last minutes of somebody who types fast, while the receiver is away
MOST_AT_ONCE = 50
FLUSH_SECONDS = 1.0  # what closing waits for a receiver
STOP_SECONDS = 0.3  # and then for giving up

Spans = tuple[SpanRecord, ...]


class Sink(Protocol):
    """Where spans go."""

    def send(self, batch: Sequence[Spans]) -> str:
        """Send the batch; returns why it could not be, or ""."""
        ...

    def stop(self) -> None:
        """Give up what is being sent."""
        ...


class Exporter:
    """One background thread that sends what it is handed. Close it when done."""

    def __init__(self, sink: Sink, target: str, notify: Callable[[str], None], *, contents: bool = False) -> None:
        self._sink = sink
        self._target = target
        self._notify = notify
        self._contents = contents
        self._waiting: queue.Queue[Spans | None] = queue.Queue(MOST_WAITING)
        self._thread: threading.Thread | None = None
        self._has_told = False

    def export(self, trace: Trace) -> None:
        """Take a finished trace, secrets already masked. Called by one thread."""
        if self._thread is None:
            # A receiver that hangs must not keep the program from ending, hence a daemon.
            self._thread = threading.Thread(target=self._run, name="surefoot-export", daemon=True)
            self._thread.start()
        try:
            self._waiting.put_nowait(spans_of(trace, contents=self._contents))
        except queue.Full:
            self._tell("the receiver takes them more slowly than questions are asked")

    def close(self) -> None:
        """Send what waits, for about a second."""
        if self._thread is None:
            return
        try:
            self._waiting.put(None, timeout=FLUSH_SECONDS)
            self._thread.join(FLUSH_SECONDS)
        except queue.Full:
            pass  # the sink hangs, and is stopped
        self._sink.stop()
        self._thread.join(STOP_SECONDS)
        if self._thread.is_alive():
            self._tell("the receiver did not answer before Surefoot was closed")

    def _run(self) -> None:
        is_open = True
        while is_open:
            batch = [self._waiting.get()]
            while len(batch) < MOST_AT_ONCE and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            is_open = None not in batch
            spans = [entry for entry in batch if entry is not None]
            if spans and (reason := self._sent(spans)):
                self._tell(reason)

    def _sent(self, spans: Sequence[Spans]) -> str:
        try:
            return self._sink.send(spans)
        except Exception as error:  # noqa: BLE001 - nobody stands above this thread, and the next trace may fare better
            return f"{type(error).__name__}: {error}"

    def _tell(self, reason: str) -> None:
        if not self._has_told:
            self._has_told = True
            sentence = f"Traces were not exported to {self._target}: {reason}."
            logger.warning("%s", sentence)
            self._notify(sentence)


def open_exporter(settings: Settings, notify: Callable[[str], None], resource: dict[str, str]) -> Exporter | None:
    """What the settings ask for; None where they ask for nothing."""
    target, contents = settings.trace_export, settings.trace_export_contents
    if not target:
        return None
    if target.lower().startswith(("http://", "https://")):
        # The address may hold a password.
        host = urlsplit(target).netloc.rpartition("@")[2]
        return Exporter(Otlp(target, resource), host, notify, contents=contents)
    return Exporter(JsonLines(Path(target), resource), target, notify, contents=contents)
