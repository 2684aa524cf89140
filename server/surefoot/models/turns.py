"""Whose answer a language model writes next: one is written at a time, and of those that wait the newest comes first.

Invariant: a turn ends with its block, however that is left, and who is cancelled while waiting is out of the queue at
the next look.
"""

from __future__ import annotations

import collections.abc
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from surefoot.models.protocols import GenerationRequest, Generator, Judge
from surefoot.models.rates import Counted, Usage
from surefoot.trace import CancelToken

POLL_SECONDS = 0.02  # how often a cancel token is looked at while waiting: a tenth of what a cancel may take
BUSY = "The language model is busy with another answer; this one is written after it, and after any newer question."
NOTICED_SECONDS = 0.3  # a shorter wait is over before anybody has read that there is one


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """Who asks for a turn: how to stop them, and how to tell them of the wait.

    `on_wait` gets a sentence once the wait is worth telling, and then an empty one when the turn has come.
    """

    cancel: CancelToken
    on_wait: Callable[[str], None] = lambda _: None


class Turns:
    """The queue in front of the language models of one workspace. Safe to use from any thread."""

    def __init__(self, noticed_seconds: float = NOTICED_SECONDS) -> None:
        self._noticed_seconds = noticed_seconds
        self._changed = threading.Condition()
        self._waiting: list[Asked] = []  # the oldest first
        self._writing: Asked | None = None

    @property
    def waiting(self) -> int:
        """How many wait now."""
        return len(self._waiting)

    @contextmanager
    def turn(self, asked: Asked) -> Iterator[None]:
        """Wait for one's turn and have it until the end of the block. Raises Cancelled while waiting."""
        asked.cancel.raise_if_cancelled()
        self._join(asked)
        try:
            self._wait(asked)
            yield
        finally:
            self._leave(asked)

    def _join(self, asked: Asked) -> None:
        with self._changed:
            self._waiting.append(asked)
            self._give()

    def _leave(self, asked: Asked) -> None:
        with self._changed:
            if self._writing is asked:
                self._writing = None
            else:
                self._waiting.remove(asked)
            self._give()

    def _give(self) -> None:
        """The free turn to the newest that waits."""
        if self._writing is None and self._waiting:
            self._writing = self._waiting.pop()
            self._changed.notify_all()

    def _wait(self, asked: Asked) -> None:
        noticed, is_told = time.monotonic() + self._noticed_seconds, False
        while not self._has_turn(asked):
            asked.cancel.raise_if_cancelled()
            if not is_told and time.monotonic() >= noticed:
                is_told = True
                asked.on_wait(BUSY)
        if is_told:
            asked.on_wait("")

    def _has_turn(self, asked: Asked) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self._writing is asked, POLL_SECONDS)


@runtime_checkable
class Closeable(Protocol):
    """What can be told that nobody reads on."""

    def close(self) -> None:
        """Stop."""
        ...


class InTurn:
    """A `Generator` for one question, which writes when its turn has come, and knows what that took."""

    def __init__(self, generator: Generator, turns: Turns, asked: Asked) -> None:
        self._generator = generator
        self._turns = turns
        self._asked = asked
        self.last_usage = Usage()
        self.waited_seconds = 0.0

    @property
    def name(self) -> str:
        """The model's."""
        return self._generator.name

    @property
    def context_tokens(self) -> int:
        """The model's."""
        return self._generator.context_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The length of each text in the model's own tokens. Needs no turn."""
        return self._generator.count_tokens(texts)

    def generate(self, request: GenerationRequest, cancel: CancelToken) -> collections.abc.Generator[str, None, None]:
        """Pieces of the answer, once the turn has come. Leaving the iteration early gives the turn to the next."""
        began = time.perf_counter()
        with self._turns.turn(self._asked):
            self.waited_seconds = time.perf_counter() - began
            yield from self._written(request, cancel)

    @property
    def believed_at(self) -> float | None:
        """The model's, where it can be asked."""
        return self._generator.believed_at if isinstance(self._generator, Judge) else None

    def judge(self, request: GenerationRequest, cancel: CancelToken) -> float | None:
        """What the model says. Needs no turn: it is asked about what was written in one."""
        return self._generator.judge(request, cancel) if isinstance(self._generator, Judge) else None

    def _written(self, request: GenerationRequest, cancel: CancelToken) -> Iterator[str]:
        pieces = self._generator.generate(request, cancel)
        try:
            yield from pieces
        finally:
            _close(pieces)
            if isinstance(self._generator, Counted):  # others may write with it as soon as the turn is given on
                self.last_usage = self._generator.last_usage

    def close(self) -> None:
        """Nothing: the model belongs to all questions."""


def _close(pieces: Iterator[str]) -> None:
    """Stop the model before the turn is given on, and not when somebody collects garbage."""
    if isinstance(pieces, Closeable):
        pieces.close()
