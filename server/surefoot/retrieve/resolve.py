"""Resolve stage: which words of the question name a symbol or a file, in whatever style they were remembered.

Invariant: a mention is never invented; its text stands in the question, and its targets stand in the index.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from surefoot.domain import Mention, MentionKind, Query, Resolved
from surefoot.retrieve.pointed import pointed_at
from surefoot.retrieve.root_index import NameTable, RootIndex
from surefoot.words import STOP_WORDS, content_terms, fold, split_identifier

# A folded name this similar (percent of equal letters) is taken for a misspelling; "retreive" against "retrieve" is
# 87, "getuser" against "setuser" is 86 and is offered last. Below, other names crowd in.
FUZZY_CUTOFF = 84.0
SHORTEST_FUZZY = 5  # letters; in shorter names one wrong letter makes another word
MOST_TARGETS = 8  # per mention: a name that fits more places than this says little about any of them
LONGEST_COMPOUND = 4  # words in a row that are tried as one name: "citation verdict table" for CitationVerdictTable
MOST_WORDS = 400  # of a question that are looked at; the rest of a pasted log names nothing in particular
SHORTEST_WORD_NAME = 3  # letters of a plain English word that may be a symbol's whole name

_QUOTED = re.compile(r"`([^`\n]{1,200})`|\"([^\"\n]{2,100})\"|'([\w./:-]{2,100})'")
_TOKEN = re.compile(r"[\w$@~-]+(?:(?:\.|::|->|/|\\|#)[\w$@~*-]+)*(?:\(\))?")
_CAMEL = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2,}[a-z]{2,}")
_FILE_NAME = re.compile(r"[\w$@.-]+\.(?!\d)[A-Za-z][A-Za-z0-9+]{0,9}$")


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: str
    is_name: bool  # the asker means a name
    is_code: bool = False  # and wrote it like an identifier or path, in quotes, or asked for nothing else


def resolve(query: Query, roots: Sequence[RootIndex]) -> Resolved:
    """Find the places, mentions and content terms of a question."""
    tables = [index.names for index in roots]
    pointed = pointed_at(query, roots)
    mentions = {mention.text: mention for mention in pointed.mentions}
    for candidate in _candidates(pointed.text, is_all=not pointed.mentions):
        mention = _resolve_candidate(candidate, tables)
        if mention is not None and mention.text not in mentions:
            mentions[mention.text] = mention
    return Resolved(
        query,
        tuple(mentions.values()),
        content_terms(pointed.text[:20_000]),
        places=pointed.places,
        words=pointed.text,
    )


def looks_like_name(token: str) -> bool:
    """Whether a word is written as code is written: inner capitals, underscores, dots, slashes, parentheses."""
    bare = token.removesuffix("()")
    return (
        token != bare
        or "_" in bare.strip("_")
        or "/" in bare
        or "::" in bare
        or "->" in bare
        or bool(_CAMEL.search(bare))
        or bool(re.search(r"\w\.\w", bare))
    )


def _candidates(text: str, *, is_all: bool) -> list[_Candidate]:
    """What may be a name. Where the text `is_all` that was asked, a single word is one."""
    found = [
        _Candidate(next(filter(None, match.groups())), is_name=True, is_code=True) for match in _QUOTED.finditer(text)
    ]
    tokens = [match.group().strip("-.") for match in _TOKEN.finditer(text)][:MOST_WORDS]
    for position, token in enumerate(tokens):
        if not token:
            continue
        # A capital inside a sentence is a proper name: "Redis", "Django", a class called Answer.
        proper = position > 0 and token[0].isupper() and token.lower() not in STOP_WORDS and len(token) > 1
        code = looks_like_name(token) or (is_all and len(tokens) == 1)
        found.append(_Candidate(token, is_name=code or proper, is_code=code))
    return found + _compounds(tokens)


def _compounds(tokens: list[str]) -> list[_Candidate]:
    out = []
    for size in range(LONGEST_COMPOUND, 1, -1):
        for start in range(len(tokens) - size + 1):
            words = tokens[start : start + size]
            if not {word.lower() for word in (words[0], words[-1])} & STOP_WORDS:
                out.append(_Candidate(" ".join(words), is_name=False))
    return out


def _resolve_candidate(candidate: _Candidate, tables: Sequence[NameTable]) -> Mention | None:
    text = candidate.text.removesuffix("()")
    paths = _paths(text, tables)
    if paths:
        return Mention(candidate.text, MentionKind.PATH, paths)
    names = _exact_names(text, tables, plain_word=not candidate.is_name)
    if names:
        return Mention(candidate.text, MentionKind.SYMBOL, names, is_name=candidate.is_name, is_code=candidate.is_code)
    if not candidate.is_name:
        return None
    similar = _similar_names(text, tables)
    if similar:
        best = max(similarity for _, similarity in similar)
        targets = tuple(name for name, _ in similar)
        return Mention(candidate.text, MentionKind.SYMBOL, targets, best, is_code=candidate.is_code)
    return Mention(candidate.text, MentionKind.UNRESOLVED, is_code=candidate.is_code)


def _paths(text: str, tables: Sequence[NameTable]) -> tuple[str, ...]:
    wanted = text.replace("\\", "/").removeprefix("./").strip("/").lower()
    if "/" in wanted:
        return _first(path for table in tables for path in table.paths if f"/{path.lower()}".endswith(f"/{wanted}"))
    if _FILE_NAME.match(wanted):
        return _first(path for table in tables for path in table.paths_by_name.get(wanted, ()))
    return ()


def _exact_names(text: str, tables: Sequence[NameTable], *, plain_word: bool) -> tuple[str, ...]:
    last = re.split(r"\.|::|->|#|/", text)[-1]
    if plain_word and " " not in text:
        if len(text) < SHORTEST_WORD_NAME or text.lower() in STOP_WORDS:
            return ()
        keys = [fold(text)]
    else:
        keys = [fold(last)]
    keys += [key[:-1] for key in keys if key.endswith("s")]  # asked in the plural
    return _first(name for key in keys for table in tables for name in table.names.get(key, ()))


def _similar_names(text: str, tables: Sequence[NameTable]) -> list[tuple[str, float]]:
    last = re.split(r"\.|::|->|#|/", text)[-1]
    folded = fold(last)
    if len(folded) < SHORTEST_FUZZY:
        return []
    found: dict[str, float] = {}
    for table in tables:
        for key, score, _ in process.extract(
            folded, table.folded_names, scorer=fuzz.ratio, score_cutoff=FUZZY_CUTOFF, limit=MOST_TARGETS
        ):
            for name in table.names[key]:
                found[name] = max(found.get(name, 0.0), score / 100)
    for name, similarity in _partial_names(last, tables):
        found[name] = max(found.get(name, 0.0), similarity)
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))[:MOST_TARGETS]


def _partial_names(text: str, tables: Sequence[NameTable]) -> Iterable[tuple[str, float]]:
    """Names that contain all parts of a half-remembered one, in order: `check_cite` finds check_all_citations."""
    parts = split_identifier(text)
    if len(parts) < 2:
        return
    letters = sum(map(len, parts))
    for table in tables:
        for folded in table.folded_names:
            if _holds_in_order(folded, parts):
                # The share of the name that was remembered, scaled below an exact match.
                similarity = 0.6 + 0.3 * letters / len(folded)
                yield from ((name, similarity) for name in table.names[folded])


def _holds_in_order(name: str, parts: Sequence[str]) -> bool:
    position = 0
    for part in parts:
        found = name.find(part, position)
        if found < 0:
            return False
        position = found + len(part)
    return True


def _first(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(list(dict.fromkeys(names))[:MOST_TARGETS])
