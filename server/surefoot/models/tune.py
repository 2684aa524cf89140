"""A short calibration: with how many threads, and in what way, a model answers soonest on this machine.

Invariant: one thing is varied at a time, and every try reads a text that no earlier one read.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from surefoot.errors import ModelError
from surefoot.models.llama import LlamaGenerator, LlamaOptions, load, physical_cores
from surefoot.models.protocols import GenerationRequest
from surefoot.models.rates import BATCH, ModelState, Rates, Tuning, updated
from surefoot.trace import CancelToken

PROMPT_WORDS = 160  # some 200 tokens: enough for a rate, and a few seconds on a laptop
ANSWER_TOKENS = 16
# What a usual question takes, to weigh reading against writing.
USUAL_PROMPT, USUAL_ANSWER = 400, 60
BATCHES = (64, 256)  # besides the usual one
WORTH_IT = 0.95  # of the time before: less of a gain is chance

_WORDS = "cart order price tax rate item user total limit retry queue token cache index file line".split()


@dataclass(frozen=True, slots=True)
class Try:
    """One way to run the model, and how fast it was."""

    tuning: Tuning
    rates: Rates

    @property
    def seconds(self) -> float:
        """For a usual question."""
        return USUAL_PROMPT / self.rates.prompt + USUAL_ANSWER / self.rates.answer


Tell = Callable[[Try], None]


def tune(path: Path, options: LlamaOptions, folder: Path, tell: Tell, cancel: CancelToken) -> Try:
    """Try, tell of each try, and keep the best one for this model on this machine."""
    state = ModelState(folder, path)
    numbers = itertools.count()

    def tried(tuning: Tuning) -> Try:
        measured = measure(path, replace(options, tuning=tuning), next(numbers), cancel)
        found = Try(replace(tuning, special_instructions=measured.special), measured.rates)
        tell(found)
        return found

    best = tried(Tuning(1, BATCH, special_instructions=state.tuning().special_instructions))
    for vary in (_threads, _attention, _batches):
        for tuning in vary(best.tuning):
            best = _better(best, tried(tuning))
    state.keep_tuning(best.tuning)
    state.keep_rates(best.rates)
    return best


def _better(one: Try, other: Try) -> Try:
    return other if other.seconds < WORTH_IT * one.seconds else one


def _threads(tuning: Tuning) -> Iterator[Tuning]:
    """One was tried; then two, four and so on, and all cores."""
    cores = physical_cores()
    counts = {count for count in (2, 4, 8, 16) if count < cores} | {cores} - {1}
    return (replace(tuning, threads=count) for count in sorted(counts))


def _attention(tuning: Tuning) -> Iterator[Tuning]:
    yield replace(tuning, flash_attention=not tuning.flash_attention)


def _batches(tuning: Tuning) -> Iterator[Tuning]:
    return (replace(tuning, batch=batch) for batch in BATCHES)


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one try came to; `special` says whether it ran with all of the processor's instructions."""

    rates: Rates
    special: bool


def measure(path: Path, options: LlamaOptions, number: int, cancel: CancelToken) -> Measurement:
    """Read and write a little in a fresh process. Raises ModelError."""
    threads = options.tuning.threads if options.tuning else options.threads
    here = replace(options, threads=threads, state_folder=None, idle_seconds=0.0)
    generator = LlamaGenerator(path, options=here)
    request = GenerationRequest("", " ".join(_text(number)), "root ::= [a-z ]+", ANSWER_TOKENS)
    try:
        for _ in generator.generate(request, cancel):
            pass
        rates = updated(None, generator.last_usage)
    finally:
        generator.close()
    if rates is None:
        raise ModelError(f"The model {path.name} ends its answers too early to be measured.")
    return Measurement(rates, generator.tuning.special_instructions)


def _text(number: int) -> Iterator[str]:
    """Words in an order of their own for each number."""
    step = 2 * number + 1
    return (_WORDS[(place * step + place // len(_WORDS) + number) % len(_WORDS)] for place in range(PROMPT_WORDS))


def is_busy() -> bool:
    """Whether something else runs, so that a calibration would measure that as well."""
    return load() >= 0.5 * physical_cores()
