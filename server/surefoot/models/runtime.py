"""llama.cpp itself: loading, evaluating the prompt, choosing tokens. Imported only inside the worker process.

Invariant: the key-value cache always holds exactly `input_ids[:n_tokens]`, also after a cancel, so that the next
prompt evaluates only what differs from the last one.
"""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
from llama_cpp.llama_chat_format import Jinja2ChatFormatter

from surefoot.errors import Cancelled, ContextFullError, ModelError, ModelInvalidError
from surefoot.models.chat import Formatter, Message, chatml
from surefoot.trace import CancelToken

# Tokens evaluated at a time. Small enough that one matrix product of a 7B model stays under 100 ms or so, since
# llama.cpp looks at the abort callback only between them; large enough to cost no speed on a CPU.
SLICE = 128
# The grammar is asked about this many best tokens before it is asked about the whole vocabulary.
SHORTLIST = 256
TOKEN_DATA = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)], align=True)

# The bindings take these by position only.
ALSO_DATA = True
PLAIN_ONLY = False  # control tokens are written as nothing
LOG_LEVEL_ERROR = 4  # of ggml_log_level; the bindings do not name it

_messages: list[str] = []


@llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]  # ctypes
def _collect_errors(level: int, text: bytes, _: Any) -> None:
    if level == LOG_LEVEL_ERROR:
        _messages.append(text.decode("utf-8", "replace").strip())


class LoadedModel:
    """One model with one context. Not thread-safe, but for `count`."""

    def __init__(self, llama: llama_cpp.Llama, context_tokens: int) -> None:
        self._llama = llama
        self._vocab = llama_cpp.llama_model_get_vocab(llama.model)
        self._cancel = CancelToken()
        # The callback object must live as long as the context does.
        self._abort = llama_cpp.ggml_abort_callback(lambda _: self._cancel.cancelled)
        llama_cpp.llama_set_abort_callback(llama.ctx, self._abort, None)
        self.formatter = _formatter(llama)
        self.context_tokens = context_tokens  # llama.cpp rounds its own up
        self.usage: dict[str, float] = {}

    @classmethod
    def load(cls, path: Path, context_tokens: int, threads: int, gpu_layers: int) -> LoadedModel:
        """Load a file whose head has been checked; a ModelError names the file and the reason."""
        llama_cpp.llama_log_set(_collect_errors, ctypes.c_void_p(0))
        _check_memory(path)
        try:
            return cls(
                llama_cpp.Llama(
                    str(path),
                    n_ctx=context_tokens,
                    n_batch=SLICE,
                    n_ubatch=SLICE,
                    n_threads=threads,
                    n_threads_batch=threads,
                    n_gpu_layers=gpu_layers,
                    flash_attn=True,
                    verbose=False,
                ),
                context_tokens,
            )
        except (ValueError, RuntimeError, AssertionError) as error:
            raise _load_error(path, str(error)) from error

    def tokenize(self, text: bytes, *, add_bos: bool = False, special: bool = False) -> list[int]:
        """The tokens of a text; `special` lets markup become control tokens."""
        return list(self._llama.tokenize(text, add_bos=add_bos, special=special))

    def count(self, text: str) -> int:
        """How many tokens a text has. Reads only the vocabulary, so any thread may ask."""
        return len(self.tokenize(text.encode("utf-8", "replace"))) if text else 0

    def write(self, prompt: list[int], grammar: str, max_tokens: int, cancel: CancelToken) -> Iterator[bytes]:
        """The answer, token by token. Greedy, so that the same prompt gives the same answer."""
        if len(prompt) + max_tokens > self.context_tokens:
            raise ContextFullError(
                f"The prompt has {len(prompt)} tokens and the answer may have {max_tokens}, but the model's context "
                f"holds {self.context_tokens}; ask with fewer or smaller sources (setting context_tokens)."
            )
        chooser = Chooser(self._vocab, grammar) if grammar else None
        self._cancel = cancel
        try:
            yield from self._write(prompt, chooser, max_tokens)
        finally:
            self._cancel = CancelToken()
            if chooser:
                chooser.close()

    def _write(self, prompt: list[int], chooser: Chooser | None, max_tokens: int) -> Iterator[bytes]:
        started = time.perf_counter()
        reused = self._rewind(prompt)
        self._evaluate(prompt[reused:])
        prompt_done = time.perf_counter()
        written = 0
        for _ in range(max_tokens):
            token = self._choose(chooser)
            if llama_cpp.llama_vocab_is_eog(self._vocab, token):
                break
            written += 1
            yield self._piece(token)
            self._evaluate([token])
        self.usage = {
            "prompt_tokens": len(prompt),
            "reused_tokens": reused,
            "answer_tokens": written,
            "prompt_seconds": prompt_done - started,
            "answer_seconds": time.perf_counter() - prompt_done,
        }

    def _rewind(self, prompt: list[int]) -> int:
        """Cut the cache back to what it shares with `prompt`; at least one token is left to evaluate."""
        llama = self._llama
        cached = llama.input_ids[: llama.n_tokens]
        most = min(len(cached), len(prompt) - 1)
        differs = np.flatnonzero(cached[:most] != np.asarray(prompt[:most], dtype=cached.dtype))
        shared = int(differs[0]) if len(differs) else most
        memory = llama_cpp.llama_get_memory(llama.ctx)
        if not llama_cpp.llama_memory_seq_rm(memory, 0, shared, -1):
            # Recurrent models cannot forget a part.
            llama_cpp.llama_memory_clear(memory, ALSO_DATA)
            shared = 0
        llama.n_tokens = shared
        return shared

    def _evaluate(self, tokens: list[int]) -> None:
        """Evaluate in slices. What was evaluated before a cancel stays in the cache."""
        for start in range(0, len(tokens), SLICE):
            if self._cancel.cancelled:
                raise Cancelled("Cancelled.")
            try:
                self._llama.eval(tokens[start : start + SLICE])
            except RuntimeError:
                if self._cancel.cancelled:
                    raise Cancelled("Cancelled.") from None
                raise

    def _choose(self, chooser: Chooser | None) -> int:
        pointer = llama_cpp.llama_get_logits_ith(self._llama.ctx, -1)
        logits = np.ctypeslib.as_array(pointer, shape=(self._llama.n_vocab(),))
        return chooser.choose(logits) if chooser else int(logits.argmax())

    def _piece(self, token: int) -> bytes:
        buffer = ctypes.create_string_buffer(256)
        size = llama_cpp.llama_token_to_piece(self._vocab, token, buffer, len(buffer), 0, PLAIN_ONLY)
        return buffer.raw[: max(size, 0)]


