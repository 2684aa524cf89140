"""Whether the model itself, asked anew and with nothing else before it, finds a sentence in the lines that it cites.

Rules see which words stand there; a reader sees what they say together. A small model is a poor reader, but one of
another kind than the rules: of the lies that they let pass, it doubts about half.

Invariant: an answer to this question can withhold a sentence, and never shows one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from surefoot.answer.prompt import seen
from surefoot.domain import ContextItem
from surefoot.models.protocols import GenerationRequest, Generator, Judge
from surefoot.trace import CancelToken

SYSTEM = "You check statements about source code. Answer only Yes or No."
ASKED = """\
Source:
{source}

Statement: {statement}

Is the statement fully supported by the source? Answer Yes or No."""
DOUBTED = "the model itself doubts that what it cites says so"


@dataclass(frozen=True, slots=True)
class Entailment:
    """What the model held of one sentence: the log odds that it stands in its lines, and whether that is too little."""

    odds: float
    is_doubted: bool


def entailment(
    generator: Generator, statement: str, items: Sequence[ContextItem], cancel: CancelToken
) -> Entailment | None:
    """Ask; None of a model that cannot be asked, or with which nobody has measured what its word is worth.

    Raises Cancelled or a ModelError.
    """
    if not isinstance(generator, Judge) or generator.believed_at is None:
        return None
    odds = generator.judge(request(statement, items), cancel)
    return None if odds is None else Entailment(odds, odds < generator.believed_at)


def request(statement: str, items: Sequence[ContextItem]) -> GenerationRequest:
    """The question, with what the model has seen of the lines."""
    source = "\n".join(map(seen, items))
    return GenerationRequest(SYSTEM, ASKED.format(source=source, statement=statement))
