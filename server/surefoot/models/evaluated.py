"""A context of llama.cpp and the tokens that were evaluated in it. Imported only inside the worker process.

Invariant: the key-value cache always holds exactly `tokens`, also after a cancel, so that the next prompt evaluates
only what differs from the last one.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import llama_cpp
import numpy as np

from surefoot.errors import Cancelled, ModelError
from surefoot.models.prefix import FEWEST_TOKENS, PrefixStore
from surefoot.trace import CancelToken

SEQUENCE = 0  # the only one of the cache
ALSO_DATA = True  # the bindings take it by position only


@dataclass(frozen=True, slots=True)
class Prompt:
    """Tokens to go on from; the first `constant` of them begin every prompt of the kind."""

    tokens: list[int]
    constant: int = 0


class Evaluated:
    """One context, of which this is the only user. `batch` tokens are evaluated at a time.

    `prefixes` is where evaluated beginnings are kept, None for nowhere.
    """

    def __init__(self, context: Any, words: int, batch: int, prefixes: PrefixStore | None = None) -> None:
        self.tokens: list[int] = []
        self.cancel = CancelToken()
        self._context = context
        self._words = words
        self._batch = batch
        self._prefixes = prefixes
        # The callback object must live as long as the context does.
        self._abort = llama_cpp.ggml_abort_callback(lambda _: self.cancel.cancelled)
        llama_cpp.llama_set_abort_callback(context, self._abort, None)

    def use_threads(self, threads: int) -> None:
        """From now on."""
        llama_cpp.llama_set_n_threads(self._context, threads, threads)

    def read(self, prompt: Prompt) -> tuple[int, int]:
        """Have a prompt in the cache; tells how many tokens were, and how many of them came from a file."""
        reused, restored = self._begin(prompt)
        self.go_on(prompt.tokens[len(self.tokens) :])
        return reused, restored

    def go_on(self, tokens: list[int]) -> None:
        """Evaluate in slices. What was evaluated before a cancel stays in the cache."""
        for start in range(0, len(tokens), self._batch):
            if self.cancel.cancelled:
                raise Cancelled
            part = tokens[start : start + self._batch]
            array = (llama_cpp.llama_token * len(part))(*part)  # the batch points into it
            status = llama_cpp.llama_decode(self._context, llama_cpp.llama_batch_get_one(array, len(part)))
            if status != 0:
                self._cut(len(self.tokens))
                if self.cancel.cancelled:
                    raise Cancelled
                raise ModelError(f"llama_decode returned {status}")
            self.tokens += part

    def logits(self) -> Any:
        """Of the token that would come next, one for each word; valid until anything is evaluated."""
        pointer = llama_cpp.llama_get_logits_ith(self._context, -1)
        return np.ctypeslib.as_array(pointer, shape=(self._words,))

    def _begin(self, prompt: Prompt) -> tuple[int, int]:
        """Have the constant beginning in the cache, and nothing that does not belong to the prompt."""
        reused, store = self._rewind(prompt.tokens), self._prefixes
        if store is None or prompt.constant < FEWEST_TOKENS or reused >= prompt.constant:
            return reused, 0
        beginning = prompt.tokens[: prompt.constant]
        kept = store.load(beginning)
        if kept is not None and self._restore(beginning, kept):
            return prompt.constant, prompt.constant
        reused = self._rewind(prompt.tokens)
        self.go_on(beginning[reused:])
        store.save(beginning, self._state())
        return reused, 0

    def _state(self) -> bytes:
        size = llama_cpp.llama_state_seq_get_size(self._context, SEQUENCE)
        buffer = (ctypes.c_uint8 * size)()
        written = llama_cpp.llama_state_seq_get_data(self._context, buffer, size, SEQUENCE)
        return bytes(buffer)[:written]

    def _restore(self, tokens: list[int], state: bytes) -> bool:
        self._clear()
        buffer = (ctypes.c_uint8 * len(state)).from_buffer_copy(state)
        if not llama_cpp.llama_state_seq_set_data(self._context, buffer, len(state), SEQUENCE):
            self._clear()
            return False
        self.tokens = list(tokens)
        return True

    def _rewind(self, prompt: list[int]) -> int:
        """Cut the cache back to what it shares with `prompt`; at least one token is left to evaluate."""
        most = min(len(self.tokens), len(prompt) - 1)
        shared = next((place for place in range(most) if self.tokens[place] != prompt[place]), most)
        return self._cut(shared)

    def _cut(self, length: int) -> int:
        """Forget what comes after so many tokens; recurrent models cannot forget a part, and forget everything."""
        if llama_cpp.llama_memory_seq_rm(self._memory, SEQUENCE, length, -1):
            del self.tokens[length:]
        else:
            self._clear()
        return len(self.tokens)

    def _clear(self) -> None:
        llama_cpp.llama_memory_clear(self._memory, ALSO_DATA)
        self.tokens = []

    @property
    def _memory(self) -> Any:
        return llama_cpp.llama_get_memory(self._context)