class Chooser:
    """The best token that a grammar allows.

    llama.cpp's own chain asks the grammar about all 150,000 tokens at every step; asking about the best one first,
    then about a shortlist, gives the same token at a fraction of the time.
    """

    def __init__(self, vocab: Any, grammar: str) -> None:
        self._sampler = llama_cpp.llama_sampler_init_grammar(vocab, grammar.encode(), b"root")
        if not self._sampler:
            raise ModelError("The answer's grammar could not be parsed.")

    def choose(self, logits: Any) -> int:
        """The allowed token with the highest logit; it is taken, and the grammar moves on."""
        token = self._best(np.array([logits.argmax()]), logits)
        if token is None and len(logits) > SHORTLIST:
            token = self._best(np.argpartition(logits, -SHORTLIST)[-SHORTLIST:], logits)
        if token is None:
            token = self._best(np.arange(len(logits)), logits)
        if token is None:
            raise ModelError("The answer's grammar allows no further token.")
        llama_cpp.llama_sampler_accept(self._sampler, token)
        return token

    def _best(self, ids: Any, logits: Any) -> int | None:
        data = np.zeros(len(ids), dtype=TOKEN_DATA)
        data["id"], data["logit"] = ids, logits[ids]
        array = llama_cpp.llama_token_data_array(
            data=data.ctypes.data_as(llama_cpp.llama_token_data_p), size=len(ids), selected=-1, sorted=False
        )
        llama_cpp.llama_sampler_apply(self._sampler, ctypes.byref(array))
        best = data[data["logit"].argmax()]
        return None if np.isneginf(best["logit"]) else int(best["id"])

    def close(self) -> None:
        """Free the sampler."""
        llama_cpp.llama_sampler_free(self._sampler)


def _formatter(llama: llama_cpp.Llama) -> Formatter:
    template = llama.metadata.get("tokenizer.chat_template")
    if not template:
        return chatml
    try:
        jinja = Jinja2ChatFormatter(
            template, eos_token=_text(llama, llama.token_eos()), bos_token=_text(llama, llama.token_bos())
        )
    except Exception:  # noqa: BLE001 - a template that does not compile is as good as none
        return chatml

    def format_messages(messages: list[Message]) -> str:
        return str(jinja(messages=messages).prompt)  # type: ignore[arg-type]

    return format_messages


def _text(llama: llama_cpp.Llama, token: int) -> str:
    vocab = llama_cpp.llama_model_get_vocab(llama.model)
    return llama_cpp.llama_vocab_get_text(vocab, token).decode("utf-8", "replace") if token >= 0 else ""


def _check_memory(path: Path) -> None:
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    size = path.stat().st_size
    if size > memory:
        raise ModelError(
            f"The model file {path} is {size / 2**30:.1f} GiB and this machine has {memory / 2**30:.1f} GiB of memory; "
            "choose a smaller model (surefoot models list)."
        )


def _load_error(path: Path, error: str) -> ModelError:
    reason = " ".join(_messages)
    if "context" in error or "alloc" in reason:
        return ModelError(f"Not enough memory for the model {path}; choose a smaller one (surefoot models list).")
    if "architecture" in reason:
        return ModelInvalidError(
            f"The model file {path} is of a kind that this llama.cpp does not know; update llama-cpp-python "
            "or choose another model."
        )
    if "within the file bounds" in reason or "corrupted" in reason or "magic" in reason:
        return ModelInvalidError(f"The model file {path} is truncated or damaged; delete it and download it again.")
    detail = f" ({_messages[0]})" if _messages else ""
    return ModelInvalidError(f"The model file {path} could not be loaded{detail}; choose another model.")
