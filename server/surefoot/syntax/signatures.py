"""One-line signatures: the head of a definition, white space folded, without its body.

Invariant: pure functions; a signature has no newline and at most SIGNATURE_LIMIT characters.
"""

from __future__ import annotations

import re

from surefoot.domain import SymbolKind

SIGNATURE_LIMIT = 300  # characters: some thirty parameters; what is longer is cut with an ellipsis
VALUE_LIMIT = 160  # characters of a variable's declaration: its value may be a whole table

_OPENING = re.compile(r"([(\[]) ")
_CLOSING = re.compile(r",? ([)\]])")
# What may stand between a head and its body; none of it says anything about the definition.
_TAILS = ("{", ":", "=", ";", ",", "do", "then", "is", "as", "begin")
_VALUES = frozenset({SymbolKind.VARIABLE, SymbolKind.CONSTANT, SymbolKind.FIELD, SymbolKind.KEY, SymbolKind.PROPERTY})


def fold(head: str, kind: SymbolKind) -> str:
    """`head` on one line: the source of a definition up to its body."""
    is_value = kind in _VALUES
    limit = VALUE_LIMIT if is_value else SIGNATURE_LIMIT
    # A declaration may hold a table of a megabyte; what counts stands at its start.
    text = " ".join(head[: 8 * limit].split())
    if "\n" in head:
        text = _CLOSING.sub(r"\1", _OPENING.sub(r"\1", text))
    text = text.rstrip(" ;,") if is_value else _without_tail(text)
    if len(text) <= limit:
        return text
    # Half an identifier would be a name that does not exist.
    cut = re.sub(r"[\w$]+$", "", text[: limit - 1]) if re.match(r"[\w$]", text[limit - 1]) else text[: limit - 1]
    return f"{cut.rstrip()}…"


def _without_tail(text: str) -> str:
    while text:
        tail = next((tail for tail in _TAILS if text.endswith(tail)), "")
        if not tail or (tail.isalpha() and not text.lower().endswith(f" {tail}")):
            return text
        text = text.removesuffix(tail).rstrip()
    return text
