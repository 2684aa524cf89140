"""Yes or no from a model, read off what it would begin its answer with. Imported only inside the worker process.

It has a context of its own beside the one that answers are written in, so that it can be asked in the middle of one;
both share the weights.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import llama_cpp
import numpy as np

from surefoot.errors import ModelError
from surefoot.models.evaluated import Evaluated, Prompt
from surefoot.trace import CancelToken

CONTEXT_TOKENS = 2048  # room for the lines that one sentence cites
BATCH = 128
YES, NO = ("Yes", "yes", " Yes", " yes"), ("No", "no", " No", " no")
UNLIKELY = 1e-12  # is added to both, so that neither is divided by nothing

Tokenize = Callable[[bytes], list[int]]


class YesNo:
    """Asks one model."""

    def __init__(self, llama: llama_cpp.Llama, tokenize: Tokenize, *, flash_attention: bool) -> None:
        parameters = llama_cpp.llama_context_default_params()
        parameters.n_ctx, parameters.n_batch, parameters.n_ubatch = CONTEXT_TOKENS, BATCH, BATCH
        parameters.flash_attn_type = (
            llama_cpp.LLAMA_FLASH_ATTN_TYPE_ENABLED if flash_attention else llama_cpp.LLAMA_FLASH_ATTN_TYPE_DISABLED
        )
        context = llama_cpp.llama_init_from_model(llama.model, parameters)
        if not context:
            raise ModelError("there is no memory for a second context")
        self._evaluated = Evaluated(context, llama.n_vocab(), BATCH)
        self._yes, self._no = (_first_tokens(words, tokenize) for words in (YES, NO))

    def odds(self, prompt: Prompt, threads: int, cancel: CancelToken) -> float | None:
        """The natural logarithm of how much likelier the answer begins with yes; None where the question is too long.

        Raises Cancelled, or ModelError where it cannot be evaluated.
        """
        if len(prompt.tokens) > CONTEXT_TOKENS:
            return None
        self._evaluated.use_threads(threads)
        self._evaluated.cancel = cancel
        try:
            self._evaluated.read(prompt)
        finally:
            self._evaluated.cancel = CancelToken()
        logits = self._evaluated.logits()
        likely = np.exp(logits - logits.max())
        likely /= likely.sum()
        yes, no = (float(likely[ids].sum()) for ids in (self._yes, self._no))
        return math.log((yes + UNLIKELY) / (no + UNLIKELY))


def _first_tokens(words: tuple[str, ...], tokenize: Tokenize) -> list[int]:
    return sorted({tokenize(word.encode())[0] for word in words})
