"""Verify stage: whether what a claim says stands in what it cites.

A small model invents names and puts a right citation under them. So every name, path, number and quotation in the
claim must occur in the cited lines, and so must a good part of its plain words.

Invariant: a claim is shown whole or withheld whole; nothing is mended.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from surefoot.domain import ContextItem, MentionKind, Resolved
from surefoot.words import STOP_WORDS, WORD, content_terms, fold, index_words, stem, stems_of

# The share of a claim's plain words that must occur, by stem, in what it cites. A paraphrase keeps about half of the
# words; a sentence about something else keeps the odd one.
WORD_SHARE = 0.4

_BACKTICKED = re.compile(r"`([^`]+)`")
_QUOTED = re.compile(r"\"([^\"]{2,})\"|'([^']{3,})'(?!\w)")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.]*\w)")
_PATH = re.compile(r"[\w$@.-]+(?:/[\w$@.-]+)+|[\w$@-]+\.(?:[a-z]{1,4}|toml|yaml|json|html)\b")
_CODE_TOKEN = re.compile(r"[A-Za-z_$][\w$]*(?:(?:\.|::|->)[A-Za-z_$][\w$]*)*(?:\(\))?")
_CAMEL = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2,}[a-z]{2,}")
_CALL_OR_DOTTED = re.compile(r"\(\)$|\w(\.|::|->)\w")
SMALL_NUMBER = 10  # "two", "3 steps": counts that a sentence may make of what it sees


@dataclass(frozen=True, slots=True)
class Support:
    """What the cited items offer: the text, its words as written, and the stems of their parts."""

    text: str
    words: frozenset[str]
    stems: frozenset[str]

    @classmethod
    def of(cls, items: Iterable[ContextItem]) -> Support:
        """Gather the lines that the model saw, with their path, symbol, signature and documentation."""
        text = "\n".join(
            part
            for item in items
            for part in (item.span.path, item.symbol, item.chunk.signature, item.chunk.doc, item.text)
        )
        return cls(text, frozenset(WORD.findall(text)), stems_of(text))


def problem(claim: str, items: Sequence[ContextItem], resolved: Resolved) -> str:
    """Why the claim must be withheld, as a phrase for people; empty where it stands."""
    if not items:
        return "cites no source"
    support = Support.of(items)
    for check in (_names, _paths, _quotations, _numbers):
        unsupported = next(iter(check(claim, support)), None)
        if unsupported is not None:
            return f"{unsupported} is not in what it cites"
    absent = _absent_term(claim, support, resolved)
    if absent:
        return f"'{absent}' is not in what it cites"
    share = _word_share(claim, support)
    return "" if share >= WORD_SHARE else f"only {share:.0%} of its words are in what it cites"


def names_in(text: str) -> list[str]:
    """The words of a sentence that are written as names: in backticks, with inner capitals, underscores, dots."""
    found = [word for code in _BACKTICKED.findall(text) for word in WORD.findall(code)]
    for match in _CODE_TOKEN.finditer(_BACKTICKED.sub(" ", text)):
        token = match.group()
        if "_" in token.strip("_") or _CAMEL.search(token) or _CALL_OR_DOTTED.search(token):
            found += WORD.findall(token)
        elif match.start() > 0 and token[0].isupper() and token.lower() not in STOP_WORDS:
            found.append(token)
    return list(dict.fromkeys(found))


def _names(claim: str, support: Support) -> Iterable[str]:
    for name in names_in(_PATH.sub(" ", claim)):
        if name in support.words:
            continue
        # A proper name or a plain word in backticks may differ in case or number, an identifier may not.
        plain = "_" not in name and not _CAMEL.search(name)
        if not (plain and stems_of(name) <= support.stems):
            yield f"`{name}`"


def _paths(claim: str, support: Support) -> Iterable[str]:
    for path in (found.rstrip(".") for found in _PATH.findall(claim)):
        if path.lower() not in support.text.lower():
            yield f"'{path}'"


def _quotations(claim: str, support: Support) -> Iterable[str]:
    folded = " ".join(support.text.lower().split())
    for groups in _QUOTED.findall(_BACKTICKED.sub(" ", claim)):
        quotation = next(filter(None, groups))
        if " ".join(quotation.lower().split()) not in folded:
            yield f"'{quotation}'"


def _numbers(claim: str, support: Support) -> Iterable[str]:
    for number in _NUMBER.findall(_BACKTICKED.sub(" ", claim)):
        if float(number) >= SMALL_NUMBER and not re.search(rf"(?<![\d.]){re.escape(number)}(?!\d)", support.text):
            yield number


def _absent_term(claim: str, support: Support, resolved: Resolved) -> str:
    """A word of the question that no indexed text contains, taken up by the claim as if it were there."""
    claimed = stems_of(claim)
    for term, frequency in resolved.frequencies.items():
        if frequency == 0 and stem(term) in claimed and stem(term) not in support.stems:
            return term
    return ""


def _word_share(claim: str, support: Support) -> float:
    plain = [term for term in content_terms(_BACKTICKED.sub(" ", claim)) if not term.isdigit()]
    coded = [term for code in _BACKTICKED.findall(claim) for term in index_words(code).split()]
    terms = [*plain, *coded]
    return sum(stem(term) in support.stems for term in terms) / len(terms) if terms else 0.0


def missing_parts(resolved: Resolved, items: Sequence[ContextItem]) -> tuple[str, ...]:
    """The names and words of the question that nothing in the context supports, one phrase each."""
    stems = Support.of(items).stems if items else frozenset()
    missing: dict[str, str] = {}
    settled: set[str] = set()  # words that are accounted for as part of a name
    for mention in resolved.mentions:
        parts = [part for part in index_words(mention.text).split() if part not in STOP_WORDS]
        if mention.kind is not MentionKind.UNRESOLVED:
            settled.update(parts if mention.is_name else ())  # remembered wrongly or not, it was found
        elif parts and not all(stem(part) in stems for part in parts):
            missing[fold(mention.text)] = f"{mention.text}: nothing indexed has this name"
            settled.update(parts)
    for term in resolved.weights:
        if stem(term) not in stems and term not in settled:
            absent = resolved.frequencies.get(term, 0) == 0
            where = "nothing indexed contains it" if absent else "not in the sources of this answer"
            missing.setdefault(term, f"{term}: {where}")
    return tuple(missing.values())
