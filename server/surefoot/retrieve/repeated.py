"""Words that a question repeats as they stand somewhere: a message that it quotes, the label of a button.

What is repeated stands within quotation marks, or begins with a capital in the middle of a sentence. Numbers in it are
what a message was filled in with, and stand for anything; so do names where nothing is found with them.

Invariant: reads the index and nothing else; how much is looked up is bounded by counts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from surefoot.domain import Chunk, ChunkKey, Ranking, Resolved, Scope, Source
from surefoot.links.texts import Entry, entries
from surefoot.retrieve.asked import asks_for_records
from surefoot.retrieve.lexical import COLUMN_WEIGHTS, EVERYWHERE_CHUNKS
from surefoot.retrieve.root_index import RootIndex
from surefoot.words import STOP_WORDS, WORD, index_words

LOOKED_AT = 2_000  # characters of the question
MOST_REPEATED = 6  # beginnings of what may be repeated
LONGEST = 14  # words
MOST_LOOKED_UP = 40
MOST_HOLDING = 24  # chunks; words that more hold say nothing
FEW = 4  # that each count in full
BESIDE = 0.3  # for a ticket that repeats what stands in code
GAP = 6  # words that stand for one that was filled in
GAP_CHARACTERS = 60
MOST_GAPS = 3
LONGEST_LINE = 2_000  # characters
GUESSED = 0.8  # of the strength, where no quotation marks say where it ends

_MARKED = re.compile(
    r"\"([^\"\n]{3,300})\"|“([^”\n]{3,300})”|„([^“”\n]{3,300})[“”]|«([^»\n]{3,300})»"
    r"|(?<!\w)'([^\n]{3,300}?)'(?!\w)|(?<!\w)\u2018([^\n]{3,300}?)\u2019(?!\w)"
)
_ENDS = re.compile(r"[.!?;:,()\[\]\"“”„«»\n]+(?=\s|\Z)|\s[-\u2013\u2014]+\s|[()\[\]\"“”„«»`\n]")


class Repeated(NamedTuple):
    """Words in their order, and whether quotation marks say that they are all of it."""

    words: tuple[str, ...]
    is_marked: bool


def repeated_in(text: str) -> list[Repeated]:
    """What a question may repeat word by word, each as far as it may go."""
    text = text[:LOOKED_AT]
    marked = [WORD.findall(next(filter(None, match.groups()))) for match in _MARKED.finditer(text)]
    found = [Repeated(tuple(words[:LONGEST]), is_marked=True) for words in marked if _is_telling(words)]
    for part in _ENDS.split(_MARKED.sub("\n", text)):
        words = WORD.findall(part)
        found += [
            Repeated(tuple(words[at : at + LONGEST]), is_marked=False)
            for at, word in enumerate(words[:-1])
            if word[0].isupper() and words[at + 1][0].islower() | words[at + 1][0].isdigit()
        ]
    return found[:MOST_REPEATED]


def _is_telling(words: Sequence[str]) -> bool:
    """Whether words in a row are more than a name, and more than what all sentences are made of."""
    return len(words) > 1 and any(_is_content(word) for word in words)


def _is_content(word: str) -> bool:
    return len(word) > 1 and not word.isdigit() and word.lower() not in STOP_WORDS


def repeated(index: RootIndex, resolved: Resolved, scope: Scope) -> dict[ChunkKey, float]:
    """The chunks that hold what a question repeats, and how much that says.

    Less for tickets and commits with words that stand in code too, unless the question asks for them.
    """
    held = _all_holding(index, resolved, scope)
    sources = {number: chunk.source for number, chunk in index.store.chunks(list(held)).items()}
    has_code = Source.CODE in sources.values() and not asks_for_records(resolved)
    beside = {Source.TICKETS, Source.COMMITS} if has_code else set[Source]()
    return {
        ChunkKey(index.root.path, number): strength * (BESIDE if sources.get(number) in beside else 1.0)
        for number, strength in held.items()
    }


def _all_holding(index: RootIndex, resolved: Resolved, scope: Scope) -> dict[int, float]:
    found: dict[int, float] = {}
    looked_up = 0
    for each in repeated_in(resolved.query.text):
        for words in _ways(each):
            if not _may_be_held(words, resolved.frequencies):
                continue
            looked_up += 1
            if looked_up > MOST_LOOKED_UP:
                return found
            numbers = _holding(index, words, scope)
            if numbers:
                strength = _strength(words, len(numbers)) * (1.0 if each.is_marked else GUESSED)
                found.update({number: max(strength, found.get(number, 0.0)) for number in numbers})
                break
    return found


def _may_be_held(words: Sequence[str], frequencies: Mapping[str, int]) -> bool:
    """Whether all of the words are there, and one of them is rare enough that looking for them in a row is quick."""
    counts = [frequencies[word.lower()] for word in words if word.lower() in frequencies]
    return not counts or 0 < min(counts) <= EVERYWHERE_CHUNKS


def _ways(each: Repeated) -> Iterator[tuple[str, ...]]:
    """The words with gaps for what may be filled in, an empty word each; where nothing marks their end, ever fewer."""
    lengths = (len(each.words),) if each.is_marked else range(len(each.words), 1, -1)
    for length in lengths:
        words = each.words[:length]
        if not each.is_marked and not (_is_content(words[-1]) and (length > 2 or all(map(_is_content, words)))):
            continue
        without_values = tuple("" if any(c.isdigit() for c in word) else word for word in words)
        ways = [without_values]
        if each.is_marked:
            ways.append(tuple("" if at and word[:1].isupper() else word for at, word in enumerate(without_values)))
        for way in dict.fromkeys(ways):
            if _is_telling([word for word in way if word]) and len(_runs(way)) <= MOST_GAPS + 1:
                yield way


def _runs(words: Sequence[str]) -> list[list[str]]:
    """The words between the gaps."""
    runs: list[list[str]] = [[]]
    for word in words:
        if word:
            runs[-1].append(word)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _holding(index: RootIndex, words: Sequence[str], scope: Scope) -> list[int]:
    runs = _runs(words)
    phrases = [f'"{index_words(" ".join(run))}"' for run in runs]
    match = phrases[0] if len(phrases) == 1 else f"NEAR({' '.join(phrases)}, {GAP * len(phrases)})"
    rows = index.store.lexical(match, scope, MOST_HOLDING + 1, COLUMN_WEIGHTS)
    if len(rows) > MOST_HOLDING:
        return []
    numbers = [number for number, _ in rows]
    if len(runs) == 1:
        return numbers
    return [n for n, chunk in index.store.chunks(numbers).items() if holds_in_order(chunk.text, words)]


def holds_in_order(text: str, words: Sequence[str]) -> bool:
    """Whether a line of a text holds words in their order, with something for each gap, an empty word."""
    runs = [
        re.compile(r"(?<!\w)" + r"\W{1,10}".join(re.escape(word) for word in run) + r"(?!\w)", re.IGNORECASE)
        for run in _runs(words)
    ]
    return any(_follow(runs, line[:LONGEST_LINE]) for line in text.split("\n"))


def _follow(runs: Sequence[re.Pattern[str]], line: str) -> bool:
    for begin in runs[0].finditer(line):
        end: int | None = begin.end()
        for run in runs[1:]:
            match = run.search(line, end + 2, end + GAP_CHARACTERS) if end is not None else None
            end = match.end() if match is not None else None
        if end is not None:
            return True
    return False


def _strength(words: Sequence[str], holding: int) -> float:
    """More words say more, and less where many chunks hold them."""
    count = sum(1 for word in words if word)
    return min(1.0, 0.4 + 0.15 * count) * min(1.0, math.sqrt(FEW / holding))


def with_repeated(ranking: Ranking, strengths: Mapping[ChunkKey, float], limit: int) -> Ranking:
    """The ranking with what holds repeated words before all else."""
    best = ranking.entries[0][1] if ranking.entries else 0.0
    first = {key: best + strength for key, strength in strengths.items()}
    ordered = sorted(first.items(), key=lambda item: (-item[1], item[0].chunk_id))
    rest = (entry for entry in ranking.entries if entry[0] not in first)
    return Ranking(ranking.retriever, (*ordered, *rest)[:limit])


def said_in(chunk: Chunk, text: str) -> list[Entry]:
    """The texts of a catalog that a question repeats: a message in part, a label as a whole."""
    text = text[:LOOKED_AT]
    ways = [words for each in repeated_in(text) if each.is_marked for words in _ways(each)]
    spoken = f" {' '.join(WORD.findall(text.lower()))} "
    return [
        entry
        for entry in entries(chunk)
        if _is_said(entry.text, text, spoken) or any(holds_in_order(entry.text, words) for words in ways)
    ]


def _is_said(label: str, text: str, spoken: str) -> bool:
    """Whether a question has all of a label in a row; a single word only where it is written as the label is."""
    words = WORD.findall(label)
    if not words or f" {' '.join(words).lower()} " not in spoken:
        return False
    if len(words) > 1:
        return _is_telling(words)
    word = re.escape(words[0])
    return words[0][0].isupper() and re.search(rf"(?<=[\w,] ){word}(?!\w)|[\"'“]{word}[\"'”]", text) is not None
