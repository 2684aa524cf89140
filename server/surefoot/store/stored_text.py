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


def searchable(text: str) -> str:
    """The text with lone surrogates replaced: full-text tables take text only."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
