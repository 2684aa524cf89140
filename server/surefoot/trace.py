"""What happened to one question, stage by stage, and the means to stop it.

Invariant: a stage has one name, and it is the same string in the module, the trace and the evals' ablation flag.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from surefoot.domain import Change, StageDifference
from surefoot.errors import Cancelled

# The stages of a question in the order in which they run; of the last ones, a question has some.
WALK = (
    *("resolve", "lexical", "vector", "symbol", "place", "link", "fuse", "rerank", "floor", "freshen", "focus"),
    *("budget", "prompt", "generate", "extract", "cite", "verify"),
)


def asked_of(request: Mapping[str, Any]) -> tuple[Path, ...]:
    """The folders that a question was limited to, or else all that were open; none in traces of earlier versions."""
    folders = request.get("roots") or request.get("workspace") or ()
    return tuple(Path(str(folder)) for folder in folders)


class CancelToken:
    """Set by whoever asked, looked at between stages and between tokens. Safe to share between threads."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop at its next look."""
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """Whether the work has been asked to stop."""
        return self._event.is_set()

    def raise_if_cancelled(self) -> None:
        """Raise `Cancelled` if the work has been asked to stop."""
        if self._event.is_set():
            raise Cancelled


@dataclass(slots=True)
class Stage:
    """One timed step: its counts (numbers to plot) and details (whatever explains the outcome, JSON-able)."""

    name: str
    started_ms: float  # since the trace began
    milliseconds: float = 0.0
    counts: dict[str, float] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Trace:
    """One request. Filled by the three flow modules only, saved by the engine."""

    kind: str  # "search", "ask", "explain" or "replay"
    question: str
    trace_id: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    started_at: float = field(default_factory=time.time)
    stages: list[Stage] = field(default_factory=list)
    outcome: str = ""
    client: str = ""  # who asked: "cli", "editor", "mcp", "dashboard" or "evals"
    request: dict[str, Any] = field(default_factory=dict)  # all that is needed to ask again; empty in old traces
    versions: dict[str, Any] = field(default_factory=dict)  # of what answered: Surefoot, the models, the settings
    _zero: float = field(default_factory=time.perf_counter, repr=False)

    @contextmanager
    def stage(self, name: str) -> Iterator[Stage]:
        """Time a step; it is recorded even when it raises."""
        begin = time.perf_counter()
        stage = Stage(name, started_ms=(begin - self._zero) * 1000)
        self.stages.append(stage)
        try:
            yield stage
        except Exception as error:
            stage.details["error"] = f"{type(error).__name__}: {error}"
            raise
        finally:
            stage.milliseconds = (time.perf_counter() - begin) * 1000

    @property
    def milliseconds(self) -> float:
        """From the start of the trace to the end of its last stage."""
        return max((s.started_ms + s.milliseconds for s in self.stages), default=0.0)

    def timings(self) -> dict[str, float]:
        """Stage name to milliseconds, in order; a stage that ran twice is summed."""
        out: dict[str, float] = {}
        for stage in self.stages:
            out[stage.name] = round(out.get(stage.name, 0.0) + stage.milliseconds, 3)
        return out


@dataclass(frozen=True, slots=True)
class Replay:
    """A question that was asked again, and what came out otherwise. Times are never a difference."""

    before: Trace
    after: Trace  # its id is empty where no trace is kept
    conditions: tuple[Change, ...]  # versions, settings, index, files: what may be the reason, and was no stage's doing
    stages: tuple[StageDifference, ...]  # in the order of the walk

    @property
    def first_difference(self) -> str:
        """The first stage whose outcome differs; empty where nothing does."""
        return self.stages[0].stage if self.stages else ""

    @property
    def causes(self) -> tuple[str, ...]:
        """The stages that made a difference by themselves."""
        return tuple(difference.stage for difference in self.stages if difference.is_cause)
