"""Extract stage: an answer without a model. What the best hits are, in their own words.

Invariant: what a claim says of a place stands in the very lines that it cites; no two claims say the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, takewhile
from types import MappingProxyType

from surefoot.answer.records import told_of
from surefoot.answer.sentences import code_pieces, first_sentence, paragraphs_and_items, sentences_of, stands_in
from surefoot.answer.verify import problem
from surefoot.domain import Context, ContextItem, DraftClaim, Query, Resolved, Source, SymbolKind
from surefoot.syntax.languages import LANGUAGES
from surefoot.words import STOP_WORDS, WORD, chunk_stems, coverage, stems_of

MOST_CLAIMS = 4
MOST_ENTRIES = 20  # of a section that is asked for as a whole
MOST_LINKED = 5  # further claims, of what a ticket, a commit or a design leads to
WORTH_SHOWING = 0.6  # of the best item's share of the question; below, an item is beside the point
WORTH_OF_FIRST = 0.35  # the same of the first places: what ranked them knows more of the question than its words
FIRST = 2
# Of the best score: with 0.5, 156 of 228 dev questions for code cite a right source, from words alone it was 143. On a
# recording of their first ten hits 0.4 and 0.6 gave one and four fewer, and what is below 0.15 added nothing right.
AMONG_THE_BEST = 0.5
NOT_FAR_BELOW = 0.15
LONGEST_SENTENCE = 240  # characters
OPEN_LINE = 0.5  # a line that breaks off at a bracket or a comma, or only begins a block, tells half as much
MOST_JOINED = 4  # lines of one statement
FAR_MORE = 0.6  # of what the best line has of the question; what has less does not come first
SAME_WORDS = 5  # of a text from which on it is told of one place only, if two say it word by word
MOST_ITEMS = 4  # of a list that are told with the sentence before it
CUT = " …"
NO_WEIGHTS: Mapping[str, float] = MappingProxyType({})
NO_QUESTIONS: Mapping[int, Mapping[str, float]] = MappingProxyType({})
_NOTHING_ASKED = Resolved(Query(""), (), ())  # whether a line can be told at all does not depend on the question

_KIND_NAMES = {
    SymbolKind.STRING: "section",
    SymbolKind.ENUM_MEMBER: "enum member",
    SymbolKind.TYPE_PARAMETER: "type parameter",
}
# What a ticket, a commit or a design names is part of what is asked about it.
LEADING = frozenset({Source.TICKETS, Source.COMMITS, Source.DESIGNS})
_VALUES = frozenset({SymbolKind.KEY, SymbolKind.CONSTANT, SymbolKind.VARIABLE, SymbolKind.FIELD})
_TEST_NAME = re.compile(r"[Tt]est(?![a-z])")
_RECEIVER_OR_MARK = re.compile(r"^func \([^)]*\)|@\w+")
_COMMENT_BEHIND_HEAD = re.compile(r"(?<=[\w)\]]):\s+# .*$")  # of Python, before the body
_STRING = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|`[^`]*`")
_DEFINES = re.compile(r"(?:def|func|function|macro|proc|sub)\b")
_CALLABLE = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD})
# Words of a signature that say nothing: they stand in every other one.
_COMMON_IN_SIGNATURES = frozenset(
    """
    abstract async class cls const constexpr crate def default define end enum export extern final fn fun func function
    impl inline interface internal let local macro mut None object override package private protected pub public self
    Self static struct sub this throws trait type unit Unit unsafe val var virtual void Exception
    """.split()
)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the items besides their words, by their numbers.

    `linked` were found by what others name: they belong to the answer where it has a ticket, a commit or a design.
    `in_turn` are the weights of each of several questions: what holds enough of one of them is told by its words.
    `scores` are those of the ranking.
    """

    linked: Collection[int] = ()
    in_turn: Collection[Mapping[str, float]] = ()
    scores: Mapping[int, float] = field(default_factory=dict)


NOTHING_KNOWN = Known()


def extract(context: Context, weights: Mapping[str, float], known: Known = NOTHING_KNOWN) -> list[DraftClaim]:
    """One claim per item that ranks about as high as the best one or holds about as much of the question, in order.

    Of an item with nothing to quote the place is told: it may be the right one all the same.
    """
    asked = _asked_of(context.items, known.in_turn or (weights,))
    if known.scores and not known.in_turn and not _leads(context.items, asked):
        asked = dict.fromkeys(_about_as_good(asked, known.scores), weights)
    worth = [item for item in context.items if item.number in asked]
    leads = _leads(context.items, asked)
    linked = [item for item in context.items if item.number in known.linked and item not in worth]
    further = linked[:MOST_LINKED] if leads else []
    shown = [*worth, *further]
    told = _told(shown, weights, asked)
    shown = _new(shown, told)
    worth, further = ([item for item in items if item in shown] for items in (worth, further))
    texts = told | _places(shown, [item for item in shown if item.number in told])
    first, last = ([item for item in items if item.number in texts] for items in (worth, further))
    first.sort(key=lambda item: _shares_only_words(item, asked[item.number]))
    first = first[: MOST_CLAIMS if not leads else MOST_CLAIMS + MOST_LINKED - len(last)]
    return [DraftClaim(texts[item.number], (item.number,)) for item in (*first, *last)]


