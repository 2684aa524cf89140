"""What the labels of a drawing may be the names of: classes, tables, operations. They are guesses, and marked as such.

Invariant: pure; whatever is guessed has a score below 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from surefoot.domain import LinkKind
from surefoot.links.found import Found, found

LANGUAGES = frozenset({"drawing", "mermaid", "plantuml", "graphviz"})
WHOLE = 0.8  # all words of the label make one name
WITHOUT_NOUN = 0.6  # without a word that says what kind of thing it is
SINGLE = 0.5  # one plain word
SINGULAR = 0.4
LONGEST_LABEL = 4  # words; more are a sentence
_SHORTEST = 4  # letters

_BREAK = re.compile(r"[\[\](){}|\"<>;=:,\n\\]+|\s[-.~=*ox]{2,}|-{2,}|\.{2,}|\s[-/>]+\s|&\w+;")
_WORD = re.compile(r"[A-Za-z][\w$]*")
_NOUNS = frozenset(
    """
    service services page screen view form dialog button panel table tables db database store api endpoint handler
    controller client server worker queue job task component module class process step event box frame icon modal
    the a an new
    """.split()
)
_SYNTAX = frozenset(
    """
    graph flowchart sequencediagram classdiagram statediagram erdiagram subgraph end participant actor note over left
    right top bottom of loop alt else opt par rect activate deactivate autonumber title digraph node edge label shape
    style classdef linkstyle click direction td tb bt lr rl startuml enduml skinparam package rectangle
    component database cloud frame interface state start stop if then endif fork join true false none
    """.split()
)


def guessed(text: str) -> Iterator[Found]:
    """Names that the labels of a drawing may mean."""
    for number, line in enumerate(text.split("\n")):
        for label in _BREAK.split(line):
            words = _WORD.findall(label)
            if 0 < len(words) <= LONGEST_LABEL and words[0].lower() not in _SYNTAX:
                yield from _of_label(words, number)


def _of_label(words: list[str], line: int) -> Iterator[Found]:
    whole = "".join(words)
    yield from _name(whole, line, WHOLE if len(words) > 1 or _has_shape(whole) else SINGLE)
    kept = [word for word in words if word.lower() not in _NOUNS]
    if kept and len(kept) < len(words):
        yield from _name("".join(kept), line, WITHOUT_NOUN if len(kept) > 1 or _has_shape(kept[0]) else SINGLE)
    last = "".join(kept or words)
    if last.endswith("s") and not last.endswith("ss"):
        yield from _name(last[:-1], line, SINGULAR)


def _name(name: str, line: int, score: float) -> Iterator[Found]:
    if len(name) >= _SHORTEST and name.lower() not in _SYNTAX:
        yield found(LinkKind.SYMBOL, name, line, score)


def _has_shape(word: str) -> bool:
    return "_" in word or any(letter.isupper() for letter in word[1:])
