"""What a model wrote, had nothing of it been checked, and when its parts came: read from the trace of the answer.

Invariant: a sentence is judged by the same measures whether it was shown or not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import dropwhile, takewhile
from pathlib import Path
from typing import Any

from surefoot.answer.answerer import SUPPORTED
from surefoot.evals.metrics import Shown, citation_figures
from surefoot.evals.recheck import is_invented
from surefoot.golden import Case
from surefoot.trace import Stage, Trace

Cited = tuple[Shown, str]  # a place, and the name of what stands there
BUDGET, GENERATE = "budget", "generate"
OF_EACH_SENTENCE = frozenset({GENERATE, "cite", "verify"})  # where another stage begins, the model has ended
TOKENS = ("prompt_tokens", "reused_tokens", "answer_tokens")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the model with what it cites, before anything was withheld or struck out."""

    text: str
    cited: tuple[Cited, ...]
    is_shown: bool
    ended_ms: float  # when it was judged, since the question


def sentences(trace: Trace, names: Mapping[str, str]) -> list[Sentence]:
    """The sentences that a model wrote, in order. `names` are those of the roots, by their paths."""
    written = dropwhile(lambda stage: stage.name != GENERATE, trace.stages)
    stages = list(takewhile(lambda stage: stage.name in OF_EACH_SENTENCE, written))[1:]
    return [_sentence(cite, verify, names) for cite, verify in zip(stages[::2], stages[1::2], strict=False)]


def _sentence(cite: Stage, verify: Stage, names: Mapping[str, str]) -> Sentence:
    text = " ".join([verify.details["claim"], *(end["text"] for end in verify.details.get("struck", ()))])
    cited = tuple(_cited(each, names) for each in cite.details["citations"] if each["root"] in names)
    return Sentence(text, cited, verify.details["verdict"] == SUPPORTED, verify.started_ms + verify.milliseconds)


def _cited(described: Mapping[str, Any], names: Mapping[str, str]) -> Cited:
    path, _, lines = described["place"].rpartition(":")
    start, _, end = lines.partition("-")
    return Shown(names[described["root"]], path, int(start), int(end or start)), described["symbol"]


def unchecked(case: Case, written: Sequence[Sentence], roots: Mapping[str, Path]) -> dict[str, Any]:
    """How good the answer would have been: its sentences, how many of them invent, and what they cite."""
    cited = {place: None for sentence in written for place, _ in sentence.cited}
    invented = sum(is_invented(roots, sentence.text, sentence.cited) for sentence in written)
    return {"claims": len(written), "invented": invented, "citations": len(cited), **citation_figures(case, [*cited])}


def times(trace: Trace, written: Sequence[Sentence]) -> dict[str, float]:
    """Milliseconds since the question, those to the first sentence that were to be expected, and tokens.

    Only what the trace tells: a model that wrote nothing that holds has no first sentence.
    """
    first = {stage.name: stage for stage in reversed(trace.stages)}  # a failed model leaves a second budget
    told = {"whole": trace.milliseconds}
    if BUDGET in first:
        allowed = first[BUDGET].details.get("allowed", {})
        told |= {"first_hit": first[BUDGET].started_ms, "target": 1000 * allowed.get("expected_seconds", 0.0)}
    ended = [sentence.ended_ms for sentence in written if sentence.is_shown]
    if ended:
        told |= {"first_claim": ended[0], "last_claim": ended[-1]}
    if GENERATE in first:
        told |= {name: first[GENERATE].counts.get(name, 0.0) for name in TOKENS}
    return {name: round(value, 1) for name, value in told.items() if value}
