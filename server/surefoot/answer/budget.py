"""Budget stage: the sources that the model sees, within a token budget, and what was left out and why.

Invariant: the text of every item is verbatim lines of its span, so that a citation can be checked letter by letter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from surefoot.domain import Chunk, Context, ContextItem, Dropped, Hit, Source, Span
from surefoot.words import stem, stems_of

BODY_SHARE = 0.8  # of the budget for bodies; the rest shows signatures of further hits for orientation
DOCS_SHARE = 0.4  # of the budget that prose may take: it repeats the question's words and crowds out the code
ITEM_SHARE = 0.4  # of the budget that one source may take: an answer wants more than one place to stand on
FILE_ITEMS = 3  # per file, for the same reason
SIGNATURE_LINES = 3  # at most, of a hit that is shown by its signature only
FEWEST_WINDOW_LINES = 4  # of a long chunk; fewer lines show nothing

CountTokens = Callable[[Sequence[str]], list[int]]
CHARACTERS_PER_TOKEN = 3.5  # of source code, with the tokenizers of current code models; used where none is loaded


def estimate_tokens(texts: Sequence[str]) -> list[int]:
    """Token counts without a tokenizer, for answers that no model will read."""
    return [round(len(text) / CHARACTERS_PER_TOKEN) + 1 for text in texts]


@dataclass(slots=True)
class _Slots:
    """What is still free while items are chosen."""

    bodies: float
    docs: float
    everything: float
    files: Counter[tuple[str, str]]


def fit(hits: Sequence[Hit], terms: Sequence[str], budget: int, count_tokens: CountTokens) -> Context:
    """Choose from hits (best first) what fits `budget` tokens. `terms` decide which lines of a long chunk are shown."""
    unique, dropped = _without_duplicates(hits)
    stems = frozenset(map(stem, terms))
    cap = ITEM_SHARE * budget
    shown = [_best_window(hit.chunk, stems, cap) for hit in unique]
    counts = count_tokens([render_item(0, chunk) for chunk in shown])
    slots = _Slots(BODY_SHARE * budget, DOCS_SHARE * budget, budget, Counter())
    items: list[ContextItem] = []
    for hit, chunk, tokens in zip(unique, shown, counts, strict=True):
        reason = _refuse(hit, tokens, slots)
        if reason and reason != "file cap" and hit.chunk.symbol:
            chunk = _signature_only(hit.chunk)  # noqa: PLW2901 - the smaller view of the same hit
            tokens = count_tokens([render_item(0, chunk)])[0]  # noqa: PLW2901
            reason = reason if tokens > slots.everything else ""
            slots.bodies += tokens  # signatures have their own share
        if reason:
            dropped.append(Dropped(hit.chunk.span, reason))
            continue
        _take(hit, tokens, slots)
        items.append(_item(len(items) + 1, hit, chunk))
    return Context(tuple(items), tuple(dropped), budget - round(slots.everything))


def render_item(number: int, chunk: Chunk) -> str:
    """One source as it stands in the prompt."""
    return render_source(number, chunk.span, chunk.symbol, chunk.text)


def render_source(number: int, span: Span, symbol: str, text: str) -> str:
    """A numbered head line with place and symbol, then the lines."""
    head = f"[{number}] {span}" + (f" {symbol}" if symbol else "")
    return f"{head}\n{text}\n"


def _without_duplicates(hits: Sequence[Hit]) -> tuple[list[Hit], list[Dropped]]:
    unique: list[Hit] = []
    dropped: list[Dropped] = []
    seen: set[str] = set()
    for hit in hits:
        if hit.chunk.content_hash in seen:
            dropped.append(Dropped(hit.chunk.span, "duplicate text"))
        else:
            seen.add(hit.chunk.content_hash)
            unique.append(hit)
    return unique, dropped


def _refuse(hit: Hit, tokens: int, slots: _Slots) -> str:
    if slots.files[_file(hit)] >= FILE_ITEMS:
        return "file cap"
    if hit.chunk.source is Source.DOCS and tokens > slots.docs:
        return "docs cap"
    if tokens > slots.bodies or tokens > slots.everything:
        return "token budget"
    return ""


def _take(hit: Hit, tokens: int, slots: _Slots) -> None:
    slots.files[_file(hit)] += 1
    slots.everything -= tokens
    slots.bodies -= tokens
    if hit.chunk.source is Source.DOCS:
        slots.docs -= tokens


def _best_window(chunk: Chunk, stems: frozenset[str], cap: float) -> Chunk:
    """The run of lines within `cap` tokens that holds most of the question; the first one where several tie."""
    lines = chunk.text.split("\n")
    costs = estimate_tokens(lines)
    if sum(costs) <= cap:
        return chunk
    hits_per_line = [len(stems & stems_of(line)) for line in lines]
    best, best_value = (0, FEWEST_WINDOW_LINES), -1
    for start in range(len(lines)):
        end, cost = start, 0
        while end < len(lines) and (cost + costs[end] <= cap or end - start < FEWEST_WINDOW_LINES):
            cost += costs[end]
            end += 1
        value = sum(hits_per_line[start:end])
        if value > best_value:
            best, best_value = (start, end), value
    return _cut(chunk, *best)


def _signature_only(chunk: Chunk) -> Chunk:
    lines = chunk.text.split("\n")
    name = chunk.symbol.rsplit(".", 1)[-1]
    start = next((number for number, line in enumerate(lines) if name in line), 0)
    return _cut(chunk, start, min(start + SIGNATURE_LINES, len(lines)))


def _cut(chunk: Chunk, start: int, end: int) -> Chunk:
    lines = chunk.text.split("\n")[start:end]
    first = chunk.span.start + start
    return replace(chunk, span=Span(chunk.span.path, first, first + len(lines) - 1), text="\n".join(lines))


def _item(number: int, hit: Hit, chunk: Chunk) -> ContextItem:
    return ContextItem(number, hit.root, chunk.span, chunk.symbol, chunk.text, hit.chunk)


def _file(hit: Hit) -> tuple[str, str]:
    return str(hit.root.path), hit.chunk.span.path
