"""Bytes to text.

Invariant: never raises, and the same bytes always give the same text.
"""

from __future__ import annotations

import codecs

_MARKED = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# With at most one broken sequence per so many sound ones, a file is damaged UTF-8 and not another encoding.
_SOUND_PER_BROKEN = 4
# Guessing an encoding takes time by length, and the first pages tell it.
_GUESS_SAMPLE = 32 * 1024


def decode(content: bytes) -> str | None:
    r"""The text of a file with `\n` line endings, or None where it is binary."""
    for mark, encoding in _MARKED:
        if content.startswith(mark):
            text = content[len(mark) :].decode(encoding, "replace")
            return None if "\0" in text else with_plain_newlines(text)
    if b"\0" in content:
        return None
    try:
        return with_plain_newlines(content.decode("utf-8"))
    except UnicodeDecodeError:
        return with_plain_newlines(_guess(content))


def with_plain_newlines(text: str) -> str:
    r"""The text with `\r\n` and lone `\r` turned into `\n`."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _guess(content: bytes) -> str:
    lenient = content.decode("utf-8", "replace")
    broken = lenient.count("\ufffd")
    sound = sum(character > "\x7f" for character in lenient) - broken
    if sound >= _SOUND_PER_BROKEN * broken:
        return lenient
    # A tenth of a second to import, and most projects have no such file.
    from charset_normalizer import from_bytes  # noqa: PLC0415

    best = from_bytes(content[:_GUESS_SAMPLE]).best()
    return content.decode(best.encoding if best is not None else "latin-1", "replace")
