"""What answering begins with.

Invariant: values of the first half of the read walk, as they were when the hits were fresh.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from surefoot.domain import Hit, IndexState, Query, Resolved, Told


@dataclass(frozen=True, slots=True)
class Findings:
    """What the first half of the read walk found: fresh hits, or none where nothing is about the question."""

    query: Query
    hits: Sequence[Hit]
    resolved: Resolved
    near_misses: tuple[str, ...]
    index: IndexState
    notices: tuple[str, ...] = ()
    around: Callable[[], Sequence[Told]] = tuple  # what can be told of an explained symbol, looked for when asked
    calls: Callable[[], Sequence[Told]] = tuple  # what a question for calls asks: told instead of what has its words
