"""Resolve stage: which words of the question name a symbol or a file, in whatever style they were remembered.

Invariant: a mention is never invented; its text stands in the question, and its targets stand in the index.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from surefoot.domain import Mention, MentionKind, Query, Resolved, TicketPattern
from surefoot.links.versions import is_version, unmarked
from surefoot.links.written import tickets_written
from surefoot.retrieve.near_names import by_letters, in_parts, misspelt
from surefoot.retrieve.operation_names import operation_mentions
from surefoot.retrieve.pointed import pointed_at
from surefoot.retrieve.records import is_branch, record_mentions
from surefoot.retrieve.root_index import RootIndex
from surefoot.retrieve.sections import asks_about_the_whole, version_mentions
from surefoot.retrieve.ticket_ids import is_ticket_name, patterns_of
from surefoot.words import STOP_WORDS, WORD, content_terms, fold, index_words, split_identifier

# A folded name this similar (percent of equal letters) is taken for a misspelling; "retreive" against "retrieve" is
# 87, "getuser" against "setuser" is 86 and is offered last. Below, other names crowd in.
FUZZY = by_letters(84.0)
SHORTEST_FUZZY = 5  # letters; in shorter names one wrong letter makes another word
MOST_TARGETS = 8  # per mention: a name that fits more places than this says little about any of them
LONGEST_COMPOUND = 4  # words in a row that are tried as one name: "citation verdict table" for CitationVerdictTable
MOST_WORDS = 400  # of a question that are looked at; the rest of a pasted log names nothing in particular
MOST_MISSPELT = 24  # names of a question that are not there and whose like are looked for, each some 20 ms
SHORTEST_WORD_NAME = 3  # letters of a plain English word that may be a symbol's whole name

_QUOTED = re.compile(r"`([^`\n]{1,200})`|\"([^\"\n]{2,100})\"|'([\w./:-]{2,100})'")
_TOKEN = re.compile(r"[\w$@~-]+(?:(?:\.|::|->|/|\\|#)[\w$@~*-]+)*(?:\(\))?")
_CAMEL = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2,}[a-z]{2,}")
_SEPARATOR = re.compile(r"\.|::|->|#|/")
_FILE_NAME = re.compile(r"[\w$@.-]+\.(?!\d)[A-Za-z][A-Za-z0-9+]{0,9}$")


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: str
    is_name: bool  # the asker means a name
    is_code: bool = False  # and wrote it like an identifier or path, in quotes, or asked for nothing else


@dataclass(slots=True)
class _Lookup:
    """The roots, and what is written there of all that a question may name: one look-up for all of it."""

    roots: Sequence[RootIndex]
    names: Sequence[Mapping[str, tuple[str, ...]]]
    guesses: int = 0

    @classmethod
    def of(cls, candidates: Iterable[_Candidate], roots: Sequence[RootIndex]) -> _Lookup:
        keys = {key for candidate in candidates for key in _keys(candidate)}
        return cls(roots, [index.store.spellings(keys) for index in roots])

    def may_guess(self) -> bool:
        """Whether one more name that is not there is worth looking for its like."""
        self.guesses += 1
        return self.guesses <= MOST_MISSPELT


def resolve(query: Query, roots: Sequence[RootIndex]) -> Resolved:
    """Find the places, mentions and content terms of a question."""
    pointed = pointed_at(query, roots)
    patterns = patterns_of(roots)
    if asks_about_the_whole(query.text):
        return Resolved(query, (), (), words=query.text, ticket_patterns=patterns)
    records = [
        *record_mentions(pointed.text, roots),
        *operation_mentions(pointed.text, roots),
        *version_mentions(pointed.text, roots),
    ]
    named = {mention.text: mention for mention in records}
    mentions = {mention.text: mention for mention in pointed.mentions} | named
    candidates = _candidates(_without(pointed.text, named), is_all=not mentions)
    lookup = _Lookup.of(candidates, roots)
    for candidate in candidates:
        if candidate.text in mentions:
            continue
        mention = _resolve_candidate(candidate, lookup)
        if mention is not None:
            mentions[mention.text] = mention
    return Resolved(
        query,
        tuple(mentions.values()),
        _terms(_by_name(pointed.text, records, patterns)[:20_000]),
        places=pointed.places,
        words=pointed.text,
        ticket_patterns=patterns,
    )


def _terms(text: str) -> tuple[str, ...]:
    """The words that carry meaning; of a word alone that one, whatever it says in a sentence: "first", "every"."""
    words = WORD.findall(text)
    return content_terms(text) or (tuple(index_words(words[0]).split()) if len(words) == 1 else ())


def _by_name(text: str, mentions: Iterable[Mention], patterns: Sequence[TicketPattern]) -> str:
    """The text with the names of tickets where it says "this branch", or what only the project's patterns explain.

    Versions lose their `v`, which no heading need have.
    Otherwise the words beside a number would weigh as if they were what is asked about.
    """
    written = {each.text for each in tickets_written(text, patterns)}
    for mention in mentions:
        if is_branch(mention.text) or mention.text in written:
            names_nothing = mention.kind is MentionKind.UNRESOLVED and mention.targets
            instead = " " if names_nothing else " ".join(mention.targets) or mention.text
            text = text.replace(mention.text, instead)
        elif is_version(mention.text):
            text = unmarked(text, mention.text)
    return text


def _without(text: str, named: Iterable[str]) -> str:
    """The text with blanks for what is known to be an id: none like it is meant, nor a name that has its letters."""
    for each in named:
        text = text.replace(each, " " * len(each))
    return text


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


def _resolve_candidate(candidate: _Candidate, lookup: _Lookup) -> Mention | None:
    text = candidate.text.removesuffix("()")
    paths = _paths(text, lookup.roots)
    if paths:
        return Mention(candidate.text, MentionKind.PATH, paths)
    names = _exact_names(candidate, lookup)
    if names:
        return Mention(candidate.text, MentionKind.SYMBOL, names, is_name=candidate.is_name, is_code=candidate.is_code)
    if not candidate.is_name:
        return None
    similar = _similar_names(text, lookup)
    if similar:
        best = max(similarity for _, similarity in similar)
        targets = tuple(name for name, _ in similar)
        return Mention(candidate.text, MentionKind.SYMBOL, targets, best, is_code=candidate.is_code)
    return Mention(candidate.text, MentionKind.UNRESOLVED, is_code=candidate.is_code)


def _paths(text: str, roots: Sequence[RootIndex]) -> tuple[str, ...]:
    wanted = text.replace("\\", "/").removeprefix("./").strip("/").lower()
    if "/" in wanted:
        named = (path for index in roots for path in index.store.paths_named(wanted.rpartition("/")[2]))
        return _first(path for path in named if f"/{path.lower()}".endswith(f"/{wanted}"))
    if _FILE_NAME.match(wanted):
        return _first(path for index in roots for path in index.store.paths_named(wanted, MOST_TARGETS))
    return ()


def _exact_names(candidate: _Candidate, lookup: _Lookup) -> tuple[str, ...]:
    keys = _keys(candidate)
    found = (name for key in keys for names in lookup.names for name in names.get(key, ()))
    # The index folds "#404" to a mere number, and a number in a sentence names no ticket.
    is_number = _last_part(candidate.text).isdecimal()
    return _first(name for name in found if not (is_number and is_ticket_name(name)))


def _keys(candidate: _Candidate) -> list[str]:
    """What the name that is meant may be, in no case style."""
    text = candidate.text.removesuffix("()")
    if not candidate.is_name and " " not in text:
        if len(text) < SHORTEST_WORD_NAME or text.lower() in STOP_WORDS:
            return []
        key = fold(text)
    else:
        key = fold(_last_part(text))
    return [key, key[:-1]] if key.endswith("s") else [key]  # asked in the plural


def _last_part(text: str) -> str:
    return _SEPARATOR.split(text)[-1]


def _similar_names(text: str, lookup: _Lookup) -> list[tuple[str, float]]:
    last = _last_part(text)
    folded = fold(last)
    if len(folded) < SHORTEST_FUZZY or not lookup.may_guess():
        return []
    found: dict[str, float] = {}
    for index in lookup.roots:
        scored = [(key, score / 100) for key, score in misspelt(index.store, folded, FUZZY, MOST_TARGETS)]
        scored += _partial_names(last, index)
        written = index.store.spellings([key for key, _ in scored])
        for name, similarity in ((name, similarity) for key, similarity in scored for name in written.get(key, ())):
            if is_ticket_name(name):  # with another number it is another ticket, and not misspelt
                continue
            found[name] = max(found.get(name, 0.0), similarity)
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))[:MOST_TARGETS]


def _partial_names(text: str, index: RootIndex) -> list[tuple[str, float]]:
    """Names that contain all parts of a half-remembered one, in order: `check_cite` finds check_all_citations."""
    parts = split_identifier(text)
    if len(parts) < 2:
        return []
    letters = sum(map(len, parts))
    # The share of the name that was remembered, scaled below an exact match.
    return [(key, 0.6 + 0.3 * letters / len(key)) for key in in_parts(index.store, parts, MOST_TARGETS)]


def _first(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(list(dict.fromkeys(names))[:MOST_TARGETS])