def _leads(items: Sequence[ContextItem], asked: Collection[int]) -> bool:
    """Whether one of these is a ticket, a commit or a design: what belongs to those is found by links, not by rank."""
    return any(item.chunk.source in LEADING for item in items if item.number in asked)


def _about_as_good(asked: Collection[int], scores: Mapping[int, float]) -> list[int]:
    """What ranks about as high as the best; and what has the words, unless it ranks far below."""
    best = max(scores.values())
    return [
        number
        for number, score in scores.items()
        if score >= AMONG_THE_BEST * best or (number in asked and score >= NOT_FAR_BELOW * best)
    ]


def _shares_only_words(item: ContextItem, weights: Mapping[str, float]) -> bool:
    """Whether it is a value on one line whose own name is not asked for: the words are those of what it belongs to.

    In JSON there is nothing but values, and the keywords of a package are on several lines.
    """
    is_value = item.chunk.kind in _VALUES | {SymbolKind.PROPERTY, SymbolKind.ENUM_MEMBER}
    is_alone = item.span.start == item.span.end or item.chunk.language == "json"
    return bool(weights) and is_value and is_alone and not coverage(weights, stems_of(_last_name(item)))


def _asked_of(
    items: Sequence[ContextItem], questions: Collection[Mapping[str, float]]
) -> dict[int, Mapping[str, float]]:
    """The items that hold about as much of a question as the best one does, with the question they hold most of."""
    stems = {item.number: chunk_stems(item.chunk) for item in items}
    best: dict[int, tuple[float, Mapping[str, float]]] = {}
    for weights in questions:
        shares = {number: coverage(weights, its) for number, its in stems.items()}
        most = max(shares.values(), default=0.0)
        for place, (number, share) in enumerate(shares.items()):
            worth = WORTH_OF_FIRST if place < FIRST else WORTH_SHOWING
            if share >= worth * most and (number not in best or share > best[number][0]):
                best[number] = (share, weights)
    return {number: weights for number, (_, weights) in best.items()}


def _told(
    items: list[ContextItem], weights: Mapping[str, float], asked: Mapping[int, Mapping[str, float]] = NO_QUESTIONS
) -> dict[int, str]:
    """What is quoted of each item, by its number; each text once."""
    told: dict[int, str] = {}
    said: dict[str, ContextItem] = {}
    for item in items:
        for claim in claims_about(item, asked.get(item.number, weights)):
            is_said_of_another = claim in said and item.symbol and _file(said[claim]) != _file(item)
            text = _with_path(claim, item) if is_said_of_another else claim
            if text not in said and not problem(text, [item], _NOTHING_ASKED):
                told[item.number], said[text] = text, item
                break
    return told


def _new(items: list[ContextItem], told: Mapping[int, str]) -> list[ContextItem]:
    """The items without those of which is said what is said of one before, as of each of many like classes."""
    seen = set[str]()
    kept = []
    for item in items:
        says = told.get(item.number, "").removeprefix(f"{_name(item)}: ")
        if len(says.split()) < SAME_WORDS or says not in seen:
            kept.append(item)
            seen.add(says)
    return kept


def _with_path(claim: str, item: ContextItem) -> str:
    return claim.replace(f"{_name(item)}:", f"{_name(item)} of {item.span.path}:", 1)


def _places(items: list[ContextItem], quoted: list[ContextItem]) -> dict[int, str]:
    """What kind of thing each item is that has nothing to quote, unless another one of the same definition has."""
    known = {(_file(item), item.symbol) for item in quoted}
    places: dict[int, str] = {}
    for item in items:
        if (_file(item), item.symbol) not in known and place(item) not in places.values():
            known.add((_file(item), item.symbol))
            places[item.number] = place(item)
    return places


def describe(item: ContextItem, weights: Mapping[str, float] = NO_WEIGHTS) -> str:
    """What is told of one item for itself, as of lines that a question points at."""
    return _told([item], weights).get(item.number, place(item))


def describe_at_length(item: ContextItem) -> list[str]:
    """The sentences that a document begins with, for who asks for nothing in particular; else what `describe` tells."""
    if item.chunk.source is not Source.DOCS:
        return [describe(item)]
    told = dict.fromkeys(claims_about(item, NO_WEIGHTS))
    return [each for each in told if not problem(each, [item], _NOTHING_ASKED)][:MOST_CLAIMS] or [describe(item)]


