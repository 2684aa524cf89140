"""Verify stage: whether what a claim says stands in what it cites.

A small model invents names and puts a right citation under them. So every name, path, number and quotation in the
claim must occur in the cited lines, and so must a good part of its plain words.

Invariant: what is checked stands or falls as a whole; nothing is mended here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from surefoot.answer.addressed import evidence, is_addressed, speaks_to_a_model, without_orders
from surefoot.answer.relations import contradiction
from surefoot.answer.vocabulary import is_borne
from surefoot.domain import ContextItem, Resolved, Source
from surefoot.links.tickets import NO_PROJECTS
from surefoot.sources.labels import label_of
from surefoot.words import STOP_WORDS, WORD, content_terms, index_words, stem, stems_of

# The share of a claim's words that must occur, by stem, in what it cites. Small models copy more than they rephrase,
# and a lie of theirs mostly differs from the source by one or two words.
WORD_SHARE = 0.9

_BACKTICKED = re.compile(r"`([^`]+)`")
_QUOTED = re.compile(r"\"([^\"]{2,})\"|(?<!\w)'([^']{3,})'(?!\w)")
_NUMBER = re.compile(r"(?<![\w.,])(\d[\d,]*(?:\.\d+)?)(?:ms|s|kB|KB|MB|GB|x|%)?(?![\w.,]*\w)")
_PATH = re.compile(
    r"[\w$@.-]+(?:/[\w$@.-]+){2,}|[\w$@-]+/[\w$@-]+\.\w+|(?!e\.g|i\.e)[\w$@-]+\.(?:[a-z]{1,4}|toml|yaml|json|html)\b"
)
_CODE_TOKEN = re.compile(r"[A-Za-z_$][\w$]*(?:(?:\.|::|->)[A-Za-z_$][\w$]*)*(?:\(\))?")
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|etc)\b")
_CAMEL = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2,}[a-z]{2,}")
_CALL_OR_DOTTED = re.compile(r"\(\)$|\w(\.|::|->)\w")
_NEGATION = re.compile(r"\b(?:not|never|no|cannot|without)\b|n't\b", re.IGNORECASE)
# What a negated sentence may rest on: negations, empty values, refusals.
_NEGATIVE_CODE = re.compile(
    r"\b(?:not|no|never|without|cannot|none|null|nil|false|unless|except|exclud|raise|throw|error|fail|or\b|"
    r"unwrap_or|else)|n't\b|!|undefined|\|\||\?\?",
    re.IGNORECASE,
)
_VERSION = re.compile(r"(?<![\w.])\d+(?:\.\d+){2,}(?!\w)")
_TUPLE = re.compile(r"\b\d+(?:, \d+)+\b")  # a version, as (3, 11)
_DATE = re.compile(r"(?<![\w-])\d{4}-\d\d-\d\d(?![\w-])")
_NUMBERED = re.compile(r"(?<![\w&#/])#\d+\b")  # a ticket
_KEYED = re.compile(r"(?<![\w-])[A-Z][A-Z0-9]{1,15}-\d+\b")  # one of another tracker
_DIGITS = re.compile(r"(?<!\w)(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}(?!\w)")  # of a commit
# How a ticket or a decision stands: one such word is all that is wrong with a sentence, and all that it says.
_STATES = frozenset(
    """
    open opened reopened closed resolved unresolved fixed merged rejected declined done duplicate wontfix accepted
    proposed superseded deprecated approved pending
    """.split()
)
# What leads out of the code, if somebody follows it.
_ADDRESS = re.compile(r"(?i)\b(?:[a-z][a-z+.-]+://|(?:javascript|vbscript|data|command|mailto):|www\.)[^\s<]+")
SHORTEST_BEGINNING = 3  # letters that a word and its short form have in common
LONGEST_CLAIM = 600  # characters; ten times what the model is asked for
# What steers a terminal, reorders a line or hides in it; several scripts need the joiners to be legible.
HIDDEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co"})
JOINERS = "\u200c\u200d"


@dataclass(frozen=True, slots=True)
class Support:
    """What the cited items offer: the text, its words as written, and the stems of their parts."""

    text: str
    words: frozenset[str]
    stems: frozenset[str]
    sources: frozenset[Source]

    @classmethod
    def of(cls, items: Iterable[ContextItem]) -> Support:
        """Gather the lines that are cited, with their path, symbol and kind, and the label that is shown with them.

        Their definition's signature and documentation count where they stand in the lines: a later part of a long body
        carries both, and bears neither.
        """
        known = list(items)
        text = "\n".join(part for item in known for part in _texts(item))
        sources = frozenset(item.chunk.source for item in known)
        return cls(text, frozenset(WORD.findall(text)), stems_of(text), sources)


def _texts(item: ContextItem) -> tuple[str, ...]:
    label, names, kind = label_of(item.chunk), (item.span.path, item.symbol), item.chunk.kind.value
    if is_addressed(item):  # of a title that gives orders, what stands before it: "#123"
        label, names = label.partition(":")[0], (without_orders(item.span.path), without_orders(item.symbol))
    return *names, item.chunk.language, kind, label, evidence(item)


def problem(claim: str, items: Sequence[ContextItem], resolved: Resolved) -> str:
    """Why the claim must be withheld, as a phrase for people; empty where it stands."""
    if not items:
        return "cites no source"
    unfit = unshowable(claim)
    if unfit:
        return unfit
    support = Support.of(items)
    for check in (_addresses, _names, _paths, _quotations, _identifiers, _numbers, _states, _negations):
        invented = next(iter(check(claim, support)), None)
        if invented is not None:
            return f"{invented} is not in what it cites"
    absent = _absent_term(claim, support, resolved)
    if absent:
        return f"'{absent}' is not in what it cites"
    unsupported = _unsupported_words(claim, support)
    if unsupported:
        return f"its words {', '.join(unsupported)} are not in what it cites"
    against = _contradiction(claim, items)
    return f"{against} is not what it cites says" if against else ""


def _contradiction(claim: str, items: Sequence[ContextItem]) -> str:
    """What of the claim the code speaks against; documents and tickets say what they say in words."""
    code = [item for item in items if item.chunk.source is Source.CODE and item.chunk.file_line <= 0]
    if len(code) != len(items):
        return ""
    found = [contradiction(claim, evidence(item), item.symbol) for item in code]
    return found[0] if all(found) else ""


def unshowable(claim: str) -> str:
    """Why a sentence cannot be shown whatever it cites; empty where it can."""
    if len(claim) > LONGEST_CLAIM:
        return "is too long to be checked"
    if any(unicodedata.category(character) in HIDDEN and character not in JOINERS for character in claim):
        return "has characters that cannot be seen"
    if not content_terms(_BACKTICKED.sub(" ", claim)):
        return "says nothing"
    return "speaks to a language model and not about the code" if speaks_to_a_model(claim) else ""


def names_in(text: str) -> list[str]:
    """The words of a sentence that are written as names: in backticks, with inner capitals, underscores, dots."""
    found = [word for code in _BACKTICKED.findall(text) for word in WORD.findall(code)]
    for match in _CODE_TOKEN.finditer(_ABBREVIATION.sub("   ", _BACKTICKED.sub(" ", text))):
        token = match.group()
        if "_" in token.strip("_") or _CAMEL.search(token) or _CALL_OR_DOTTED.search(token):
            found += WORD.findall(token)
        elif match.start() > 0 and token[0].isupper() and token.lower() not in STOP_WORDS:
            found.append(token)
    return list(dict.fromkeys(found))


def _names(claim: str, support: Support) -> Iterable[str]:
    quoted = {word for code in _BACKTICKED.findall(claim) for word in WORD.findall(code)}
    lowered = {word.lower() for word in support.words}
    for name in names_in(_PATH.sub(" ", claim)):
        if name in support.words:
            continue
        # A proper name may differ in number, a word in backticks only in case, an identifier in nothing.
        is_identifier = "_" in name or _CAMEL.search(name)
        stands = name.lower() in lowered if name in quoted else stems_of(name) <= support.stems
        if is_identifier or not stands:
            yield f"`{name}`"


def _addresses(claim: str, support: Support) -> Iterable[str]:
    """Addresses of the web and the like, which must stand there whole: what was read could be put into one."""
    for found in _ADDRESS.findall(claim):
        address = found.rstrip(".,;:!?'\"`)>]")
        if not re.search(rf"{re.escape(address)}(?![\w/?&=%#-])", support.text):
            yield f"'{address}'"


def has_address(text: str) -> bool:
    """Whether the text leads out of the code, if somebody follows it."""
    return bool(_ADDRESS.search(text))


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
    dotted = _TUPLE.sub(lambda found: found[0].replace(", ", "."), support.text)
    for version in _VERSION.findall(claim):
        if not re.search(rf"(?<![\d.]){re.escape(version)}(?![\d.]*\d)", support.text + dotted):
            yield version
    text = support.text.replace(",", "").replace("_", "") + dotted
    for found in _NUMBER.findall(_BACKTICKED.sub(" ", claim)):
        number = found.replace(",", "")
        if not re.search(rf"(?<![\d.]){re.escape(number)}(?!\d)", text):
            yield found


def _identifiers(claim: str, support: Support) -> Iterable[str]:
    """Dates, tickets and commits, which must stand as they are: one digit makes another one of them."""
    # SHA-256 and UTF-8 look like tickets, and are written in many ways; only what cites a tracker may mean one.
    is_of_tracker = bool(support.sources & {Source.TICKETS, Source.COMMITS})
    keyed = [key for key in _KEYED.findall(claim) if is_of_tracker and key.partition("-")[0] not in NO_PROJECTS]
    for found in (*_DATE.findall(claim), *_NUMBERED.findall(claim), *keyed):
        if not re.search(rf"(?<![\w-]){re.escape(found)}(?!\w)", support.text):
            yield found
    for found in _DIGITS.findall(claim):
        if not re.search(rf"(?<!\w){found}", support.text):
            yield found


def _states(claim: str, support: Support) -> Iterable[str]:
    if not support.sources & {Source.TICKETS, Source.DESIGNS}:
        return
    for word in WORD.findall(claim.lower()):
        if word in _STATES and stem(word) not in support.stems:
            yield f"'{word}'"


def _negations(claim: str, support: Support) -> Iterable[str]:
    found = _NEGATION.search(claim)
    if found and not _NEGATIVE_CODE.search(support.text):
        yield f"'{found.group()}'"


def _absent_term(claim: str, support: Support, resolved: Resolved) -> str:
    """A word of the question that no indexed text contains, taken up by the claim as if it were there."""
    claimed = stems_of(claim)
    for term, frequency in resolved.frequencies.items():
        is_call = stem(term) == stem("calls") and is_borne("calls", support.text)  # code calls without saying so
        if frequency == 0 and stem(term) in claimed and stem(term) not in support.stems and not is_call:
            return term
    return ""


def _has_word(term: str, support: Support) -> bool:
    """Whether the word stands there, or what it is short for or shortened from: `alloc` and "allocation"."""
    word = stem(term)
    if word in support.stems:
        return True
    return any(
        min(len(word), len(known)) >= SHORTEST_BEGINNING and (known.startswith(word) or word.startswith(known))
        for known in support.stems
    )


def _unsupported_words(claim: str, support: Support) -> list[str]:
    """The claim's words that its sources lack, where they are more than a paraphrase brings along."""
    plain = [term for term in content_terms(_BACKTICKED.sub(" ", claim)) if not term.isdigit()]
    coded = [term for code in _BACKTICKED.findall(claim) for term in index_words(code).split()]
    terms = list(dict.fromkeys([*plain, *coded]))
    unsupported = [term for term in terms if not _has_word(term, support) and not is_borne(term, support.text)]
    allowed = int((1 - WORD_SHARE) * len(terms))
    return unsupported if len(unsupported) > allowed or len(unsupported) == len(terms) else []
