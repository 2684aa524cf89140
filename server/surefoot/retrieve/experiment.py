"""What an evaluation changes about a question: a value of its own, since an engine is opened without the retriever."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from surefoot.retrieve.ranker import Walk


@dataclass(frozen=True, slots=True)
class Experiment:
    """For evaluations: stages and rules to leave out, and whether the trace has every candidate's place.

    `walked` is shown what the learned order is about to put in order, for training it.
    """

    ablated: frozenset[str] = frozenset()
    observed: bool = False
    walked: Callable[[str, Walk], None] | None = None


NO_EXPERIMENT = Experiment()
