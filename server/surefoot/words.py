"""Words as the index and the question share them: identifiers split, cases folded, stop words known.

Invariant: a text is lexed by the same function when it is stored and when it is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import chain

from surefoot.domain import Chunk

WORD = re.compile(r"[^\W_][\w$]*|_[\w$]+")
_PART = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_NOT_LETTERS = re.compile(r"[\W_]+")
_FOREIGN_PART = re.compile(r"[^\W\d_]+|\d+")  # letters beyond ASCII: no case rules are assumed

# Words that a question is made of and that say nothing about where its answer stands.
BEGINNING = 24  # characters by which a text is recognised inside another
STOP_WORDS = frozenset(
    """
    a about actually after all also am an and any anything are as at be because been before being between but by can
    could did do does doing done each else explain find for from get gets getting give given go goes had happen happens
    has have having he her here him his how i if in into is it its just kind know let like look made make makes many me
    might more most must my need needs no not of off on once one only or other our out over own place please same
    see she should show so some something such tell than that the their them then there these they thing things
    this those to too under until up us use used uses using very via want was way we were what when where wherever
    which while who whom whose why will with within without would you your code codebase project repo repository
    implemented implementation implement implements located live lives defined definition exactly work works happening
    again against already always away back both doesn don isn wasn didn hasn aren couldn shouldn won enough ever every
    few first itself last long lot never next nobody nothing now ok okay old ours really right same several since
    somebody someone still two three themselves though together toward wrong yet
    responsible logic handled handle handles part parts
    """.split()
)


# What one asks about a ticket or a commit, in words that it need not have: "what does #123 touch?"
ABOUT_RECORDS = frozenset(
    """
    about affect affects affected change changed changes close closed closes commit commits concern concerned concerns
    fix fixed fixes happened implement implemented implements issue issues resolve resolved resolves ticket tickets
    touch touched touches touching
    """.split()
)


def split_identifier(word: str) -> list[str]:
    """The parts of an identifier in lower case: `getHTTPResponse2` is get, http, response, 2."""
    pattern = _PART if word.isascii() else _FOREIGN_PART
    return [part.lower() for part in pattern.findall(word)]


class _Lexed(dict[str, str]):
    """Remembers the lexed form of a word: source code repeats its words, splitting them once is enough."""

    MOST = 400_000  # entries, about 50 MB; a larger vocabulary starts over

    def __missing__(self, word: str) -> str:
        parts = split_identifier(word)
        whole = word.strip("_$").lower()
        lexed = whole if len(parts) < 2 else " ".join([whole, *parts])
        if len(self) > self.MOST:
            self.clear()
        self[word] = lexed
        return lexed


_lexed = _Lexed()


def index_words(text: str) -> str:
    """The text as FTS5 stores it: every word in lower case, compound identifiers followed by their parts."""
    return " ".join(map(_lexed.__getitem__, WORD.findall(text)))


def folded(name: str) -> str:
    """A name without case, underscores and punctuation, so that all case styles of it are equal."""
    bare = name.casefold().replace("_", "")  # first, as some letters become a letter and a mark, which is none
    return bare if bare.isalnum() else _NOT_LETTERS.sub("", bare)


fold = lru_cache(maxsize=200_000)(folded)  # for what is asked again and again; a cold run makes each name's once


def content_terms(text: str) -> tuple[str, ...]:
    """The words of a question that carry meaning, split and lower case, in order, each once."""
    terms: dict[str, None] = {}
    for word in WORD.findall(text):
        for part in index_words(word).split():
            if part not in STOP_WORDS and (len(part) > 1 or not part.isascii()):
                terms[part] = None
    return tuple(terms)


_SUFFIXES = tuple("ations ation ings ing ions ion ies ied ers er ors or ed es ly ment s e y".split())
_SHORTEST_STEM = 3


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """A crude stem for "do these two words mean the same": checking, checked and checker agree.

    FTS5 stems by itself (Porter); this one serves only comparisons outside SQL, where being generous is right.
    """
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_STEM:
            base = word[: -len(suffix)]
            return base[:-1] if len(base) > _SHORTEST_STEM and base[-1] == base[-2] else base
    return word


class _Stems(dict[str, tuple[str, ...]]):
    """Remembers the stems of a word and of its parts, for the same reason as `_Lexed`."""

    def __missing__(self, word: str) -> tuple[str, ...]:
        stems = tuple(stem(part) for part in _lexed[word].split())
        if len(self) > _Lexed.MOST:
            self.clear()
        self[word] = stems
        return stems


_stems = _Stems()


def stems_of(*texts: str) -> frozenset[str]:
    """The stems of all words and word parts of the texts."""
    words = set(WORD.findall("\n".join(texts)))
    return frozenset(chain.from_iterable(map(_stems.__getitem__, words)))


def chunk_stems(chunk: Chunk) -> frozenset[str]:
    """Every stem that a chunk offers, its path and names included."""
    return _text_stems(chunk.symbol, chunk.text, chunk.signature, chunk.doc) | _path_stems(chunk.span.path)


@lru_cache(maxsize=2_000)  # 10 to 20 MB; an answer asks more than once for those of its hits, and so does the next
def _text_stems(symbol: str, text: str, signature: str, doc: str) -> frozenset[str]:
    # Documentation and signature mostly stand in the text already, and lexing is what reranking spends its time on.
    extra = [part for part in (signature, doc) if part[:BEGINNING] not in text]
    return stems_of(symbol, text, *extra)


@lru_cache(maxsize=50_000)
def _path_stems(path: str) -> frozenset[str]:
    return stems_of(path)


def coverage(weights: Mapping[str, float], stems: frozenset[str]) -> float:
    """The share of the weighted terms, by weight, whose stems are among `stems`; 0 to 1."""
    total = found = 0.0
    for term, weight in weights.items():
        total += weight
        if stem(term) in stems:
            found += weight
    return found / total if total else 0.0
