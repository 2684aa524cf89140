"""What the rest of Surefoot may ask of a model, whatever runs it.

Invariant: nothing here loads a runtime; importing this module costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from surefoot.domain import EmbedderIdentity
from surefoot.trace import CancelToken


class Embedder(Protocol):
    """Turns text into vectors of int8 components: L2-normalised, then scaled by 127."""

    @property
    def identity(self) -> EmbedderIdentity:
        """Name, dimension and weights hash; vectors of two identities are never compared."""
        ...

    def embed_documents(self, texts: Sequence[str]) -> list[bytes]:
        """One vector per text, in order."""
        ...

    def embed_query(self, text: str) -> bytes:
        """The vector of a question."""
        ...


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """One answer to write. `system` and `examples` come first in the prompt, so that their evaluation is reused."""

    system: str
    user: str
    grammar: str = ""  # GBNF with the start rule `root`; empty for free text
    max_tokens: int = 320
    examples: tuple[tuple[str, str], ...] = ()  # few-shot (user, assistant) turns


class Generator(Protocol):
    """Writes text. One answer is written at a time; others wait."""

    @property
    def name(self) -> str:
        """What to call the model in an answer."""
        ...

    @property
    def context_tokens(self) -> int:
        """How many tokens the prompt and the answer may have together."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The length of each text in the model's own tokens."""
        ...

    def generate(self, request: GenerationRequest, cancel: CancelToken) -> Iterator[str]:
        """Pieces of the answer as they are written.

        Raises Cancelled, ContextFullError, WorkerDiedError or another ModelError.
        """
        ...

    def close(self) -> None:
        """Free the memory; the generator may be used again, and then starts afresh."""
        ...


@runtime_checkable
class Judge(Protocol):
    """A generator that can also be asked whether something is so, even while it writes an answer."""

    @property
    def believed_at(self) -> float | None:
        """The log odds of yes against no from which on its yes is taken; None where nobody has measured that."""
        ...

    def judge(self, request: GenerationRequest, cancel: CancelToken) -> float | None:
        """The log odds of yes against no as its answer; None where the request is too long to be asked.

        Raises Cancelled, WorkerDiedError or another ModelError.
        """
        ...