def entries(item: ContextItem) -> list[str]:
    """What a section lists, one by one, for who asks for all of it; else what `describe` tells."""
    if item.chunk.source is not Source.DOCS:
        return [describe(item)]
    texts = (_shortened(text) for text, _ in _paragraphs(item))
    told = [f"{_name(item)}: {each}" for each in texts if _says_more(each, item)]
    return [each for each in dict.fromkeys(told) if not problem(each, [item], _NOTHING_ASKED)] or [describe(item)]


def place(item: ContextItem) -> str:
    """A place by its name, its kind and its file."""
    if not item.symbol:
        return f"{item.span.path}: a part of this file"
    if item.chunk.source is Source.TICKETS:
        return f"{item.symbol}: a ticket in {item.span.path}"
    if item.chunk.source is Source.COMMITS:
        return f"{item.symbol}: a commit"
    kind = _KIND_NAMES.get(item.chunk.kind, item.chunk.kind.value)
    return f"{_name(item)}: {'an' if kind[0] in 'aeiou' else 'a'} {kind} of {item.span.path}"


def claims_about(item: ContextItem, weights: Mapping[str, float]) -> Iterator[str]:
    """What may be told of an item, the best first: as people tell of a ticket, or by the name of a place."""
    yield from map(_shortened, told_of(item, weights))
    for what in sayings(item, weights):
        yield f"{_name(item)}: {what}"


def sayings(item: ContextItem, weights: Mapping[str, float]) -> Iterator[str]:
    """What the lines of an item say beyond its name, the best first."""
    if item.chunk.source in {Source.TICKETS, Source.COMMITS}:
        return
    options = _of_document(item, weights) if _is_prose(item) else _of_code(item, weights)
    yield from map(_shortened, options)


def _is_prose(item: ContextItem) -> bool:
    language = LANGUAGES.get(item.chunk.language)
    return item.chunk.source is Source.DOCS or (language is not None and language.is_prose)


def _of_document(item: ContextItem, weights: Mapping[str, float]) -> Iterator[str]:
    """The sentence that a section begins with; of lines out of the middle, the one with most of the question."""
    told = [sentence for sentence in _sentences(item) if _says_more(sentence, item)]
    # What only leads up to a list or to code says nothing without it.
    whole = [sentence for sentence in told if not sentence.endswith(":")] or told
    begins = item.chunk.kind is SymbolKind.STRING and stands_in(item.chunk.signature, item.text.lstrip().split("\n")[0])
    yield from _fitting(whole[:1] if begins else [], whole, weights)
    yield from whole


def _sentences(item: ContextItem) -> list[str]:
    """The whole sentences of a document's lines; one that the end of the lines cuts off is marked so."""
    lines = item.text.split("\n")
    paragraphs = _paragraphs(item)
    found = [each for at in range(len(paragraphs)) for each in _with_items(paragraphs, at)]
    offset = item.span.start - item.chunk.span.start
    whole = item.chunk.text.split("\n")
    before = whole[offset - 1] if 0 < offset <= len(whole) else ""
    opens = bool(found) and lines[0].lstrip().startswith(found[0].split()[0])  # and is no item of a list
    if opens and (before.strip() or found[0][0].islower()):
        del found[0]  # it began above these lines
    after = whole[offset + len(lines)] if offset + len(lines) < len(whole) else ""
    if found and after.strip() and not found[-1].endswith((".", "!", "?", ":")):
        found[-1] += CUT
    return found


def _with_items(paragraphs: Sequence[tuple[str, bool]], at: int) -> list[str]:
    """The sentences of a paragraph; the last one goes on with the first items that it leads up to."""
    *before, last = sentences_of(paragraphs[at][0]) or [""]
    items = takewhile(lambda paragraph: paragraph[1], paragraphs[at + 1 :])
    if last.endswith(":") and not last.endswith("::") and not paragraphs[at][1]:
        told = [text.rstrip(".;,") for text, _ in islice(items, MOST_ITEMS)]
        last = f"{last} {'; '.join(told)}" if told else last
    return [*before, last] if last else []


def _paragraphs(item: ContextItem) -> list[tuple[str, bool]]:
    """The paragraphs and list items of a document's lines, each with whether it is an item."""
    paragraphs = paragraphs_and_items(item.text.split("\n"), markdown=item.chunk.language == "markdown")
    return [(" ".join(text.split()), is_item) for text, is_item in paragraphs]


