"""Versions as questions and headings write them: "version 2.2.0", "v2.2.0", "what changed in 2.2".

Invariant: pure; a version is an exact thing, and 2.2.0 is neither 2.2.1 nor 12.2.0.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from surefoot.words import STOP_WORDS, fold, index_words

LOOKED_AT = 2_000  # characters of the question
MOST_VERSIONS = 4  # of a question
# What one asks about a version, in words that its notes need not have.
ABOUT_VERSIONS = frozenset(
    """
    new news version versions release releases released change changes changed changelog note notes added removed fixed
    deprecated came introduced difference list summary summarize summarise
    """.split()
)

_NUMBER = r"\d{1,4}(?:\.\d{1,4}){1,3}(?:[-.]?(?:alpha|beta|dev|post|pre|rc|a|b)\.?\d*)?"
_END = r"(?!\w|\.\d|[-.](?:alpha|beta|dev|post|pre|rc|a|b)\.?\d)"  # 2.2.0-rc1 is not 2.2.0
_NUMBERS = re.compile(rf"(?<!\w)(?<!\d\.)v?({_NUMBER}){_END}", re.IGNORECASE)
_SAID = re.compile(rf"(?:\b(\w+)\s+)?\b(?:version|release)\s+v?({_NUMBER}){_END}", re.IGNORECASE)
_MARKED = re.compile(rf"(?<![\w./-])v({_NUMBER}){_END}", re.IGNORECASE)
_CHANGED = re.compile(
    r"\b(?:new|change[sd]?|changelog|added|removed|fixed|deprecated|released?|release notes)\b[^.?!\n]{0,40}?"
    rf"\b(?:in|for|of|since|with)\s+(?:(\w+)\s+)?v?({_NUMBER}){_END}",
    re.IGNORECASE,
)


def versions_asked(text: str, names: Collection[str] = ()) -> list[str]:
    """The versions of the project that a question names; of another thing ("Python version 3.11") none.

    `names` are what the project is called, folded.
    """
    return list(dict.fromkeys(_asked(text[:LOOKED_AT], names)))[:MOST_VERSIONS]


def _asked(text: str, names: Collection[str]) -> Iterator[str]:
    for pattern in (_SAID, _CHANGED):
        for match in pattern.finditer(text):
            before = (match[1] or "").lower()
            if not before or before in STOP_WORDS | ABOUT_VERSIONS or fold(before) in names:
                yield match[2]
    for match in _MARKED.finditer(text):
        yield match[1]


def project_names(folder: str) -> set[str]:
    """What a project in a folder of this name is called, folded: `flask-3.0.1` is flask."""
    return {fold(folder), fold(re.sub(rf"[-_.]v?{_NUMBER}$", "", folder, flags=re.IGNORECASE))}


def is_version(text: str) -> bool:
    """Whether a text is a version and nothing else."""
    return _NUMBERS.fullmatch(text) is not None


def has_version(heading: str, version: str) -> bool:
    """Whether a heading, a title or a tag has this very version."""
    return any(match[1].lower() == version.lower() for match in _NUMBERS.finditer(heading))


def only_longer(version: str, headings: Iterable[str]) -> str | None:
    """The one version of the headings that begins with a shorter one, 2.2.0 for 2.2; None where there are several.

    What was released before it was done (2.2.0rc1) counts only where nothing else does.
    """
    written = (match[1].lower() for heading in headings for match in _NUMBERS.finditer(heading))
    longer = {each for each in written if each.startswith(f"{version.lower()}.")}
    found = {each for each in longer if each.replace(".", "").isdecimal()} or longer
    return found.pop() if len(found) == 1 else None


def unmarked(text: str, version: str) -> str:
    """The text with a version as its headings may write it: `v2.2.0` as `2.2.0`."""
    return re.sub(rf"(?<![\w./-])v(?={re.escape(version)}{_END})", "", text, flags=re.IGNORECASE)


def are_about_versions(terms: Iterable[str], versions: Iterable[str], names: Iterable[str] = ()) -> bool:
    """Whether who asks for these words asks about the versions, and for nothing besides.

    `names` are what the project is called.
    """
    known = {part for each in (*versions, *names) for part in index_words(each).split()}
    return all(term in ABOUT_VERSIONS or term in known for term in terms)
