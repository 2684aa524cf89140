"""What an evaluation changes about a question: a value of its own, since an engine is opened without the retriever."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Experiment:
    """For evaluations: stages and rules to leave out, and whether the trace has every candidate's place."""

    ablated: frozenset[str] = frozenset()
    observed: bool = False


NO_EXPERIMENT = Experiment()
