"""What of a sentence is supported, and by which of the places that it cites: all of it, its beginning, or nothing.

Invariant: what is left of a sentence has passed `verify` whole, or `partly` as the beginning that it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from surefoot.answer.partly import divisions, problem_of_rest, struck
from surefoot.answer.verify import problem
from surefoot.domain import ContextItem, Resolved, Struck

Check = Callable[[str, Sequence[ContextItem], Resolved], str]  # why a sentence must be withheld; empty where it stands
Items = Mapping[int, ContextItem]  # what a sentence cites, by number


@dataclass(frozen=True, slots=True)
class Supported:
    """As much of a sentence as is supported, by which numbers, and what was struck out; or why nothing of it is."""

    text: str
    bearing: tuple[int, ...]
    reason: str = ""
    struck: tuple[Struck, ...] = ()

    @property
    def against(self) -> str:
        """What speaks against the sentence as it was written; empty where it stands whole."""
        return self.reason or next((end.reason for end in self.struck), "")


def supported(text: str, items: Items, resolved: Resolved, told: Collection[str] = ()) -> Supported:
    """The sentence whole where it stands, else as much of it as stands by itself and was not told, else why not."""
    bearing, reason = _borne(text, items, resolved, problem)
    for left, end in divisions(text) if reason else ():
        supporting, unsupported = _borne(left, items, resolved, problem_of_rest)
        if not unsupported and left not in told:
            cut = struck(text, end, reason, [items[number] for number in supporting], resolved)
            return Supported(left, supporting, struck=(cut,))
    return Supported(text, bearing, reason)


def _borne(text: str, items: Items, resolved: Resolved, check: Check) -> tuple[tuple[int, ...], str]:
    """The numbers of the places that bear a sentence, and why it must be withheld where they don't.

    A source that states the claim alone is enough: others that the model cited beside it would only look like support.
    """
    alone = tuple(number for number, item in items.items() if not check(text, [item], resolved))
    return (alone, "") if alone else (tuple(items), check(text, list(items.values()), resolved))
