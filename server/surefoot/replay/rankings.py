"""Two lists of places, and how one became the other: what is gone, new, moved, or on other lines.

Invariant: a place that only stands lower because another one came before it has not moved.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from surefoot.domain import Change, ChangeKind

Entry = Mapping[str, Any]
PlaceKey = tuple[str, str]  # root's name, where there are several, and `path:12-30`


def key_of(entry: Entry) -> PlaceKey:
    """Which place an entry is about."""
    return str(entry.get("root", "")), str(entry.get("place", ""))


def told(entry: Entry) -> str:
    """`root/path:12-30 symbol`, for people."""
    root, place = key_of(entry)
    symbol = str(entry.get("symbol") or "")
    return f"{root}/{place} {symbol}".strip() if root else f"{place} {symbol}".strip()


def entries_of(values: Any) -> list[Entry]:
    """The entries of a traced list; whatever else stands in it is left out."""
    listed = values if isinstance(values, list | tuple) else ()
    return [value for value in listed if isinstance(value, Mapping) and value.get("place")]


@dataclass(frozen=True, slots=True)
class Matched:
    """The entries of two lists side by side: 1-based ranks and entries of what is in both, and of what is not."""

    both: tuple[tuple[int, Entry, int, Entry], ...]  # in the order of the first list
    gone: tuple[tuple[int, Entry], ...]
    new: tuple[tuple[int, Entry], ...]


def matched(before: Sequence[Entry], after: Sequence[Entry]) -> Matched:
    """By place; what is left over by symbol or file, where each list has one of it: its lines have moved."""
    pairs = _pairs(before, after, key_of)
    lost = [rank for rank in range(len(before)) if rank not in pairs]
    taken = set(pairs.values())
    found = [rank for rank in range(len(after)) if rank not in taken]
    moved = _pairs([before[rank] for rank in lost], [after[rank] for rank in found], _identity, is_unique=True)
    pairs |= {lost[one]: found[other] for one, other in moved.items()}
    taken = set(pairs.values())
    return Matched(
        tuple((one + 1, before[one], other + 1, after[other]) for one, other in sorted(pairs.items())),
        tuple((rank + 1, entry) for rank, entry in enumerate(before) if rank not in pairs),
        tuple((rank + 1, entry) for rank, entry in enumerate(after) if rank not in taken),
    )


def _pairs(
    before: Sequence[Entry], after: Sequence[Entry], key: Callable[[Entry], Any], *, is_unique: bool = False
) -> dict[int, int]:
    places: dict[Any, list[int]] = defaultdict(list)
    for rank, entry in enumerate(after):
        places[key(entry)].append(rank)
    wanted: dict[Any, list[int]] = defaultdict(list)
    for rank, entry in enumerate(before):
        wanted[key(entry)].append(rank)
    return {
        one: other
        for name, ranks in wanted.items()
        if not is_unique or len(ranks) == len(places[name]) == 1
        for one, other in zip(ranks, places[name], strict=False)
    }


def _identity(entry: Entry) -> tuple[str, str, str]:
    root, place = key_of(entry)
    return root, place.rpartition(":")[0], str(entry.get("symbol") or "")


def ranking_changes(before: Any, after: Any) -> tuple[Change, ...]:
    """What became of each place of a ranking, the most telling first."""
    match = matched(entries_of(before), entries_of(after))
    return (
        *moves(match),
        *(Change(ChangeKind.GONE, told(entry), _rank(rank, entry)) for rank, entry in match.gone),
        *(Change(ChangeKind.NEW, told(entry), "", _rank(rank, entry)) for rank, entry in match.new),
        *lines_changed(match),
    )


def moves(match: Matched) -> list[Change]:
    """What has another rank among the others: the fewest moves that make one order of the other."""
    still = _longest_rise([after for _, _, after, _ in match.both])
    return [
        Change(ChangeKind.MOVED, told(new), _rank(one, old), _rank(other, new))
        for position, (one, old, other, new) in enumerate(match.both)
        if position not in still
    ]


def lines_changed(match: Matched) -> list[Change]:
    """The same piece of code on other lines, or another one on the same lines."""
    lines = [
        Change(ChangeKind.LINES, told(old), key_of(old)[1], key_of(new)[1])
        for _, old, _, new in match.both
        if key_of(old) != key_of(new)
    ]
    return lines + [
        Change(ChangeKind.TEXT, key_of(old)[1], told(old), told(new))
        for _, old, _, new in match.both
        if key_of(old) == key_of(new) and told(old) != told(new)
    ]


def _longest_rise(ranks: Sequence[int]) -> frozenset[int]:
    """The positions of a longest rising subsequence."""
    tails: list[int] = []  # the smallest rank that ends a rise of each length
    at: list[int] = []  # and its position
    before: list[int | None] = []
    for position, rank in enumerate(ranks):
        length = bisect_left(tails, rank)
        before.append(at[length - 1] if length else None)
        tails[length:] = [rank, *tails[length + 1 :]]
        at[length:] = [position, *at[length + 1 :]]
    rise = set[int]()
    last = at[-1] if at else None
    while last is not None:
        rise.add(last)
        last = before[last]
    return frozenset(rise)


def _rank(rank: int, entry: Entry) -> str:
    score = entry.get("score")
    return f"rank {rank}, score {score:g}" if isinstance(score, int | float) else f"rank {rank}"
