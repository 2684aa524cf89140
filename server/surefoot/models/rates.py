"""How fast this machine reads and writes with a model, and how it runs best: measured, and kept beside the indexes.

Invariant: what is kept belongs to one model file on one machine; a file that cannot be read or written costs a
measurement and no answer.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

FOLDER = "model_state"  # in the user's cache folder
LOOKED_AT = 64 * 1024  # bytes at each end of a model file that tell it from others; all of it would take seconds
FEWEST_PROMPT_TOKENS = 48  # fewer are over before a rate can be told
FEWEST_ANSWER_TOKENS = 8
# Tokens evaluated at a time, unless a calibration says otherwise. Small enough that one matrix product of a 7B model
# stays under 100 ms or so, as llama.cpp looks at the abort callback only between them; large enough to cost no speed.
BATCH = 128
COLLAPSED = 0.5  # of what is known: the machine is busy, or runs on its battery, so the old figure is worth nothing
NEWS = 0.3  # how much of a lesser difference is taken over: answers of one minute differ


@dataclass(frozen=True, slots=True)
class Rates:
    """Tokens a second."""

    prompt: float
    answer: float


@dataclass(frozen=True, slots=True)
class Tuning:
    """How a model runs best. 0 threads: chosen by how busy the machine is.

    Without `special_instructions` the matrix units of a processor are left alone: some machines tell that they have
    them, and kill the process that uses them.
    """

    threads: int = 0
    batch: int = 0
    flash_attention: bool = True
    special_instructions: bool = True


@dataclass(frozen=True, slots=True)
class Usage:
    """What one answer took."""

    prompt_tokens: int = 0
    reused_tokens: int = 0  # of the prompt, found evaluated from the last question
    restored_tokens: int = 0  # of those, read from a file
    answer_tokens: int = 0
    prompt_seconds: float = 0.0
    answer_seconds: float = 0.0


@runtime_checkable
class Measured(Protocol):
    """A generator that knows how fast it is."""

    @property
    def rates(self) -> Rates | None:
        """None until something was measured."""
        ...


@runtime_checkable
class Counted(Protocol):
    """A generator that tells what its last answer took."""

    @property
    def last_usage(self) -> Usage:
        """Of nothing, where nobody counted."""
        ...


@runtime_checkable
class Waited(Protocol):
    """A generator that may have to wait for its turn."""

    @property
    def waited_seconds(self) -> float:
        """How long it did."""
        ...


def usage_told(generator: object) -> dict[str, int]:
    """For a trace: the tokens of the last answer, where they were counted, and how long it waited for others."""
    waited = round(generator.waited_seconds * 1000) if isinstance(generator, Waited) else 0
    return ({"waited_ms": waited} if waited else {}) | _tokens_told(generator)


def _tokens_told(generator: object) -> dict[str, int]:
    if not isinstance(generator, Counted) or not generator.last_usage.prompt_tokens:
        return {}
    usage = generator.last_usage
    told = {"prompt_tokens": usage.prompt_tokens, "reused_tokens": usage.reused_tokens}
    return told | {"answer_tokens": usage.answer_tokens, "prompt_ms": round(usage.prompt_seconds * 1000)}


def updated(known: Rates | None, usage: Usage) -> Rates | None:
    """The rates after one more answer; what was too short to tell leaves them as they are."""
    evaluated = usage.prompt_tokens - usage.reused_tokens
    prompt = evaluated / usage.prompt_seconds if usage.prompt_seconds > 0 else 0.0
    answer = usage.answer_tokens / usage.answer_seconds if usage.answer_seconds > 0 else 0.0
    prompt = prompt if evaluated >= FEWEST_PROMPT_TOKENS else 0.0
    answer = answer if usage.answer_tokens >= FEWEST_ANSWER_TOKENS else 0.0
    if known is None:
        return Rates(prompt, answer) if prompt and answer else None
    return Rates(_blended(known.prompt, prompt), _blended(known.answer, answer))


def _blended(known: float, measured: float) -> float:
    if not measured:
        return known
    return measured if measured < COLLAPSED * known else known + NEWS * (measured - known)


class ModelState:
    """What is kept of one model file on this machine: two small records in one file."""

    def __init__(self, folder: Path, model: Path) -> None:
        self.folder = folder
        self.key = fingerprint(model)
        self._file = folder / f"{self.key}-{machine()}.json"

    def rates(self) -> Rates | None:
        """As last measured."""
        with contextlib.suppress(KeyError, TypeError, ValueError):
            kept = self._record()["rates"]
            rates = Rates(float(kept["prompt"]), float(kept["answer"]))
            return rates if rates.prompt > 0 and rates.answer > 0 else None
        return None

    def tuning(self) -> Tuning:
        """As last calibrated, or the default."""
        with contextlib.suppress(KeyError, TypeError, ValueError):
            kept = self._record()["tuning"]
            flags = (bool(kept[name]) for name in ("flash_attention", "special_instructions"))
            return Tuning(max(0, int(kept["threads"])), max(0, int(kept["batch"])), *flags)
        return Tuning()

    def keep_rates(self, rates: Rates) -> None:
        """Keep what was measured."""
        self._keep("rates", asdict(rates))

    def keep_tuning(self, tuning: Tuning) -> None:
        """Keep a calibration."""
        self._keep("tuning", asdict(tuning))

    def _record(self) -> dict[str, Any]:
        try:
            known = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}

    def _keep(self, name: str, values: dict[str, Any]) -> None:
        text = json.dumps(self._record() | {name: values})
        beside = self._file.with_suffix(f".{os.getpid()}.tmp")
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            beside.write_text(text, encoding="utf-8")
            beside.replace(self._file)


def fingerprint(model: Path) -> str:
    """What tells one model file from another: its size, its beginning and its end."""
    with model.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        beginning = file.read(LOOKED_AT)
        file.seek(max(0, size - LOOKED_AT))
        return hashlib.sha256(b"%d" % size + beginning + file.read(LOOKED_AT)).hexdigest()[:16]


@lru_cache(maxsize=1)
def machine() -> str:
    """What tells machines apart that share a home folder: processor and number of cores, as a hash."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8", errors="replace").splitlines() if info.is_file() else []
    named = next((line.partition(":")[2] for line in lines if line.startswith("model name")), platform.processor())
    facts = f"{platform.machine()} {named.strip()} {os.cpu_count()}"
    return hashlib.sha256(facts.encode()).hexdigest()[:8]


