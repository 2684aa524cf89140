"""How much of a trace is kept: a limit for each stage, and one for all of them together.

Invariant: what is cut is said, in the list `cut` of the details that it was cut from; the shape of the rest stays.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import PydanticSerializationError, to_json

MOST_PER_STAGE = 128 * 1024  # characters of JSON; the prompt of a model with room for 8,000 tokens takes a third
MOST_PER_TRACE = 512 * 1024
CUT = "cut"
# Longest text and longest list, step by step until the details fit.
STEPS = ((20_000, 400), (8_000, 100), (2_000, 40), (500, 20), (100, 5), (20, 1))


def written(values: Mapping[str, Any]) -> str:
    """As JSON. Details are for people to read: what JSON does not know is shown as Python prints it."""
    try:
        return to_json(values, fallback=str).decode()
    except (PydanticSerializationError, UnicodeDecodeError):  # half characters, and keys that are no texts
        return json.dumps(values, default=str)


def written_stages(stages: Sequence[Mapping[str, Any]]) -> list[str]:
    """The details of each stage as JSON, within the limits."""
    limit, texts = MOST_PER_STAGE, [written(details) for details in stages]
    most = MOST_PER_TRACE
    while max(map(len, texts), default=0) > limit or sum(map(len, texts)) > most:
        texts = [text if len(text) <= limit else _cut(stages[n], limit) for n, text in enumerate(texts)]
        if limit < STEPS[-1][0]:
            break  # so many stages that even their names would not fit
        limit //= 2
    return texts


def _cut(details: Mapping[str, Any], limit: int) -> str:
    for longest_text, longest_list in STEPS:
        told: list[str] = []
        kept = {name: _shortened(item, longest_text, longest_list, name, told) for name, item in details.items()}
        text = written({**kept, CUT: list(dict.fromkeys(told))[:longest_list]})
        if len(text) <= limit:
            return text
    return written({CUT: [f"all of {len(written(details)):,} characters, more than a trace keeps"]})


def _shortened(value: Any, longest_text: int, longest_list: int, where: str, told: list[str]) -> Any:
    if isinstance(value, str):
        if len(value) > longest_text:
            told.append(f"{where}: {longest_text:,} of {len(value):,} characters kept")
        return value[:longest_text]
    if isinstance(value, Mapping):
        if len(value) > longest_list:
            told.append(f"{where}: {longest_list:,} of {len(value):,} entries kept")
        items = list(value.items())[:longest_list]
        return {key: _shortened(item, longest_text, longest_list, f"{where}.{key}", told) for key, item in items}
    if isinstance(value, list | tuple):
        if len(value) > longest_list:
            told.append(f"{where}: {longest_list:,} of {len(value):,} entries kept")
        return [_shortened(item, longest_text, longest_list, where, told) for item in value[:longest_list]]
    return value
