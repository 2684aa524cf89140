"""Names that are like a word: misspelt, half remembered, abbreviated. The index offers candidates, rapidfuzz judges.

Few letters apart means that some run of letters is the same: of n+1 runs that do not overlap, n changes leave one as
it was. So the rarest runs are looked up first, and what has none of them cannot be as near as n changes.

Invariant: a name that is offered is in the index, and is as much like the word as its similarity says.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from surefoot.store.database import IndexStore
from surefoot.store.names import AFTER, ALL_LENGTHS, BEFORE, GRAM, LONGEST, Lengths, grams_of, padded
from surefoot.words import fold

Scorer = Callable[..., float]
Scored = list[tuple[str, float]]  # keys, the most similar first

# Changes that are looked for at first, then more: most words are misspelt in one letter, and runs are longer and
# rarer the fewer there must be. A letter replaced or two swapped are two changes, a letter too many or too few is one.
CHANGES = (2, 4, 6, 9, 13, 18, 25)
MOST_LETTERS = 120  # of a word that is compared: longer ones are hashes, paths and encoded data, which nobody misspells
# Names that one look-up reads. Beyond that, only letters that very many names share are left to look for.
MOST_READ = 60_000
LONGEST_RUN = 12  # letters: longer ones are hardly rarer
TELLING_GRAMS = 3  # of a run that are asked for: its rarest say almost all
MOST_COUNTED = 30_000  # rows in which shared runs of letters are counted
MOST_CANDIDATES = 400  # that share the most; the right name is among the first
MOST_PARTLY = 5000  # names with all parts of a half-remembered one, of which the shortest are the best


@dataclass(frozen=True, slots=True)
class Likeness:
    """A measure of similarity with its cutoff. What it can be at best is what says when to stop looking."""

    scorer: Scorer
    cutoff: float
    whole: float  # what equal names have
    is_edits: bool  # edits are counted, per letter of the longer name; otherwise changes, per letter of both

    def lengths(self, length: int) -> Lengths:
        """How short and how long a name may be."""
        share = self.cutoff / self.whole
        least = share if self.is_edits else share / (2 - share)
        return math.ceil(length * least - 1e-9), math.floor(length / least + 1e-9)

    def most_changes(self, length: int) -> int:
        """How many changes a name may be away."""
        longest, allowed = self.lengths(length)[1], 1 - self.cutoff / self.whole
        if self.is_edits:
            return 2 * math.floor(allowed * longest + 1e-9)
        return math.floor(allowed * (length + longest) + 1e-9)

    def best_beyond(self, length: int, changes: int) -> float:
        """What a name that is more changes away has at best."""
        if self.is_edits:
            edits = changes // 2 + 1  # an edit is two changes at most
            return self.whole * (1 - edits / (length + edits))
        return self.whole * (1 - (changes + 1) / (2 * length + changes + 1))


def by_letters(cutoff: float) -> Likeness:
    """Percent of letters that both have in the same order."""
    return Likeness(fuzz.ratio, cutoff, 100.0, is_edits=False)


def by_edits(cutoff: float) -> Likeness:
    """One less the edits per letter, a swap of neighbours being one edit."""
    return Likeness(OSA.normalized_similarity, cutoff, 1.0, is_edits=True)


def misspelt(store: IndexStore, word: str, likeness: Likeness, limit: int) -> Scored:
    """The names most like the word. Those left out are as rare as they are far: see MOST_READ."""
    key = _comparable(word)
    if not key:
        return []
    found: dict[str, float] = {}
    read = 0.0
    for changes, cost, runs in _steps(_counts(store, padded(key)), likeness.most_changes(len(key))):
        if read and read + cost > MOST_READ:
            break
        read += cost
        found |= _alike(store, key, runs, changes, likeness)
        best = sorted(found.values(), reverse=True)[:limit]
        if len(best) == limit and best[-1] >= likeness.best_beyond(len(key), changes):
            break
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))[:limit]


def _comparable(word: str) -> str:
    """The key of a word; empty where it is too long to be compared."""
    key = fold(word)
    return key if len(key) <= MOST_LETTERS else ""


def _steps(counts: Sequence[int], most: int) -> Iterator[tuple[int, float, list[list[int]]]]:
    """How many changes to look for, in how many names that is at most, and the runs of which a name must have one.

    A short word has no room for that many runs; there, any letters in common will do.
    """
    room = (len(counts) + GRAM - 1) // GRAM - 1
    if room >= CHANGES[0]:
        within = min(most, room)
        for changes in [*(each for each in CHANGES if each < within), within]:
            yield changes, *rarest_runs(counts, changes + 1)
    if most > room or room < CHANGES[0]:
        yield most, sum(counts), [[place] for place in range(len(counts))]


def _alike(
    store: IndexStore, key: str, runs: Sequence[Sequence[int]], changes: int, likeness: Likeness
) -> dict[str, float]:
    grams = grams_of(padded(key))
    shortest, longest = likeness.lengths(len(key))
    lengths = max(shortest, len(key) - changes), min(longest, len(key) + changes)
    choices = [[grams[place] for place in run] for run in runs]
    candidates = store.names_holding(choices, lengths, MOST_READ)
    return _scored(key, candidates, likeness.scorer, likeness.cutoff)


def _counts(store: IndexStore, text: str) -> list[int]:
    """How many names have each run of three letters of the text."""
    counts = store.gram_counts(grams_of(text))
    return [counts[gram] for gram in grams_of(text)]


def _scored(key: str, candidates: Sequence[str], scorer: Scorer, cutoff: float) -> dict[str, float]:
    near = process.extract(key, candidates, scorer=scorer, score_cutoff=cutoff, limit=None)
    return {name: score for name, score, _ in near}


def rarest_runs(counts: Sequence[int], number: int) -> tuple[float, list[list[int]]]:
    """So many runs that do not overlap, in the fewest names: how many at most, and the telling grams of each run.

    `counts` are those of all grams of a text. Needs room for the runs: three letters of the text for each.
    """
    size = len(counts) + GRAM - 1
    costs = [0.0] * (size + 1)
    steps: list[dict[int, tuple[int, int]]] = []
    for taken in range(1, number + 1):
        costs, step = _one_more(costs, counts, GRAM * taken)
        steps.append(step)
    runs, end = [], size
    for step in reversed(steps):
        begin, until = step[end]
        telling = sorted(range(begin, until - GRAM + 1), key=counts.__getitem__)[:TELLING_GRAMS]
        runs.append(telling)
        end = begin
    return costs[-1], runs


def _one_more(
    before: Sequence[float], counts: Sequence[int], first: int
) -> tuple[list[float], dict[int, tuple[int, int]]]:
    """The least cost up to each place of the text with one run more, and where that run begins and ends."""
    costs = [math.inf] * len(before)
    runs: dict[int, tuple[int, int]] = {}
    for end in range(first, len(before)):
        costs[end], run = costs[end - 1], runs.get(end - 1, (0, 0))
        rarest = math.inf
        for begin in range(end - GRAM, max(first - GRAM, end - LONGEST_RUN) - 1, -1):
            rarest = min(rarest, counts[begin])
            if before[begin] + rarest < costs[end]:
                costs[end], run = before[begin] + rarest, (begin, end)
        runs[end] = run
    return costs, runs


def in_parts(store: IndexStore, parts: Sequence[str], limit: int) -> list[str]:
    """The shortest names that have all the parts, in order: `check`, `cite` find checkallcitations.

    Of parts with one or two letters no list is kept. Where a name has no others, only so many of the shortest are
    looked through.
    """
    keys = [key for part in parts if (key := fold(part))]
    lengths = sum(map(len, keys)), LONGEST
    grams = {gram for key in keys for gram in grams_of(key)}
    if grams:
        candidates = store.names_holding([grams], lengths, MOST_PARTLY)
    else:
        candidates = store.shortest_names(lengths, MOST_PARTLY)
    fitting = [name for name in candidates if _holds_in_order(name, keys)]
    last = len(fitting[:limit][-1]) if fitting else 0
    return [name for name in fitting if len(name) <= last]


def _holds_in_order(name: str, parts: Sequence[str]) -> bool:
    position = 0
    for part in parts:
        found = name.find(part, position)
        if found < 0:
            return False
        position = found + len(part)
    return True


def loosely(store: IndexStore, word: str, cutoff: float, limit: int) -> Scored:
    """The names most like the word by `by_letters`, of those that share the most runs of letters with it."""
    key = _comparable(word)
    likeness = by_letters(cutoff)
    candidates = _sharing(store, key, likeness.lengths(len(key))) if key else []
    found = _scored(key, candidates, likeness.scorer, likeness.cutoff)
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))[:limit]


def _sharing(store: IndexStore, key: str, lengths: Lengths) -> list[str]:
    """The names that share the most runs of letters with the key, of which the most common are not looked at."""
    counts = store.gram_counts(grams_of(padded(key)))
    return store.names_sharing(_rarest(counts), lengths, MOST_CANDIDATES)


def _rarest(counts: Mapping[str, int]) -> list[str]:
    rarest: list[str] = []
    rows = 0
    for gram in sorted((gram for gram in counts if counts[gram]), key=counts.__getitem__):
        rows += counts[gram]
        if rarest and rows > MOST_COUNTED:
            break
        rarest.append(gram)
    return rarest


def typed(store: IndexStore, word: str, cutoff: float, limit: int) -> Scored:
    """What somebody may be typing: a beginning, a part, letters left out, or misspelt.

    Of one or two letters, only the names that begin so are offered.
    """
    key = _comparable(word)
    if not key:
        return []
    candidates = store.names_holding([grams_of(BEFORE + key)], ALL_LENGTHS, limit)
    if len(key) >= GRAM:
        candidates += store.names_holding([grams_of(key)], ALL_LENGTHS, limit)
        candidates += store.names_holding([grams_of(key + AFTER)], ALL_LENGTHS, limit)
        candidates += store.names_abbreviated(key, limit)
        candidates += _sharing(store, key, ALL_LENGTHS)
    scored = _scored(key, list(dict.fromkeys(candidates)), fuzz.WRatio, cutoff)
    found = [(name, score + _bonus(key, name)) for name, score in scored.items()]
    return sorted(found, key=lambda item: (-item[1], len(item[0]), item[0]))[:limit]


def _bonus(wanted: str, name: str) -> float:
    return 20.0 if name == wanted else 10.0 if name.startswith(wanted) else 5.0 if wanted in name else 0.0
