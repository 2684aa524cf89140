"""Budget stage for a model: of each hit the lines that tell most for their tokens, with marked gaps between them.

A model on a laptop reads some fifty tokens a second, so every line has its price: the signature, the first sentence of
the documentation and the lines that share words with the question come first, the rest as far as the budget goes.

Invariant: an item's `text` is verbatim lines of its span, as of every item, and its `pieces` are runs of lines in that
span; nothing but the marks of the gaps is put between them.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from surefoot.answer.budget import (
    FILE_ITEMS,
    ITEM_SHARE,
    RECORD_SHARE,
    CountTokens,
    Slots,
    cut,
    file_of,
    free_slots,
    head_of,
    without_duplicates,
    without_name,
)
from surefoot.answer.sentences import first_sentence
from surefoot.domain import Chunk, Context, ContextItem, Dropped, Hit, Source, Span
from surefoot.words import WORD, stem, stems_of

OPENING_SHARE = 0.15  # of the budget, kept for the beginnings of further hits, for orientation
GAP = "…"  # stands on a line of its own where lines are left out
GAP_TOKENS = 2  # with its newline
# What a line is worth. One of a definition that answers the question is worth something whatever its words are, one
# that only closes a bracket next to nothing, and one of the documentation beyond its first sentence little.
PLAIN, BRACKETS, FURTHER_DOC = 1.0, 0.3, 0.25
MATCH = 4.0  # for all words of the question; its share for some of them
BESIDE, BESIDE_THAT = 0.35, 0.12  # of a match, one and two lines away
LEADING = 1.5  # for the signature, and for the first sentence of the documentation
LINE_TOKENS = 10  # that every line is taken to cost besides its own, or else the shortest would win
RANK_DECAY = 0.9  # beside 1/rank: how much less likely the next hit is the one that answers
FEWEST_LINES_ALIKE = 4  # shorter texts are alike by chance

_LAST_NAME = re.compile(r"::|[.#]")
_COMMENT_MARKS = re.compile(r"^[\s/*#!\"'<>-]+|[\s*/\"']+$")
_RECORDS = frozenset({Source.TICKETS, Source.COMMITS})


@dataclass(slots=True)
class _View:
    """A hit, what each of its lines is worth and costs, and which are shown so far."""

    rank: int
    hit: Hit
    worth: list[float]
    costs: list[int]
    head: int  # tokens of the line with its place
    opening: tuple[int, ...]  # the lines without which it makes no sense, in order
    shown: set[int] = field(default_factory=set)
    tokens: int = 0
    waiting: list[_Offer] = field(default_factory=list)


# What it brings for each token, negated as the heap gives the least first; its rank, its place in line, the lines.
_Offer = tuple[float, int, int, tuple[int, ...]]


def fit_dense(hits: Sequence[Hit], weights: Mapping[str, float], budget: int, count_tokens: CountTokens) -> Context:
    """Choose lines of hits (best first) for `budget` tokens; `weights` are the question's words by what they tell."""
    unique, dropped = _without_likenesses(*without_duplicates(hits))
    views = _views(unique, weights, count_tokens)
    slots = free_slots(budget, has_code=any(hit.chunk.source is Source.CODE for hit in unique))
    refused = _choose(views, slots, budget)
    dropped += [Dropped(views[rank].hit.chunk.span, reason) for rank, reason in refused.items()]
    shown = [view for view in views if view.shown]
    items = tuple(_item(number, view) for number, view in enumerate(shown, 1))
    return Context(items, tuple(dropped), sum(map(_tokens, shown)))


def excerpt(item: ContextItem) -> str:
    """The lines of an item that the model sees, with a mark where some are left out."""
    if not item.pieces:
        return item.text
    lines, first = item.text.split("\n"), item.span.start
    runs = ["\n".join(lines[piece.start - first : piece.end - first + 1]) for piece in item.pieces]
    return f"\n{GAP}\n".join(runs)


# --- what lines are worth ----------------------------------------------------------------------------------------


