"""Budget stage: the sources that the model sees, within a token budget, and what was left out and why.

Invariant: the text of every item is verbatim lines of its span, so that a citation can be checked letter by letter.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from surefoot.domain import Chunk, Context, ContextItem, Dropped, Hit, Source, Span, SymbolKind
from surefoot.sources.labels import label_of
from surefoot.words import stem, stems_of

BODY_SHARE = 0.8  # of the budget for bodies; the rest shows signatures of further hits for orientation
# Of the budget that each source of text may take: prose repeats the question's words and crowds out the code, and who
# asks what a ticket touches wants the ticket, its commits and their code.
SHARES = {Source.DOCS: 0.4, Source.TICKETS: 0.4, Source.COMMITS: 0.3, Source.DESIGNS: 0.4}
BESIDE_CODE = 0.65  # that all of them together may take, where there is code as well
ITEM_SHARE = 0.4  # of the budget that one place may take: an answer wants more than one place to stand on
RECORD_SHARE = 0.2  # that a ticket or a commit may take: of a long one, what is about the question
FILE_ITEMS = 3  # per file, for the same reason; of an export, per ticket
SIGNATURE_LINES = 3  # at most, of a hit that is shown by its signature only
FEWEST_WINDOW_LINES = 4  # of a long chunk; fewer lines show nothing

# Of the tokens that a model would be shown: where none reads, each of a dozen hits is there with its lines, as a place
# that is cut down to its signature or its heading has nothing to quote.
UNREAD = 6

CountTokens = Callable[[Sequence[str]], list[int]]
CHARACTERS_PER_TOKEN = 3.5  # of source code, with the tokenizers of current code models; used where none is loaded


def estimate_tokens(texts: Sequence[str]) -> list[int]:
    """Token counts without a tokenizer, for answers that no model will read."""
    return [round(len(text) / CHARACTERS_PER_TOKEN) + 1 for text in texts]


@dataclass(slots=True)
class Slots:
    """What is still free while items are chosen; `kept` of everything is for later."""

    bodies: float
    sources: dict[Source, float]
    beside_code: float
    everything: float
    files: Counter[tuple[str, str, str]]
    kept: float = 0.0

    def left_for(self, source: Source) -> float:
        """The tokens that a source of text may still take."""
        return min(self.sources[source], self.beside_code) if source in self.sources else self.everything

    def take(self, source: Source, tokens: int) -> None:
        """Count tokens as used."""
        self.everything -= tokens
        self.bodies -= tokens
        if source in self.sources:
            self.sources[source] -= tokens
            self.beside_code -= tokens


@dataclass(frozen=True, slots=True)
class _Room:
    """The tokens that there are in all, those of which one place may have its share, and how they are counted."""

    budget: int
    widest: int
    count_tokens: CountTokens


def fit(hits: Sequence[Hit], terms: Sequence[str], budget: int, count_tokens: CountTokens) -> Context:
    """Choose from hits (best first) what fits `budget` tokens. `terms` decide which lines of a long chunk are shown."""
    return _fit(hits, terms, _Room(budget, budget, count_tokens))


def fit_unread(hits: Sequence[Hit], terms: Sequence[str], most: int) -> tuple[int, Context]:
    """The same for an answer that no model reads, with the budget: more places, each as long as a model has it."""
    budget = UNREAD * most
    return budget, _fit(hits, terms, _Room(budget, most, estimate_tokens))


def _fit(hits: Sequence[Hit], terms: Sequence[str], room: _Room) -> Context:
    budget, count_tokens = room.budget, room.count_tokens
    unique, dropped = without_duplicates(hits)
    stems = frozenset(map(stem, terms))
    shown = [_best_window(hit.chunk, stems, _item_share(hit.chunk) * room.widest) for hit in unique]
    counts = count_tokens([render_item(0, chunk) for chunk in shown])
    slots = free_slots(budget, has_code=any(hit.chunk.source is Source.CODE for hit in unique))
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


def free_slots(budget: int, *, has_code: bool) -> Slots:
    """Everything is free."""
    sources = {source: share * budget for source, share in SHARES.items()}
    beside_code = BESIDE_CODE * budget if has_code else float(budget)
    return Slots(BODY_SHARE * budget, sources, beside_code, budget, Counter())


def _item_share(chunk: Chunk) -> float:
    return RECORD_SHARE if chunk.source in (Source.TICKETS, Source.COMMITS) else ITEM_SHARE


def render_item(number: int, chunk: Chunk) -> str:
    """One source as it stands in the prompt."""
    return f"{head_of(number, chunk)}\n{chunk.text}\n"


def head_of(number: int, chunk: Chunk) -> str:
    """The line above a source: what it is called, and where it stands.

    Without line numbers: each digit is a token, and a model that cites by number needs none of them.
    """
    label = label_of(chunk)
    if not label:
        name = f"{chunk.span.path} {chunk.symbol}" if chunk.symbol else chunk.span.path
    else:
        name = label if chunk.source is Source.COMMITS else f"{label} ({chunk.span.path})"
    return f"[{number}] {name}"


def without_duplicates(hits: Sequence[Hit]) -> tuple[list[Hit], list[Dropped]]:
    """Each text once, and what was left out."""
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


def _refuse(hit: Hit, tokens: int, slots: Slots) -> str:
    if slots.files[file_of(hit)] >= FILE_ITEMS:
        return "file cap"
    source = hit.chunk.source
    if source in slots.sources and tokens > slots.left_for(source):
        return f"{source} cap"
    if tokens > slots.bodies or tokens > slots.everything:
        return "token budget"
    return ""


def _take(hit: Hit, tokens: int, slots: Slots) -> None:
    slots.files[file_of(hit)] += 1
    slots.take(hit.chunk.source, tokens)


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
    return cut(chunk, *best)


def _signature_only(chunk: Chunk) -> Chunk:
    lines = chunk.text.split("\n")
    name = chunk.symbol.rsplit(".", 1)[-1]
    start = next((number for number, line in enumerate(lines) if name in line), 0)
    return cut(chunk, start, min(start + SIGNATURE_LINES, len(lines)))


def cut(chunk: Chunk, start: int, end: int) -> Chunk:
    """The chunk with some of its lines only, `end` not included; without its name where that is of other lines."""
    lines = chunk.text.split("\n")
    first, last = chunk.span.start + start, chunk.span.start + min(end, len(lines)) - 1
    if _is_named_elsewhere(chunk, lines, start, end):
        chunk = without_name(chunk)
    return replace(chunk, span=Span(chunk.span.path, first, last), text="\n".join(lines[start:end]))


def without_name(chunk: Chunk) -> Chunk:
    """The chunk as lines of its file, of no definition in particular."""
    return replace(chunk, symbol="", kind=SymbolKind.FILE, signature="", doc="")


def _is_named_elsewhere(chunk: Chunk, lines: Sequence[str], start: int, end: int) -> bool:
    """Whether the definition that a chunk of several is named after begins behind these lines, or is a line before."""
    if not chunk.symbol or chunk.file_line or chunk.source in (Source.TICKETS, Source.COMMITS):
        return False
    own = re.split(r"::|[.#]", chunk.symbol)[-1]
    name = chunk.symbol if chunk.symbol in chunk.text else own  # "van.title" is one key of a flat catalog
    named = [number for number, line in enumerate(lines) if name in line]
    is_behind = bool(named) and named[0] >= end
    is_one_line = chunk.kind is SymbolKind.KEY and bool(named)
    return is_behind or (is_one_line and not any(start <= number < end for number in named))


def _item(number: int, hit: Hit, chunk: Chunk) -> ContextItem:
    whole = hit.chunk if chunk.symbol else without_name(hit.chunk)
    return ContextItem(number, hit.root, chunk.span, chunk.symbol, chunk.text, whole)


def file_of(hit: Hit) -> tuple[str, str, str]:
    """What the cap on places of one file counts: the file, or one ticket of an export."""
    chunk = hit.chunk
    record = chunk.symbol.partition(".")[0] if chunk.source is Source.TICKETS else ""
    return str(hit.root.path), chunk.span.path, record
