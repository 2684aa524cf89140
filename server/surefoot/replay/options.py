"""What may be changed for a replay: a table of named options, each of which belongs to the stage that it concerns.

Invariant: an option that nobody knows, or a value that does not fit, is one sentence with the way out.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from surefoot.domain import Source
from surefoot.errors import UsageError
from surefoot.retrieve.rerank import RULES, spread_over_files

# Stages that can be left out, as in `surefoot eval run --ablate`; "product" is the choice of one root of several,
# "parts" that a question is asked again without what is missing, and "ranker" the learned order.
STAGES = (
    *("resolve", "product", "parts", "lexical", "vector", "symbol", "place", "link", "flow", "rerank"),
    *("ranker", "floor", "focus"),
)
RULE_NAMES = (*(rule.__name__ for rule in RULES), spread_over_files.__name__)
MOST_HITS, MOST_TOKENS = 1000, 1_000_000
NO_LIMIT = ("", "none")
YES, NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


@dataclass(frozen=True, slots=True)
class Overrides:
    """What a replay does otherwise than its trace; None leaves a thing as it was."""

    ablated: frozenset[str] = frozenset()
    restored: frozenset[str] = frozenset()  # left out then, and not now
    k: int | None = None
    paths: tuple[str, ...] | None = None
    languages: tuple[str, ...] | None = None
    sources: tuple[Source, ...] | None = None
    open_file: str | None = None
    after: str | None = None
    model: str | None = None
    settings: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Option:
    """One row of the table: how to write the value, what it does, and how it is applied."""

    value: str
    meaning: str
    apply: Callable[[Overrides, str], Overrides]  # raises ValueError with the values that would do


def overridden(settings: Iterable[str]) -> Overrides:
    """From words like "rerank.off=true". Raises UsageError."""
    overrides = Overrides()
    for setting in settings:
        name, sign, value = (part.strip() for part in setting.partition("="))
        option = OPTIONS.get(name)
        if option is None:
            raise UsageError(_unknown(name))
        if not sign:
            raise UsageError(f"'{name}' has no value; write {name}={option.value}.")
        try:
            overrides = option.apply(overrides, value)
        except ValueError as error:
            raise UsageError(f"'{name}' cannot be '{value}': it has to be {error}.") from error
    return overrides


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, OPTIONS, n=1, cutoff=0.5)
    guess = f"; did you mean {near[0]}?" if near else "."
    return f"A replay has no option '{name}'{guess} There are {', '.join(OPTIONS)}."


def _switch(name: str, *, yes_is_off: bool) -> Callable[[Overrides, str], Overrides]:
    def apply(overrides: Overrides, value: str) -> Overrides:
        word = value.lower()
        if word not in (*YES, *NO):
            raise ValueError("true or false" if yes_is_off else "on or off")
        if (word in YES) == yes_is_off:
            return replace(overrides, ablated=overrides.ablated | {name}, restored=overrides.restored - {name})
        return replace(overrides, ablated=overrides.ablated - {name}, restored=overrides.restored | {name})

    return apply


def _number(least: int, most: int, put: Callable[[Overrides, int], Overrides]) -> Callable[[Overrides, str], Overrides]:
    def apply(overrides: Overrides, value: str) -> Overrides:
        number = int(value) if value.isascii() and value.isdigit() and len(value) <= len(str(most)) else least - 1
        if not least <= number <= most:
            raise ValueError(f"a whole number from {least:,} to {most:,}")
        return put(overrides, number)

    return apply


def _setting(name: str) -> Callable[[Overrides, int], Overrides]:
    return lambda overrides, number: replace(overrides, settings={**overrides.settings, name: number})


def _path(overrides: Overrides, value: str) -> Overrides:
    return replace(overrides, paths=() if value in NO_LIMIT else (*(overrides.paths or ()), value))


def _language(overrides: Overrides, value: str) -> Overrides:
    return replace(overrides, languages=() if value in NO_LIMIT else (*(overrides.languages or ()), value.lower()))


def _source(overrides: Overrides, value: str) -> Overrides:
    if value in NO_LIMIT:
        return replace(overrides, sources=())
    if value not in set(Source):
        raise ValueError(f"one of {', '.join(Source)}, or none")
    return replace(overrides, sources=(*(overrides.sources or ()), Source(value)))


def _open(overrides: Overrides, value: str) -> Overrides:
    return replace(overrides, open_file="" if value in NO_LIMIT else str(Path(value).expanduser().absolute()))


def _after(overrides: Overrides, value: str) -> Overrides:
    return replace(overrides, after="" if value in NO_LIMIT else value)


def _model(overrides: Overrides, value: str) -> Overrides:
    if not value:
        raise ValueError("the name of a model, or none")
    return replace(overrides, model=value)


OPTIONS: Mapping[str, Option] = MappingProxyType(
    {
        "search.k": Option(
            "N", "how many hits", _number(1, MOST_HITS, lambda overrides, number: replace(overrides, k=number))
        ),
        "resolve.path": Option("GLOB", "only files that match; again for more, none for no limit", _path),
        "resolve.lang": Option("L", "only this language; again for more, none for no limit", _language),
        "resolve.source": Option("|".join(Source), "only this kind of text, none for no limit", _source),
        "resolve.open": Option("FILE", "the file that is open, or none", _open),
        "resolve.after": Option("ID", "the trace of the question before it, or none", _after),
        **{
            f"{stage}.off": Option("true", f"leave the stage {stage} out", _switch(stage, yes_is_off=True))
            for stage in STAGES
        },
        **{
            f"rerank.{rule}": Option("off", "leave the rule out", _switch(rule, yes_is_off=False))
            for rule in RULE_NAMES
        },
        "budget.tokens": Option(
            "N", "tokens of the sources that the model sees", _number(200, MOST_TOKENS, _setting("context_tokens"))
        ),
        "generate.model": Option("NAME|none", "which model writes", _model),
        "generate.tokens": Option(
            "N", "the longest answer that it may write", _number(32, MOST_TOKENS, _setting("answer_tokens"))
        ),
    }
)
