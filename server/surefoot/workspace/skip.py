"""Why a file that git would show is not worth indexing: by its name, and by its text.

Invariant: the verdict depends on the path and the text alone, so the walk and a single file come to the same one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from surefoot.domain import SkipReason
from surefoot.readings import has_reading
from surefoot.workspace import names
from surefoot.workspace.names import may_hold_tickets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from surefoot.config import Settings

# Shorter files cost nothing, and their averages mean nothing.
MINIFIED_MIN_LENGTH = 1000
# People wrap at 80 to 120; twice the widest of them is no longer written by hand.
MINIFIED_LINE_LENGTH = 240
# Prose that keeps a paragraph on one line is one seventh spaces, minified code one thirtieth.
MINIFIED_WHITESPACE = 0.1
# Scripts without spaces between words (Chinese, Japanese, Thai) would look minified.
MINIFIED_ASCII = 0.7

# A text in which one character in ten is a control or replacement character was not text.
BINARY_SHARE = 0.1
BINARY_SAMPLE = 8192

# Generators write their notice on top; below it somebody is talking about generated files.
GENERATED_LINES = 40

OWN_FOLDER = ".surefoot"
OWN_TICKETS = "tickets"  # in it, and the only thing of it that is read

_PRIVATE_KEY = re.compile(r"\s*-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY")
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
_COMMENT = re.compile(r"\s*(?:#|//+|/\*+|\*+/?|--+|;+|<!--|%|\(\*|\{-|\.\. |REM\b|'(?!''))\s*(?P<text>.*)", re.DOTALL)
_PROSE_COMMENT = re.compile(r"\s*(?:<!--|\.\. )\s*(?P<text>.*)", re.DOTALL)
# What may stand above the notice without being a comment.
_PREAMBLE = re.compile(
    r"\s*(?:<\?(?:php|xml)\b.*|<!DOCTYPE\b.*|['\"]use strict['\"];?|package [\w.]+;?|@charset .*)$", re.I
)
_GENERATED = re.compile(
    r"""(?x)
    (?<![\w"'`“.]) @generated (?![\w"'`”/]|-\w)
    | (?<!["'`“]) \b DO \s NOT \s (?:EDIT|MODIFY|CHANGE)
      (?= \s* (?:[.!,:;*-]|$) | \s+ (?:THIS|the|this) \s (?:FILE|file)
        | \s+ (?:BY\sHAND|by\shand|MANUALLY|manually|DIRECTLY|directly|OR\b|or\b|OTHERWISE) )
    | ^ Code \s generated \s by \b
    | ^ Generated \s by \s the \s protocol \s buffer \s compiler
    | ^ (?:This \s (?:file|code|source(?:\sfile)?) \s (?:is|was|has\sbeen) \s)?
      (?:Auto|auto|Automatically|automatically|AUTO|AUTOMATICALLY)[ -]?(?:generated|GENERATED) \b
    | ^ This \s (?:file|code) \s (?:is|was|has\sbeen) \s generated \s (?:by|from|using|with) \b
    """
)


def name_skip_reason(path: str, settings: Settings) -> SkipReason | None:
    """Why the name of a file, or of a folder above it, keeps it out of the index."""
    *folders, name = path.split("/")
    if OWN_FOLDER in folders and not is_own_ticket(folders, name):
        return SkipReason.OWN
    if not settings.include_vendored:
        for above, folder in pairwise(("", *folders)):
            if is_vendored_folder(folder, above):
                return SkipReason.VENDORED
    return file_name_skip_reason(name)


def is_own_ticket(folders: Sequence[str], name: str) -> bool:
    """Whether a file in folder `.surefoot` of a root holds tickets, by the folders of its path and its name."""
    return tuple(folders[:2]) == (OWN_FOLDER, OWN_TICKETS) and OWN_FOLDER not in folders[1:] and may_hold_tickets(name)


def is_vendored_folder(folder: str, above: str) -> bool:
    """Whether a folder holds other people's code, going by its name and that of the folder above it.

    `vendor` is ambiguous: shops have vendors. It counts at the top of a root (Go, PHP, Ruby) and inside a folder of
    web assets; elsewhere only what has the name that a package manager gives counts inside it.
    """
    folder, above = folder.lower(), above.lower()
    if folder == "vendor":
        return above == "" or above in names.ASSETS
    return folder in names.VENDORED or (above == "vendor" and ("." in folder or folder in names.IN_VENDOR))


@lru_cache(maxsize=65536)  # the next walk meets the same names
def file_name_skip_reason(name: str) -> SkipReason | None:
    """Why the last part of a path keeps the file out of the index."""
    name = name.lower()
    if name in names.LOCK_FILES:
        return SkipReason.LOCK_FILE
    if _is_secret(name):
        return SkipReason.SECRET
    if name.endswith(names.MINIFIED_ENDINGS):
        return SkipReason.MINIFIED
    stem, _, ending = name.rpartition(".")
    if stem and ending in names.TRANSLATIONS:
        return SkipReason.TRANSLATIONS
    is_binary = name in names.BINARY_NAMES or (stem and ending in names.BINARY)
    return SkipReason.BINARY if is_binary and not has_reading(name) else None  # a picture may have its drawing in it


def content_skip_reason(path: str, text: str) -> SkipReason | None:
    """Why the text of a file keeps it out of the index."""
    if not text or text.isspace():
        return SkipReason.EMPTY
    sample = text[:BINARY_SAMPLE]
    if len(_NOT_TEXT.findall(sample)) > BINARY_SHARE * len(sample):
        return SkipReason.BINARY
    if _PRIVATE_KEY.match(text):
        return SkipReason.SECRET
    if _is_generated(path, text):
        return SkipReason.GENERATED
    return SkipReason.MINIFIED if _is_minified(text) else None


def _is_secret(name: str) -> bool:
    if name == ".env" or name.startswith(".env."):
        return not name.endswith(names.TEMPLATE_ENDINGS)
    if name.startswith(names.SECRET_BEGINNINGS) and name.endswith(names.DATA_ENDINGS):
        return True
    return name in names.SECRETS or name.endswith(names.SECRET_ENDINGS)


def _is_minified(text: str) -> bool:
    if len(text) < MINIFIED_MIN_LENGTH:
        return False
    lines = [line for line in text.split("\n") if line.strip()]
    if len(text) < MINIFIED_LINE_LENGTH * len(lines):
        return False
    words = text.split()
    letters = sum(map(len, words))
    is_dense = len(text) - letters < MINIFIED_WHITESPACE * len(text)
    return is_dense and len(text.encode("ascii", "ignore")) > MINIFIED_ASCII * len(text)


def _is_generated(path: str, text: str) -> bool:
    is_prose = path.lower().endswith(names.PROSE_ENDINGS)
    return any(_GENERATED.search(comment) for comment in _header(text, _PROSE_COMMENT if is_prose else _COMMENT))


def _header(text: str, comment: re.Pattern[str]) -> list[str]:
    """The text of the comment lines above the first line that is none."""
    found: list[str] = []
    closing = ""
    for line in text[: GENERATED_LINES * 400].split("\n", GENERATED_LINES)[:GENERATED_LINES]:
        match = comment.match(line)
        if match is None and not closing and line.strip() and _PREAMBLE.match(line) is None:
            break
        if match is not None or closing:
            found.append((match["text"] if match else line).strip())
        closing = _still_open(line, closing)
    return found


def _still_open(line: str, closing: str) -> str:
    """What ends the block comment that the next line is in; empty where it is in none."""
    if closing:
        return "" if closing in line else closing
    begun = line.strip()
    for opening, end in (("/*", "*/"), ("<!--", "-->"), ("(*", "*)"), ("{-", "-}")):
        if begun.startswith(opening) and end not in begun[len(opening) :]:
            return end
    return ""
