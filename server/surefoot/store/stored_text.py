"""How text that is not valid Unicode gets in and out of SQLite.

Invariant: `loaded(stored(text)) == text` for every Python string.
"""

from __future__ import annotations

from typing import Any


def stored(text: str) -> str | bytes:
    """The text itself, or bytes where it holds lone surrogates, which SQLite text cannot.

    File names that are not UTF-8 and editors' half characters bring such strings in.
    """
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
    return text


def loaded(value: Any) -> str:
    """What `stored` was given."""
    return value.decode("utf-8", "surrogatepass") if isinstance(value, bytes) else str(value)


# Of a path with the bounds of `below`. In the order of SQLite every text comes before all bytes.
IS_BELOW = "(path >= ? AND path < ? OR path >= ? AND path < ?)"


def below(folder: str) -> tuple[str | bytes, ...]:
    """Bounds of all paths below a folder, text and bytes: the slash sorts before the next character, which is 0."""
    first, beyond = f"{folder}/", f"{folder}0"
    as_bytes = (text.encode("utf-8", "surrogatepass") for text in (first, beyond))
    return (stored(first), stored(beyond), *as_bytes)


def searchable(text: str) -> str:
    """The text with lone surrogates replaced: full-text tables take text only."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
