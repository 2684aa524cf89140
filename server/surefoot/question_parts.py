"""What a question asks for, part by part, and which parts nothing that was found is about.

"How is A done, and where is B stored?" asks for two things, and one of them may not be there. A part stands where one
hit holds enough of what its words tell; beside a part that stands, one that does not is missing as a whole. Where none
is missing, each question is ranked by itself, as the words of one would leave no place to the other.

Invariant: a part's text is letters of the question, in their order.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from surefoot.domain import MentionKind, Resolved
from surefoot.plain_words import is_plain
from surefoot.words import STOP_WORDS, WORD, content_terms, index_words, stem

# Set on the parts of the dev split's `half` cases, 68 of them: of those this judges two wrongly, and any share between
# 0.45 and 0.55 at most five.
STANDS = 0.5  # of what a part's words tell, in one hit
# Of the weight of a word that is nowhere: what a part lacks, where it is said. Between 0.6 and 0.95 as many halves are
# named; at 1.1 seven are not, and at 0.6 more is said of questions that are answered.
SAYS = 0.8
NOWHERE = 0.5  # what a word in no chunk counts as, where words are weighed (retrieve/term_weights.py)
MOST_PARTS = 20  # that are looked at: a pasted log asks for nothing in particular
LONGEST = 100  # characters of a part that are told
ENOUGH = 2  # words of a question that is found for itself
ALONE = 4  # words of a part that says enough for itself, though it says "it"
MOST_QUESTIONS = 3  # that are ranked by themselves: each takes as long as the whole

# Verbs that say that something happens and never what, and words that only join: that no source says "taken" or
# "whether" tells nobody anything.
LIGHT_WORDS = frozenset(
    """
    become becomes became becoming bring brings brought bringing come comes came coming decide decides decided deciding
    determine determines determined determining end ends ended ending keep keeps kept keeping mean means meant meaning
    pick picks picked picking put puts putting seem seems seemed take takes taken taking took tell tells told telling
    turn turns turned turning want wants wanted
    although besides despite during except meanwhile rather through unless whenever whereas whether
    """.split()
)
_ASKING = "where|how|what|which|when|who|why|is|are|was|were|does|do|did|can|could|should|has|have|will"
_BETWEEN = re.compile(
    r"([.?!;](?: |$)|: | [-\u2013\u2014]+ "
    rf"|,? (?:and|but|or|plus|also|as well as) |, (?=(?:{_ASKING}|with)\b))",
    re.IGNORECASE,
)
_JOINS = re.compile(r"\b(?:and|or|plus|as well as)\b", re.IGNORECASE)
_ASKS = re.compile(rf"(?:(?:and|but|or|also|then)\s+)*(?:(?P<question>{_ASKING})|with)(?:'s|'re)?\b", re.IGNORECASE)
_LEANING = re.compile(r"\b(?:its?|that|this|they|them|those|these|their)\b", re.IGNORECASE)
_BACK = re.compile(r"\b(?:its?|this|they|them|those|these|their|then|there|same|other|else)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """Some words of a question, with those of them that tell something."""

    text: str
    terms: tuple[str, ...]
    is_listed: bool = False  # one more thing that the part before it asks for: "and the voucher ledger"

    @property
    def asks(self) -> bool:
        """Whether it asks, rather than telling what led to the question."""
        return self.is_listed or _ASKS.match(self.text) is not None

    @property
    def is_question(self) -> bool:
        """Whether it is a question of its own, which says what it is about."""
        asks = _ASKS.match(self.text)
        return len(self.terms) >= ENOUGH and not self.is_listed and asks is not None and asks["question"] is not None

    @property
    def leans(self) -> bool:
        """Whether it asks for more of what another part names, as in "what did it touch"."""
        said = [term for term in content_terms(self.text) if term not in LIGHT_WORDS]
        return len(said) < ALONE and _LEANING.search(self.text) is not None

    @property
    def looks_back(self) -> bool:
        """Whether it may be about what a part before it names, however much it says."""
        return _BACK.search(self.text) is not None

    @property
    def subject(self) -> str:
        """What it asks for: its text without the words that only ask."""
        words = [found for found in WORD.finditer(self.text) if found.group() != "s"]
        telling = [found for found in words if found.group().lower() not in STOP_WORDS | LIGHT_WORDS]
        whole = self.text[telling[0].start() : telling[-1].end()] if telling else self.text
        return whole if len(whole) <= LONGEST else f"{whole[:LONGEST].rstrip()} \u2026"


@dataclass(frozen=True, slots=True)
class Judged:
    """The parts of a question that stand, those that are missing beside them, and what words the former lack."""

    standing: tuple[Part, ...]
    missing: tuple[Part, ...] = ()
    lacking: tuple[str, ...] = ()


def judge(resolved: Resolved, found: Sequence[frozenset[str]]) -> Judged:
    """Which parts stand in the hits, of which these are the stems, and which are missing; none where none stands.

    What was ranked by itself stands, however little of it one hit holds: else it would not have been.
    """
    parts = list(islice(parts_of(resolved), MOST_PARTS))
    held = _held(resolved, found)
    standing = tuple(part for part in parts if _share(part, resolved, held) >= STANDS)
    if not standing:
        return Judged(())
    everything = frozenset().union(*held)
    lacking = {
        part: [term for term in part.terms if term not in everything] for part in parts if part.asks and not part.leans
    }
    least = SAYS * math.log(1 + (resolved.chunks + 1) / NOWHERE)
    said = {part: terms for part, terms in lacking.items() if sum(map(resolved.weights.__getitem__, terms)) >= least}
    missing = tuple(
        part
        for part in said
        if part not in standing
        and (not part.is_listed or said[part] == list(part.terms))
        and not any(part.text in text for text in resolved.in_turn)
    )
    return Judged(standing, missing, tuple(term for part in said if part in standing for term in said[part]))


def without_what_is_missing(resolved: Resolved, found: Sequence[frozenset[str]]) -> str:
    """The question without those of its questions that nothing found is about; "" where there is nothing to leave out.

    The words of a thing that is not there find all kinds of things, and these come between what answers the rest.
    """
    judged = judge(resolved, found)
    if not judged.missing or not all(part.is_question for part in judged.missing):
        return ""
    if not any(part.is_question for part in judged.standing):
        return ""
    return ", ".join(part.text for part in parts_of(resolved) if part not in judged.missing)


def questions_in_turn(resolved: Resolved, found: Sequence[frozenset[str]]) -> tuple[str, ...]:
    """The questions that it asks, each with what belongs to it, to be ranked by themselves.

    None where it is one, asks for more than can be ranked, or lacks a part; and none where something is told first,
    which is about all of them.
    """
    if judge(resolved, found).missing:
        return ()
    asked: list[list[str]] = []
    for part in islice(parts_of(resolved), MOST_PARTS):
        if part.is_question and not (asked and part.looks_back):
            asked.append([part.text])
        elif asked:
            asked[-1].append(part.text)
        else:
            return ()
    return tuple(", ".join(texts) for texts in asked) if 1 < len(asked) <= MOST_QUESTIONS else ()


def parts_of(resolved: Resolved) -> Iterator[Part]:
    """The parts that tell something, in order."""
    asks, telling = False, telling_words(resolved)
    for line in (resolved.words or resolved.query.text).splitlines():
        pieces = ["", *_BETWEEN.split(" ".join(line.split()))]
        for before, text in zip(pieces[::2], pieces[1::2], strict=True):
            terms = tuple(term for term in content_terms(text) if term in telling)
            part = Part(text.strip(" ,:;.?!\"'()"), terms)
            is_listed = asks and not part.asks and _JOINS.search(before) is not None
            asks = part.asks or is_listed
            if terms:
                yield replace(part, is_listed=is_listed)


def telling_words(resolved: Resolved) -> frozenset[str]:
    """The words of a question that say what it is about: those of names, and what code may be named by."""
    meant = (mention for mention in resolved.mentions if mention.is_name or mention.is_code)
    names = {word for mention in meant for word in index_words(mention.text).split()}
    said = (term for term in resolved.weights if term not in LIGHT_WORDS)
    return frozenset(term for term in said if term in names or not is_plain(term))


def _held(resolved: Resolved, found: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    """The words of the question that each hit has, those of names that are here included.

    A word that no indexed text contains is in none, whatever has its stem.
    """
    known = (mention for mention in resolved.mentions if mention.kind is not MentionKind.UNRESOLVED)
    named = (mention for mention in known if mention.is_name or mention.is_code)
    names = {word for mention in named for word in index_words(mention.text).split()}
    somewhere = {term: stem(term) for term in resolved.weights if resolved.frequencies.get(term, 0)}
    return [frozenset(names | {term for term, its in somewhere.items() if its in each}) for each in found]


def _share(part: Part, resolved: Resolved, held: Sequence[frozenset[str]]) -> float:
    """How much of what a part's words tell the one hit has that has most of it."""
    weights = {term: resolved.weights[term] for term in part.terms}
    there = (sum(weight for term, weight in weights.items() if term in each) for each in held)
    return max(there, default=0.0) / sum(weights.values())
