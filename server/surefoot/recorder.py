"""What becomes of a finished trace: secrets masked, saved within its limits, exported where the user says so.

Invariant: a trace that was taken is saved however the question or the program ends, unless the program is killed
within moments; nothing unmasked is written anywhere; nobody who asks waits for any of it.
"""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from surefoot.config import Settings
from surefoot.errors import StoreError
from surefoot.trace import Trace

if TYPE_CHECKING:
    from surefoot.store.traces import TraceStore
    from surefoot.telemetry import Exporter

logger = logging.getLogger(__name__)

# The thread that saves looks by itself for as long as questions come: waking it would cost the answer up to two
# milliseconds on a busy machine. Searches while one types are saved several at once, too.
GATHER_SECONDS = 0.03
REST_SECONDS = 30.0  # without a question; then the next one wakes it
DRAIN_SECONDS = 20.0  # more than the store waits for another process's lock
DAY = 86_400


class Recorder:
    """Takes traces, and saves them in a thread of its own. Close it when done."""

    def __init__(
        self,
        settings: Settings,
        open_store: Callable[[], TraceStore],
        notify: Callable[[str], None],
        version: Callable[[], str],
    ) -> None:
        self._settings = settings
        self._open_store = open_store
        self._notify = notify
        self._version = version
        self._exporter: Exporter | None = None
        self._changed = threading.Condition()
        self._waiting: list[Trace] = []
        self._taken = self._done = 0
        self._is_hurried = self._is_resting = self._is_closed = False
        self._thread: threading.Thread | None = None

    def take(self, trace: Trace) -> str:
        """Keep the trace; returns the id under which it can be found, "" where it cannot be kept."""
        try:
            store = self._open_store()
        except StoreError as error:
            self._not_traced(error)
            return ""
        with self._changed:
            is_late = self._is_closed  # a question that was being answered when the engine was closed
            if not is_late:
                self._waiting.append(trace)
                self._taken += 1
                self._start_or_wake()
        if is_late:
            self._save(store, [trace])
        return trace.trace_id

    def _start_or_wake(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="surefoot-traces", daemon=True)
            self._thread.start()
            atexit.register(self.drain)  # a program may end without closing its engine
        elif self._is_resting:
            self._changed.notify_all()

    def drain(self) -> None:
        """Wait until what was taken is saved: whoever reads traces sees all of them."""
        with self._changed:
            wanted = self._taken
            if self._done < wanted:
                self._is_hurried = True
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._done >= wanted, DRAIN_SECONDS)

    def close(self) -> None:
        """Save what was taken, and give exporting about a second."""
        with self._changed:
            self._is_closed = self._is_hurried = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(DRAIN_SECONDS)
            atexit.unregister(self.drain)
        if self._exporter is not None:
            self._exporter.close()

    def _run(self) -> None:
        latest = time.monotonic()
        is_open = True
        while is_open:
            with self._changed:
                if not self._is_hurried:
                    self._is_resting = not self._waiting and time.monotonic() - latest > REST_SECONDS
                    self._changed.wait(None if self._is_resting else GATHER_SECONDS)
                self._is_resting = self._is_hurried = False
                taken, self._waiting = self._waiting, []
                is_open = not self._is_closed
            if taken:
                latest = time.monotonic()
                self._save_taken(taken)

    def _save_taken(self, taken: Sequence[Trace]) -> None:
        try:
            self._save(self._open_store(), taken)
        except StoreError as error:
            self._not_traced(error)
        finally:
            with self._changed:
                self._done += len(taken)
                self._changed.notify_all()

    def _save(self, store: TraceStore, taken: Sequence[Trace]) -> None:
        try:
            traces = [without_secrets(trace) for trace in taken]
            store.save(*traces)
            store.prune(self._settings.trace_keep, time.time() - self._settings.trace_days * DAY)
        except Exception as error:  # noqa: BLE001 - nobody stands above the thread, and no answer depends on it
            self._not_traced(error)
        else:
            self._export(traces)

    def _export(self, traces: Sequence[Trace]) -> None:
        if not self._settings.trace_export:
            return
        if self._exporter is None:
            from surefoot.telemetry import open_exporter  # noqa: PLC0415 - few users ask for it

            resource = {"service.name": "surefoot", "service.version": self._version()}
            self._exporter = open_exporter(self._settings, self._notify, resource)
        for trace in traces:
            if self._exporter is not None:
                self._exporter.export(trace)

    def _not_traced(self, error: Exception) -> None:
        if not isinstance(error, StoreError):
            logger.warning("Saving traces failed.", exc_info=error)
        self._notify(f"This question was not traced: {error}")


def without_secrets(trace: Trace) -> Trace:
    """The trace with every secret masked; the same object where it has none."""
    from surefoot.redact import masked_value  # noqa: PLC0415 - a command that takes no trace need not know secrets

    texts = {
        "question": trace.question,
        "outcome": trace.outcome,
        "request": trace.request,
        "stages": [stage.details for stage in trace.stages],
    }
    masked, versions = masked_value(texts), masked_value(trace.versions)
    if masked is texts and versions is trace.versions:
        return trace
    stages = [replace(stage, details=details) for stage, details in zip(trace.stages, masked["stages"], strict=True)]
    return replace(
        trace,
        question=masked["question"],
        outcome=masked["outcome"],
        request=masked["request"],
        versions=versions,
        stages=stages,
    )
