"""What a trace must not keep: secrets in texts and in whatever is made of texts are masked before they are stored.

Invariant: a text without secrets comes back as the same object, so that looking is all that it costs.
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Callable, Iterable
from typing import Any

from pydantic_core import PydanticSerializationError, to_json

from surefoot.redact.shapes import SHAPES, Shape, Where

MASK = "…(masked)"
LEAST_ECHO = 4  # characters of a piece of a secret that is masked where it stands alone
LEAST_WORD = 2  # the same, of the words that a question was taken apart into
LEAST_WHOLE = 6  # characters of a secret that is masked wherever else it stands

KEYED_BY_WORDS = frozenset({"terms"})  # dictionaries whose keys are words of a question; other keys are ours
BY_WHERE = {where: [shape for shape in SHAPES if shape.where is where] for where in Where}
ASCII_FOLD = {ord(letter): letter.lower() for letter in string.ascii_uppercase}
RUN = re.compile(r"[A-Za-z0-9_.$~+=\\-]{20,}")  # no token is shorter, and the name that it begins with stands in it
ESCAPED = re.compile(r"\\([\"\\nrtbf])")
UNESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": " ", "f": " "}
Change = Callable[[str, bool], str]  # of a text, which may be one word of a question
SEPARATORS = re.compile(r"[\W_]+")


def masked(text: str) -> str:
    """The text, each secret in it masked: of a token its public beginning stays, of a password nothing."""
    return _masked(text, _possible(text), [])


def masked_value(value: Any) -> Any:
    """The same for the texts in lists and dictionaries.

    What a secret was taken apart into, as the words of a question are, is masked too.
    """
    shapes = _possible(_all_text(value))
    if not shapes:
        return value
    found: list[str] = []
    value = _mapped(value, lambda text, _: _masked(text, shapes, found))
    return _mapped(value, _without_echoes(found)) if found else value


def _possible(text: str) -> list[Shape]:
    """The shapes that a text may have: looking for a few letters is far cheaper than for a pattern."""
    runs = " ".join(RUN.findall(text))  # a token is a long run, of which most texts have few
    return [
        shape
        for where, looked_at in ((Where.RUNS, runs), (Where.TEXT, text), (Where.FOLDED, _folded(text)))
        for shape in BY_WHERE[where]
        if any(word in looked_at for word in shape.words) and shape.pattern.search(looked_at)
    ]


def _masked(text: str, shapes: Iterable[Shape], found: list[str]) -> str:
    for shape in shapes:
        places = [
            match
            for match in shape.pattern.finditer(_folded(text) if shape.where is Where.FOLDED else text)
            if _is_secret(shape, text[match.start("secret") : match.end("secret")])
        ]
        found += [text[match.start("secret") : match.end("secret")] for match in places]
        text = _replaced(text, places)
    return text


def _is_secret(shape: Shape, secret: str) -> bool:
    return MASK not in secret and shape.is_secret(secret)


def _replaced(text: str, places: list[re.Match[str]]) -> str:
    pieces, done = [], 0
    for match in places:
        has_kept = "kept" in match.re.groupindex
        pieces += [text[done : match.end("kept") if has_kept else match.start("secret")], MASK]
        done = match.end("secret")
    return "".join((*pieces, text[done:])) if places else text


def _folded(text: str) -> str:
    """The text in small letters, with every letter where it was."""
    folded = text.lower()
    return folded if len(folded) == len(text) else text.translate(ASCII_FOLD)


def _without_echoes(found: list[str]) -> Change:
    """A function that masks what was found in other places, in other cases, and in single words."""
    wholes = sorted({secret for secret in found if len(secret) >= LEAST_WHOLE}, key=len, reverse=True)
    anywhere = re.compile("|".join(map(re.escape, wholes)) or r"(?!)", re.IGNORECASE)
    squeezed = [SEPARATORS.sub("", secret).casefold() for secret in wholes]

    def without(text: str, is_word: bool) -> str:  # noqa: FBT001 - called in two places, just below
        word = SEPARATORS.sub("", text).casefold()
        is_piece = len(word) >= (LEAST_WORD if is_word else LEAST_ECHO) and not re.search(r"\s", text)
        return MASK if is_piece and any(word in secret for secret in squeezed) else anywhere.sub(MASK, text)

    return without


def _mapped(value: Any, change: Change, *, is_keyed_by_words: bool = False) -> Any:
    if isinstance(value, str):
        return change(value, False)  # noqa: FBT003
    if isinstance(value, dict):
        return {
            change(str(key), True) if is_keyed_by_words else key: _mapped(  # noqa: FBT003
                item, change, is_keyed_by_words=key in KEYED_BY_WORDS
            )
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_mapped(item, change) for item in value]
    return value if value is None or isinstance(value, bool | int | float) else change(str(value), False)  # noqa: FBT003


def _all_text(value: Any) -> str:
    """Every text in the value, run together, as it stands there and not as JSON escapes it."""
    try:
        text = to_json(value, fallback=str).decode()
    except (PydanticSerializationError, UnicodeDecodeError):  # half characters
        text = json.dumps(value, default=str, ensure_ascii=False)
    return ESCAPED.sub(lambda match: UNESCAPED.get(match[1], match[1]), text)