def _views(hits: Sequence[Hit], weights: Mapping[str, float], count_tokens: CountTokens) -> list[_View]:
    """All lines of all hits are counted at once: each count is a trip to the model's process."""
    texts = [[head_of(0, hit.chunk), *hit.chunk.text.split("\n")] for hit in hits]
    counts = iter(count_tokens([f"{line}\n" for lines in texts for line in lines]))
    told = _by_stem(weights)
    views = []
    for rank, (hit, (_, *lines)) in enumerate(zip(hits, texts, strict=True)):
        head, *costs = [max(next(counts), 1) for _ in range(len(lines) + 1)]
        worth, leading = _worth(hit.chunk, lines, told)
        best = max(range(len(lines)), key=worth.__getitem__)
        views.append(_View(rank, hit, worth, costs, head, tuple(sorted({best, *leading}))))
    return views


def _by_stem(weights: Mapping[str, float]) -> dict[str, float]:
    total = sum(weights.values()) or 1.0
    shares: dict[str, float] = {}
    for term, weight in weights.items():
        shares[stem(term)] = max(weight / total, shares.get(stem(term), 0.0))
    return shares


def _worth(chunk: Chunk, lines: Sequence[str], told: Mapping[str, float]) -> tuple[list[float], set[int]]:
    """What each line is worth, and which lines lead: the signature and the documentation's first sentence."""
    matches = [sum(told[each] for each in told.keys() & stems_of(line)) for line in lines]
    first, further = _documentation(chunk, lines)
    name = _LAST_NAME.split(chunk.symbol)[-1]
    code = [index for index in range(len(lines)) if index not in first and index not in further]
    leading = {next((index for index in code if name in lines[index]), 0)} if name else set()
    leading |= first
    worth = []
    for index, line in enumerate(lines):
        plain = FURTHER_DOC if index in further else PLAIN if any(map(str.isalnum, line)) else BRACKETS
        beside = max(matches[max(0, index - 1) : index + 2])
        beside_that = max(matches[max(0, index - 2) : index + 3])
        match = max(matches[index], BESIDE * beside, BESIDE_THAT * beside_that)
        worth.append(plain + MATCH * match + (LEADING if index in leading else 0.0))
    return worth, leading


def _documentation(chunk: Chunk, lines: Sequence[str]) -> tuple[set[int], set[int]]:
    """The lines of a definition's documentation that its first sentence stands on, and the others."""
    first, further = set[int](), set[int]()
    if not chunk.doc or chunk.source is not Source.CODE:
        return first, further
    documented = {line.strip() for line in chunk.doc.split("\n") if line.strip()}
    left = WORD.findall(first_sentence(chunk.doc))
    for index, line in enumerate(lines):
        bare = _COMMENT_MARKS.sub("", line)
        if bare not in documented and line.strip() not in documented:
            continue
        words = WORD.findall(bare)
        if left and words[:1] == left[:1]:
            first.add(index)
            left = left[len(words) :]
        else:
            further.add(index)
    return first, further


# --- which lines are shown ---------------------------------------------------------------------------------------


def _choose(views: Sequence[_View], slots: Slots, budget: int) -> dict[int, str]:
    """Mark lines as shown, the most telling for their tokens first; returns why hits are not shown, by their rank."""
    refused: dict[int, str] = {}
    slots.kept = OPENING_SHARE * budget
    left = _take_offers([offer for view in views for offer in _offers(view)], views, slots, budget, refused)
    slots.kept = 0.0
    openings = sorted((view for view in views if view.rank in refused), key=lambda view: view.rank)
    beginnings = [(0.0, view.rank, -1, view.opening) for view in openings]
    refused.clear()
    left += _take_offers(beginnings, views, slots, budget, refused)
    _take_offers(left, views, slots, budget, {})
    return refused


def _offers(view: _View) -> Iterator[_Offer]:
    """The opening of a view, and each further line, each with what it brings for its tokens, negated for the heap."""
    weight = RANK_DECAY**view.rank / (view.rank + 1)
    costs = sum(view.costs[index] for index in view.opening)
    yield -weight * sum(view.worth[index] for index in view.opening) / (view.head + costs), view.rank, -1, view.opening
    for index, (worth, cost) in enumerate(zip(view.worth, view.costs, strict=True)):
        if index not in view.opening:
            view.waiting.append((-weight * worth / (cost + LINE_TOKENS), view.rank, index, (index,)))