def _of_code(item: ContextItem, weights: Mapping[str, float]) -> Iterator[str]:
    """The documentation's first sentence, else what a short body does, the signature or a line; what is asked first."""
    summary = first_sentence(item.chunk.doc)
    documented = [summary] if stands_in(summary, item.text) and _says_more(summary, item) else []
    signature, lines = _signature(item), [line for line in _lines(item) if _says_more(line, item)]
    if documented or item.chunk.kind not in _CALLABLE:
        first = [*documented, *signature]
    else:  # a signature alone says little
        first = [*_short_body(item), *_most_telling(lines, weights), *signature]
    # What a test is given says less than what it does, and so does the beginning of a long table.
    is_table = item.chunk.kind in _VALUES and item.chunk.signature.endswith(CUT.strip())
    is_test = _TEST_NAME.match(_last_name(item)) is not None
    if is_test or is_table:
        yield from (*documented, *_most_telling(lines, weights), *signature)
    yield from _fitting(first, [*signature, *lines], weights, stems_of(item.symbol))
    yield from (*first, *signature, *_by_telling(lines, weights))


def _short_body(item: ContextItem) -> list[str]:
    """What a function of one line does."""
    pieces = [piece for piece in code_pieces(item.text.split("\n")) if WORD.search(piece)]
    is_whole = len(pieces) == 2 and stands_in(item.chunk.signature, pieces[0])
    return pieces[1:] if is_whole and _says_more(pieces[1], item) else []


def _fitting(
    first: list[str], others: list[str], weights: Mapping[str, float], known: frozenset[str] = frozenset()
) -> list[str]:
    """What comes first, unless another text has far more of the question, or there is none."""
    telling = _most_telling(others, weights)
    if not first or not telling:
        return first[:1] or telling
    best, plain = (coverage(weights, stems_of(text) | known) for text in (telling[0], first[0]))
    return telling if plain < FAR_MORE * best else first[:1]


def _signature(item: ContextItem) -> list[str]:
    """As much of a signature as stands in the lines, where it says more than the name; what is left out is marked."""
    signature = _COMMENT_BEHIND_HEAD.sub("", item.chunk.signature)
    own = set(WORD.findall(item.symbol)) | _COMMON_IN_SIGNATURES
    ends = [len(signature), *reversed([found.start() for found in re.finditer(r"\s", signature)])]
    standing = next((signature[:end] for end in ends if stands_in(signature[:end], item.text)), "")
    if not set(WORD.findall(_RECEIVER_OR_MARK.sub(" ", standing))) - own:
        return []
    return [standing if standing == signature else standing.removesuffix(CUT.strip()).rstrip() + CUT]


def _lines(item: ContextItem) -> list[str]:
    """The lines of code that may tell what happens: neither those of the signature nor decorators."""
    pieces = list(code_pieces(item.text.split("\n")))
    told = [_statement(pieces, at) for at in range(len(pieces))]
    return [piece for piece in told if not piece.startswith("@") and not stands_in(piece, item.chunk.signature)]


def _statement(pieces: Sequence[str], at: int) -> str:
    """A line with those that close its brackets, where they are few; else the line."""
    for end in range(at + 1, min(at + MOST_JOINED, len(pieces)) + 1):
        joined = " ".join(pieces[at:end])
        if _open_brackets(joined) <= 0 and len(joined) <= LONGEST_SENTENCE:
            return joined
    return pieces[at]


def _open_brackets(text: str) -> int:
    bare = _STRING.sub("", text)
    return sum(map(bare.count, "([")) - sum(map(bare.count, ")]"))


def _most_telling(options: list[str], weights: Mapping[str, float]) -> list[str]:
    """The option with most of the question, the first of equals; none where no option has any of it."""
    return _by_telling(options, weights)[:1]


def _by_telling(options: list[str], weights: Mapping[str, float]) -> list[str]:
    """The options that have any of the question, those with most of it first."""

    def told(option: str) -> float:
        return coverage(weights, stems_of(option)) * (OPEN_LINE if _breaks_off(option) else 1.0)

    return sorted((option for option in options if told(option) > 0), key=told, reverse=True)


def _breaks_off(option: str) -> bool:
    begins = option.endswith(":") and _DEFINES.match(option) is None
    return begins or option.endswith(("(", "[", "{", ",")) or _open_brackets(option) > 0


def _says_more(what: str, item: ContextItem) -> bool:
    """Whether a text of more than one word has one that the name of the place lacks."""
    own, words = stems_of(item.symbol or item.span.path), WORD.findall(what)
    return len(words) > 1 and any(stems_of(word) - own for word in words if word.lower() not in STOP_WORDS)


def _name(item: ContextItem) -> str:
    return f"`{item.symbol}`" if item.symbol else item.span.path


def _last_name(item: ContextItem) -> str:
    return re.split(r"::|[.#]", item.symbol)[-1]


def _file(item: ContextItem) -> tuple[str, str]:
    return str(item.root.path), item.span.path


def _shortened(text: str) -> str:
    if len(text) <= LONGEST_SENTENCE:
        return text
    return re.sub(r"\S+$", "", text[: LONGEST_SENTENCE + 1]).rstrip() + CUT
