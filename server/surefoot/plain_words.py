"""Words that people say of code and hardly ever name it by: "kept", "eight", "whichever".

That nothing indexed contains "whichever" tells nobody anything; that nothing contains "kafka" tells what is missing.
The list beside this module is counted, not written: `evals/train/plain_words.py` says how.

Invariant: forms of one word are all plain or none is.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from surefoot.words import stem

LIST = Path(__file__).with_name("plain_words.txt")


def is_plain(word: str) -> bool:
    """Whether code is hardly ever named by the word, of which a comment would not be surprising."""
    return root(word) in _roots()


@cache
def root(word: str) -> str:
    """What all forms of a word have in common: "retry", "retries" and "retrying"."""
    return stem(stem(word.lower()))


@cache
def _roots() -> frozenset[str]:
    return frozenset(LIST.read_text(encoding="utf-8").split())
