"""One normal form for all ways of writing a thing: `#123`, `GH-123` and `owner/project#123`; a path; a commit's digits.

Invariant: pure functions; a key is equal for whatever may mean the same thing, and empty for what can mean nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

from surefoot.domain import LinkKind
from surefoot.words import folded

SHORTEST_COMMIT = 7  # digits; fewer are as likely a number
COMMIT_DIGITS = 10  # of a key, as in the names of commits
LONGEST_NAME = 100  # characters of a symbol's name
LONGEST_PATH = 500
PARTS_OF_NAME = 2  # of a qualified name that count: the last container and the name

_KEYED = re.compile(r"([A-Za-z][A-Za-z0-9_]{0,15})[- _]0*([1-9]\d{0,8}|0)")
_NUMBERED = re.compile(r"(?:[\w.-]+/[\w./-]*\w)?([#!])0*([1-9]\d{0,8})")
_HEXADECIMAL = re.compile(rf"[0-9a-f]{{{SHORTEST_COMMIT},64}}")
_SEPARATOR = re.compile(r"\.|::|->|#|/")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://(?:www\.)?", re.IGNORECASE)
HASH_PREFIXES = frozenset({"GH", "GITHUB"})  # before a number, these mean the same as "#"


def target_key(kind: LinkKind, text: str) -> str:
    """What is written as all other ways of writing it are; empty where it is none of this kind."""
    return _KEYS[kind](text.strip())


def ticket_key(text: str) -> str:
    """`#123` for numbers, `!45` for merge requests, `PROJ-214` for keys."""
    numbered = _NUMBERED.fullmatch(text)
    if numbered is not None:
        return numbered[1] + numbered[2]
    keyed = _KEYED.fullmatch(text)
    if keyed is None:
        return ""
    prefix = keyed[1].upper()
    return f"#{keyed[2]}" if prefix in HASH_PREFIXES else f"{prefix}-{keyed[2]}"


def own_key(symbol: str) -> str:
    """The key of the ticket or decision that a chunk with this symbol is of; empty where it is of none."""
    return ticket_key(symbol.partition(".")[0]) if symbol else ""


def commit_key(text: str) -> str:
    """The first digits."""
    digits = text.lower().removeprefix("commit:")
    return digits[:COMMIT_DIGITS] if _HEXADECIMAL.fullmatch(digits) else ""


@lru_cache(maxsize=20_000)  # a commit's file is another one's too
def path_key(text: str) -> str:
    """With plain slashes, relative to whatever it is relative to, and without steps to and fro."""
    parts: list[str] = []
    for part in text.replace("\\", "/").split("/"):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "" if ".." in parts else "/".join(parts)[:LONGEST_PATH]


def symbol_key(text: str) -> str:
    """The name in no case style, after that of its class or module where one is written."""
    parts = [folded(part) for part in _SEPARATOR.split(text.removesuffix("()"))]
    return ".".join([part for part in parts if part][-PARTS_OF_NAME:])[:LONGEST_NAME]


def name_of(key: str) -> str:
    """The name alone, of the key of a symbol."""
    return key.rpartition(".")[2]


def operation_key(text: str) -> str:
    """As `operations.operation` makes it of a method and a path; names of interfaces are as they are written."""
    return " ".join(text.split())


def url_key(text: str) -> str:
    """Without what does not say where it leads: the scheme, a part of the page, a slash at the end."""
    bare = _SCHEME.sub("", text).partition("#")[0].rstrip("/")
    host, slash, rest = bare.partition("/")
    return (host.lower() + slash + rest)[:LONGEST_PATH]


_KEYS: Mapping[LinkKind, Callable[[str], str]] = MappingProxyType(
    {
        LinkKind.TICKET: ticket_key,
        LinkKind.COMMIT: commit_key,
        LinkKind.PATH: path_key,
        LinkKind.SYMBOL: symbol_key,
        LinkKind.OPERATION: operation_key,
        LinkKind.URL: url_key,
    }
)
