"""Turns a request into prompt tokens, with the model's own chat template.

Invariant: text that a user or a file supplied never becomes a control token, whatever it contains: the template
is rendered with placeholders, its markup is tokenised as markup, and every content as plain text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Message = dict[str, str]
Formatter = Callable[[list[Message]], str]
Tokenizer = Callable[..., list[int]]

# From the private use area: no template looks for it, and contents are never searched for it.
PLACEHOLDER = re.compile("\ue0f0([0-9]+)\ue0f1")


def messages_of(request: Mapping[str, Any]) -> list[Message]:
    """The turns of a request: system, the examples, the question."""
    turns: list[Message] = []
    if request["system"]:
        turns.append({"role": "system", "content": request["system"]})
    for asked, answered in request["examples"]:
        turns.append({"role": "user", "content": asked})
        turns.append({"role": "assistant", "content": answered})
    turns.append({"role": "user", "content": request["user"]})
    return turns


def chatml(messages: list[Message]) -> str:
    """The layout of Qwen and many others, for files that carry no template."""
    turns = [f"<|im_start|>{m['role']}\n{m['content']}<|im_end|>\n" for m in messages]
    return "".join(turns) + "<|im_start|>assistant\n"


def prompt_tokens(messages: list[Message], formatter: Formatter, tokenize: Tokenizer) -> tuple[list[int], int]:
    """The prompt as tokens, and how many of them come before the last content and so are the same every time.

    `tokenize(text: bytes, add_bos: bool, special: bool)` is the model's.
    """
    contents = [m["content"] for m in messages]
    marked = [{"role": m["role"], "content": f"\ue0f0{n}\ue0f1"} for n, m in enumerate(messages)]
    rendered = _render(marked, formatter)
    tokens: list[int] = []
    constant = 0
    for position, piece in enumerate(PLACEHOLDER.split(rendered)):
        is_content = position % 2 == 1
        text = contents[int(piece)] if is_content else piece
        constant = len(tokens) if is_content else constant
        if text:
            tokens += tokenize(text.encode("utf-8", "replace"), add_bos=False, special=not is_content)
    return tokens, constant


def _render(marked: list[Message], formatter: Formatter) -> str:
    try:
        rendered = formatter(marked)
        if all(m["content"] in rendered for m in marked):
            return rendered
    except Exception:  # noqa: BLE001, S110 - templates are code from the model file; some reject the system role
        pass
    for attempt in (_without_system(marked), marked):
        try:
            return formatter(attempt)
        except Exception:  # noqa: BLE001, S112 - as above; the last resort follows
            continue
    return chatml(marked)


def _without_system(messages: Sequence[Message]) -> list[Message]:
    if messages[0]["role"] != "system" or len(messages) == 1:
        return list(messages)
    first = {"role": "user", "content": f"{messages[0]['content']}\n\n{messages[1]['content']}"}
    return [first, *messages[2:]]
