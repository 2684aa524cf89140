"""llama.cpp itself: loading, evaluating the prompt, choosing tokens. Imported only inside the worker process.

Invariant: the same prompt gives the same answer, whatever was asked before.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
from llama_cpp.llama_chat_format import Jinja2ChatFormatter

from surefoot.errors import ContextFullError, ModelError, ModelInvalidError
from surefoot.models.chat import Formatter, Message, chatml, prompt_tokens
from surefoot.models.evaluated import Evaluated, Prompt
from surefoot.models.memory import limit_this_process, physical_memory
from surefoot.models.prefix import PrefixStore
from surefoot.models.rates import BATCH
from surefoot.models.yes_no import YesNo
from surefoot.trace import CancelToken

# The grammar is asked about this many best tokens before it is asked about the whole vocabulary.
SHORTLIST = 256
TOKEN_DATA = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)], align=True)

# The bindings take these by position only.
PLAIN_ONLY = False  # control tokens are written as nothing
LOG_LEVEL_ERROR = 4  # of ggml_log_level; the bindings do not name it

_messages: list[str] = []


@llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]  # ctypes
def _collect_errors(level: int, text: bytes, _: Any) -> None:
    if level == LOG_LEVEL_ERROR:
        _messages.append(text.decode("utf-8", "replace").strip())


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """How a model is to run.

    `memory` is the most bytes that the process may take for itself, 0 a share of what there is; `prefixes` is where
    evaluated beginnings are kept, None for nowhere.
    """

    context_tokens: int
    threads: int
    gpu_layers: int = -1
    batch: int = BATCH
    flash_attention: bool = True
    special_instructions: bool = True
    memory: int = 0
    prefixes: PrefixStore | None = None


class LoadedModel:
    """One model with a context to write in and one, once it is asked, for yes and no.

    Not thread-safe, but for `count`.
    """

    def __init__(self, llama: llama_cpp.Llama, options: LoadOptions) -> None:
        self._llama = llama
        self._options = options
        self._vocab = llama_cpp.llama_model_get_vocab(llama.model)
        self._evaluated = Evaluated(llama.ctx, llama.n_vocab(), options.batch, options.prefixes)
        self.formatter = _formatter(llama)
        self.context_tokens = options.context_tokens  # llama.cpp rounds its own up
        self.usage: dict[str, float] = {}
        self._yes_no: YesNo | None = None
        self._can_be_asked = True

    @classmethod
    def load(cls, path: Path, options: LoadOptions) -> LoadedModel:
        """Load a file whose head has been checked; a ModelError names the file and the reason."""
        llama_cpp.llama_log_set(_collect_errors, ctypes.c_void_p(0))
        _check_memory(path)
        # What a graphics card's driver maps is no measure of memory.
        if options.memory or not llama_cpp.llama_supports_gpu_offload():
            limit_this_process(options.memory)
        try:
            return cls(
                _opened(options.special_instructions)(
                    str(path),
                    n_ctx=options.context_tokens,
                    n_batch=options.batch,
                    n_ubatch=options.batch,
                    n_threads=options.threads,
                    n_threads_batch=options.threads,
                    n_gpu_layers=options.gpu_layers,
                    flash_attn=options.flash_attention,
                    verbose=False,
                ),
                options,
            )
        except MemoryError as error:
            raise _load_error(path, "alloc") from error
        except (ValueError, RuntimeError, AssertionError) as error:
            raise _load_error(path, str(error)) from error

    def prompt(self, messages: list[Message]) -> Prompt:
        """The turns as tokens of this model."""
        return Prompt(*prompt_tokens(messages, self.formatter, self.tokenize))

    def tokenize(self, text: bytes, *, add_bos: bool = False, special: bool = False) -> list[int]:
        """The tokens of a text; `special` lets markup become control tokens."""
        return list(self._llama.tokenize(text, add_bos=add_bos, special=special))

    def count(self, text: str) -> int:
        """How many tokens a text has. Reads only the vocabulary, so any thread may ask."""
        return len(self.tokenize(text.encode("utf-8", "replace"))) if text else 0

    def use_threads(self, threads: int) -> None:
        """From now on; each answer asks anew how busy the machine is."""
        self._evaluated.use_threads(threads)

    def odds(self, prompt: Prompt, threads: int, cancel: CancelToken) -> float | None:
        """The log odds of yes against no; an answer that is being written is left as it is.

        None where the question is too long, or there is no memory to ask in: what is written is worth more.
        """
        if self._yes_no is None and self._can_be_asked:
            try:
                self._yes_no = YesNo(self._llama, self.tokenize, flash_attention=self._options.flash_attention)
            except ModelError:
                self._can_be_asked = False
        return self._yes_no.odds(prompt, threads, cancel) if self._yes_no is not None else None

    def write(self, prompt: Prompt, grammar: str, max_tokens: int, cancel: CancelToken) -> Iterator[bytes]:
        """The answer, token by token. Greedy, so that the same prompt gives the same answer."""
        if len(prompt.tokens) + max_tokens > self.context_tokens:
            raise ContextFullError(
                f"The prompt has {len(prompt.tokens)} tokens and the answer may have {max_tokens}, but the model's "
                f"context holds {self.context_tokens}; ask with fewer or smaller sources (setting context_tokens)."
            )
        chooser = Chooser(self._vocab, grammar) if grammar else None
        self._evaluated.cancel = cancel
        try:
            yield from self._write(prompt, chooser, max_tokens)
        finally:
            self._evaluated.cancel = CancelToken()
            if chooser:
                chooser.close()

    def _write(self, prompt: Prompt, chooser: Chooser | None, max_tokens: int) -> Iterator[bytes]:
        started = time.perf_counter()
        reused, restored = self._evaluated.read(prompt)
        prompt_done = time.perf_counter()
        self.usage = {
            "prompt_tokens": len(prompt.tokens),
            "reused_tokens": reused,
            "restored_tokens": restored,
            "prompt_seconds": prompt_done - started,
        }
        written, left = 0, 0.0  # seconds that others had, between two tokens
        for _ in range(max_tokens):
            token = self._choose(chooser)
            if llama_cpp.llama_vocab_is_eog(self._vocab, token):
                break
            written += 1
            gone = time.perf_counter()
            yield self._piece(token)
            left += time.perf_counter() - gone
            self._evaluated.go_on([token])
        self.usage |= {"answer_tokens": written, "answer_seconds": time.perf_counter() - prompt_done - left}

    def _choose(self, chooser: Chooser | None) -> int:
        logits = self._evaluated.logits()
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


def _opened(special_instructions: bool) -> Callable[..., llama_cpp.Llama]:  # noqa: FBT001 - as it is stored
    """The class, or one whose weights are laid out for ordinary instructions; it has no parameter for that."""
    if special_instructions:
        return llama_cpp.Llama
    library = llama_cpp.llama_cpp
    defaults = library.llama_model_default_params

    def plain() -> Any:
        parameters = defaults()
        parameters.use_extra_bufts = False
        return parameters

    def opened(*arguments: Any, **options: Any) -> llama_cpp.Llama:
        library.llama_model_default_params = plain
        try:
            return llama_cpp.Llama(*arguments, **options)
        finally:
            library.llama_model_default_params = defaults

    return opened


def runtime_version() -> str:
    """Of the library and of what it was built for: what one wrote of its cache is nothing to another."""
    return f"{llama_cpp.__version__} {llama_cpp.llama_print_system_info().decode('ascii', 'replace')}"


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
    memory, size = physical_memory(), path.stat().st_size
    if memory and size > memory:
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