# --- what a model may be shown -----------------------------------------------------------------------------------

FEWEST_SOURCE_TOKENS = 300  # fewer show nothing that could be answered from
FIRST_CLAIM_TOKENS = 30  # that the first sentence takes to write
BESIDE_SOURCES = 40  # tokens of the prompt that change with each question and are no sources
CHECKED_TOKENS = 170  # that are read to ask the model whether it stands by that sentence, where it is asked


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many tokens of sources a model may be shown, and what that comes from, for the trace."""

    tokens: int
    rates: Rates | None = None
    target_seconds: float = 0.0
    besides: int = BESIDE_SOURCES  # tokens that are read before the first claim is shown and are no sources


def allowed(rates: Rates | None, target_seconds: float, most: int, *, checks: bool = False) -> Allowance:
    """As many tokens as leave time for the first claim; the fewest while nothing is measured, `most` at most.

    `checks`: whether the model is asked about the claim before it is shown.
    """
    fewest = min(FEWEST_SOURCE_TOKENS, most)
    if target_seconds <= 0:
        return Allowance(most)
    if rates is None:
        return Allowance(fewest, None, target_seconds)
    besides = BESIDE_SOURCES + (CHECKED_TOKENS if checks else 0)
    tokens = (target_seconds - FIRST_CLAIM_TOKENS / rates.answer) * rates.prompt - besides
    return Allowance(max(fewest, min(most, int(tokens))), rates, target_seconds, besides)


def allowance_told(allowance: Allowance) -> dict[str, float]:
    """For a trace: what the number of tokens was derived from."""
    told = {"target_seconds": allowance.target_seconds}
    if allowance.rates is not None:
        told |= {"prompt_per_second": round(allowance.rates.prompt, 1)}
        told |= {"answer_per_second": round(allowance.rates.answer, 1)}
        told |= {"expected_seconds": round(expected_seconds(allowance), 2)}
    return told


def expected_seconds(allowance: Allowance) -> float:
    """What the first claim then takes, where the fixed part of the prompt is read already."""
    if allowance.rates is None:
        return allowance.target_seconds
    tokens = allowance.tokens + allowance.besides
    return tokens / allowance.rates.prompt + FIRST_CLAIM_TOKENS / allowance.rates.answer