def _take_offers(
    offers: list[_Offer], views: Sequence[_View], slots: Slots, budget: int, refused: dict[int, str]
) -> list[_Offer]:
    """Take what fits, the best first, and return the lines that did not."""
    heapq.heapify(offers)
    left: list[_Offer] = []
    while offers:
        offer = heapq.heappop(offers)
        _, rank, order, lines = offer
        view = views[rank]
        if order >= 0:
            if not _take(view, lines, slots, budget):
                left.append(offer)
            continue
        reason = _refuse(view, slots)
        if not reason and not _take(view, lines, slots, budget) and not _take(view, lines[:1], slots, budget):
            reason = "token budget" if _cost(view, lines[:1]) > slots.everything - slots.kept else "source cap"
        if reason:
            refused[rank] = reason
            continue
        slots.files[file_of(view.hit)] += 1
        for each in view.waiting:
            heapq.heappush(offers, each)
    return left


def _refuse(view: _View, slots: Slots) -> str:
    return "file cap" if slots.files[file_of(view.hit)] >= FILE_ITEMS else ""


def _cost(view: _View, lines: Sequence[int]) -> int:
    """Of these lines: with the head if they are the first ones, and with a gap's mark where they touch none."""
    cost = sum(view.costs[index] for index in lines if index not in view.shown)
    if not view.shown:
        return cost + view.head + GAP_TOKENS * (len(_runs(lines)) - 1)
    return cost + sum(GAP_TOKENS for index in lines if not {index - 1, index + 1} & view.shown)


def _take(view: _View, lines: Sequence[int], slots: Slots, budget: int) -> bool:
    cost, source = _cost(view, lines), view.hit.chunk.source
    most = (RECORD_SHARE if source in _RECORDS else ITEM_SHARE) * budget
    is_too_much = bool(view.shown) and view.tokens + cost > most
    if is_too_much or cost > slots.everything - slots.kept or cost > slots.left_for(source):
        return False
    slots.take(source, cost)
    view.tokens += cost
    view.shown.update(lines)
    return True


# --- what becomes of them ----------------------------------------------------------------------------------------


def _item(number: int, view: _View) -> ContextItem:
    chunk = view.hit.chunk
    runs = _runs(sorted(view.shown))
    start, path = chunk.span.start, chunk.span.path
    pieces = tuple(Span(path, start + first, start + last) for first, last in runs) if len(runs) > 1 else ()
    shown = cut(chunk, runs[0][0], runs[-1][1] + 1)
    whole = chunk if shown.symbol else without_name(chunk)
    return ContextItem(number, view.hit.root, shown.span, shown.symbol, shown.text, whole, pieces)


def _tokens(view: _View) -> int:
    gaps = len(_runs(sorted(view.shown))) - 1
    return view.head + sum(view.costs[index] for index in view.shown) + GAP_TOKENS * gaps


def _runs(lines: Sequence[int]) -> list[tuple[int, int]]:
    """Sorted numbers as first and last of each unbroken run."""
    runs: list[tuple[int, int]] = []
    for line in lines:
        if runs and line <= runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], line)
        else:
            runs.append((line, line))
    return runs


# --- near-duplicates ---------------------------------------------------------------------------------------------


def _without_likenesses(hits: Sequence[Hit], dropped: list[Dropped]) -> tuple[list[Hit], list[Dropped]]:
    """Of hits whose lines differ in nothing but white space or one name, the first."""
    kept: list[Hit] = []
    shapes: list[tuple[str, list[str]]] = []
    for hit in hits:
        shape = _shape(hit.chunk)
        if shape[0] and any(_is_like(shape, other) for other in shapes):
            dropped.append(Dropped(hit.chunk.span, "nearly duplicate text"))
            continue
        kept.append(hit)
        shapes.append(shape)
    return kept, dropped


def _shape(chunk: Chunk) -> tuple[str, list[str]]:
    """What stands between the words, without white space, and the words; nothing of a text that is too short."""
    if chunk.text.count("\n") + 1 < FEWEST_LINES_ALIKE:
        return "", []
    return "".join(WORD.sub("w", chunk.text).split()), WORD.findall(chunk.text)


def _is_like(one: tuple[str, list[str]], other: tuple[str, list[str]]) -> bool:
    if one[0] != other[0] or len(one[1]) != len(other[1]):
        return False
    return len({pair for pair in zip(one[1], other[1], strict=True) if pair[0] != pair[1]}) <= 1
