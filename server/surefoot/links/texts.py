"""Translations: the texts of a catalog by their keys, and the keys that code and templates name.

A catalog is a file of nothing but texts, `locales/de.json` or `messages_en.properties`. A screen shows its texts and
holds none of their words: `{{ 'order.send' | translate }}`.

Invariant: pure, and bounded by the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from surefoot.domain import Chunk

FOLDERS = ("i18n", "l10n", "locales", "locale", "_locales", "lang", "langs", "languages", "translations", "messages")
LONGEST_KEY = 120
LONGEST_LINE = 1_000  # characters that are looked at

_ENDINGS = frozenset({"json", "json5", "yml", "yaml", "properties"})
_TAG = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4}){0,2}")
_BUNDLE = re.compile(
    r"(?:messages?|translations?|strings|texts|labels|locale|validationmessages)(?![a-z])", re.IGNORECASE
)
_OF_LANGUAGE = re.compile(r"(?:.*[a-z])?[._-]([a-z]{2}(?:[-_][A-Z][A-Za-z]{1,3})?)")
_JSON = re.compile(r"(\s*)\{?\s*\"((?:[^\"\\\n]|\\.){1,200})\"\s*:\s*(?:\"((?:[^\"\\\n]|\\.)*)\"|(\{))?")
_YAML = re.compile(r"(\s*)[\"']?([\w][\w.\- ]{0,199}?)[\"']?:(?:\s+[|>]?[-+]?[\"']?(.*?)[\"']?)?\s*")
_PROPERTY = re.compile(r"(\s*)([\w.\-]{1,200})\s*[=:]\s*(.*)")

_PART = r"[A-Za-z_][\w-]*"
_NAMED = re.compile(rf"([\"'`])((?:{_PART}:)?{_PART}(?:\.[\w-]+){{1,8}})\1")
# A key of which the last part is put in: `error.${code}`, 'error.' + code, f"error.{code}", "error.%s".
_SPACE = re.compile(rf"[\"'`]({_PART}(?:\.{_PART}){{0,4}})\.(?:\$?\{{|%s|#\{{|[\"']\s*(?:\+|\.|~)\s*[A-Za-z_$(])")
_CODE = re.compile(r"([\"'`])([a-zA-Z][a-z0-9A-Z]*(?:[_-][a-zA-Z0-9]+){1,6}|[a-z]{4,40})\1")


class Entry(NamedTuple):
    """A text of a catalog; the line is that of the chunk, counted from 0."""

    key: str
    text: str
    line: int

    @property
    def code(self) -> str:
        """The last part of the key."""
        return self.key.rpartition(".")[2]

    @property
    def space(self) -> str:
        """What stands before the last part."""
        return self.key.rpartition(".")[0]


@lru_cache(maxsize=20_000)
def is_catalog(path: str) -> bool:
    """Whether a file holds texts of one language, by its name and the folders that it lies in."""
    *folders, name = path.split("/")
    stem, _, ending = name.rpartition(".")
    if ending.lower() not in _ENDINGS or not stem:
        return False
    near = [folder.lower() for folder in folders[-3:]]
    is_inside = any(folder in FOLDERS for folder in near)
    tagged = _OF_LANGUAGE.fullmatch(stem)
    if _BUNDLE.match(stem):
        return is_inside or ending == "properties" or tagged is not None
    if not is_inside:
        return False
    return _TAG.fullmatch(stem) is not None or tagged is not None or _TAG.fullmatch(folders[-1]) is not None


def entries(chunk: Chunk) -> list[Entry]:
    """The texts in a chunk of a catalog, each with its whole key."""
    language = _language(chunk.span.path)
    form = {"properties": _PROPERTY, "yml": _YAML, "yaml": _YAML}.get(chunk.span.path.rpartition(".")[2].lower(), _JSON)
    found: list[Entry] = []
    around: list[tuple[int, str]] = []
    begin: str | None = None
    for number, line in enumerate(chunk.text.split("\n")):
        match = form.fullmatch(line[:LONGEST_LINE]) if form is _YAML else form.match(line[:LONGEST_LINE])
        if match is None:
            continue
        depth, name, text = len(match[1].expandtabs(4)), match[2], match[3] or ""
        if begin is None:
            begin = _container(chunk.symbol, name)
        while around and around[-1][0] >= depth:
            around.pop()
        key = ".".join(part for part in (begin, *(above for _, above in around), name) if part)
        key = key.removeprefix(f"{language}.")
        if text:
            found.append(Entry(key[-LONGEST_KEY:], text, number))
        else:
            around.append((depth, name))
    return found


def _container(symbol: str, first: str) -> str:
    """What the first key of a chunk stands in: a chunk is called after that key, or is a later part of its holder."""
    if symbol == first:
        return ""
    return symbol.removesuffix(f".{first}")


def _language(path: str) -> str:
    """The name of a catalog's language, which all of its keys may stand under."""
    stem = path.rpartition("/")[2].rpartition(".")[0]
    tagged = _OF_LANGUAGE.fullmatch(stem)
    return tagged[1] if tagged is not None else stem


def is_key_of(written: str, entry: Entry) -> bool:
    """Whether a key in code, maybe after the name of the file that it is in, means this text."""
    return entry.key == written.rpartition(":")[2]


def keys_named(text: str) -> Iterator[tuple[str, int]]:
    """The quoted names with dots in a text, which may be keys of translations, each with its line."""
    for number, line in enumerate(text.split("\n")):
        for match in _NAMED.finditer(line):
            yield match[2], number


def spaces_named(text: str) -> Iterator[tuple[str, int]]:
    """What stands before the last part of keys that are put together, each with its line."""
    for number, line in enumerate(text.split("\n")):
        for match in _SPACE.finditer(line):
            yield match[1], number


def codes_named(text: str) -> Iterator[tuple[str, int]]:
    """The quoted single words of a text, which may be what keys that are put together end with, each with its line."""
    for number, line in enumerate(text.split("\n")):
        for match in _CODE.finditer(line):
            yield match[2], number
