"""Which name stands beside which place, so that the one is said to stand at the other.

Invariant: a name and its place are of one sentence, list item or table row, and each place has one name at most.

Pairs are made where the words between are those of a place, as in "`f` in a.py:3", "`f`, defined at a.py:3",
"a.py:3 (`f`)", "In a.py:3, `f` ...", in cells of one row, and where a sentence has one name, one place with lines and a
word such as "defined". "`f` calls the code in a.py:3" is no pair.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from surefoot.checks.names import WrittenName
from surefoot.checks.units import Units
from surefoot.checks.written import WrittenPlace

FARTHEST = 160  # characters between a name and its place

_KIND = r"(?:class|function|method|type|struct|constant|variable|helper|module|interface|enum|trait|definition)"
_STANDS = (
    r"(?:(?:is|are|was|which|that|it|itself|currently|now|actually|also|mainly|both)\s+)*"
    r"(?:(?:defined|declared|implemented|located|found|placed|set|kept|written|introduced|shown|coded|live|lives|living"
    r"|sits?|stands?|resides?|begins?|starts?|comes?|can be (?:found|read|seen)|definition|implementation|source|code"
    r"|file|at line)\s*,?\s*)?"
)
_IN = (
    r"(?:(?:in|at|from|on|inside|within|under|of|see|cf\.?|near|around|by|to be found in)\s+)?(?:the\s+)?"
    r"(?:file\s+|module\s+)?"
)
_MARKS = r"[\s,;:(\[{|*_\u2013\u2014\u2192>=~-]*"
_NAME_THEN_PLACE = re.compile(
    rf"[`*_)\]]*(?:\(\))?\s*(?:{_KIND}\b)?{_MARKS}{_STANDS}{_MARKS}{_IN}(?:\[[^\]\n]{{1,60}}\]\()?[`\"'*_(\[<]*$",
    re.IGNORECASE,
)
_PLACE_THEN_NAME = re.compile(
    rf"[`\"'*_)\]>]*{_MARKS}(?:(?:is|are|has|holds?|contains?|defines?|declares?|implements?|shows?|introduces?|where"
    rf"|which|that|you(?:'ll| will)? find|there is|we have|we find|stands|lives|sits|in|for|there)\s+)*,?\s*"
    rf"(?:(?:the|a|an)\s+)?(?:{_KIND}\s+)?(?:called\s+|named\s+)?[`*_(\[]*$",
    re.IGNORECASE,
)
_OPENS = re.compile(r"[`\"'*_]{0,3}\s?[\[(][`\"'*_\[]{0,3}|[`*_]{0,3}\]\(")
_LOCATING = re.compile(
    r"\b(?:defin(?:ed|es|ition)|declared|implement(?:ed|ation)|located|lives|found|sits|resides|stands|see|read"
    r"|starts|begins|look at|source|handled|happens|done|lies)\b",
    re.IGNORECASE,
)
_DEFINED = re.compile(r"\b(?:defin(?:ed|es|ition)|declare[sd]?|implement(?:ed|s|ation))\b", re.IGNORECASE)
_DEFINITION_OF = re.compile(rf"\b(?:definition|implementation) of (?:the )?(?:{_KIND} )?[*_]*$", re.IGNORECASE)
_ACTING = re.compile(
    r"\b(?:calls?|called|uses?|used|invok\w+|delegat\w+|import\w*|pass\w*|inherit\w*|subclass\w*|extend\w*|wraps?"
    r"|tested|tests|test|raises|returns|instantiat\w+|like|unlike|than|overrid\w+|via|through|from|by)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Pairs:
    """The number of the name beside each place, by the number of the place."""

    name_of: Mapping[int, int]
    defining: frozenset[int]  # the places that are said to be where it is defined

    @property
    def placed(self) -> frozenset[int]:
        """The names that stand beside a place."""
        return frozenset(self.name_of.values())


def paired(text: str, places: Sequence[WrittenPlace], names: Sequence[WrittenName], units: Units) -> Pairs:
    """Find for each place the name that is said to stand there."""
    by_unit: dict[int, list[int]] = {}
    begins = {place.path_at[0] for place in places}
    for number, name in enumerate(names):
        if name.extent[0] in begins:  # a file's name in backticks
            continue
        by_unit.setdefault(units.number_of(name.extent[0]), []).append(number)
    places_in: dict[int, list[int]] = {}
    for number, place in enumerate(places):
        places_in.setdefault(units.number_of(place.extent[0]), []).append(number)
    found: dict[int, int] = {}
    for unit, here in places_in.items():
        near = by_unit.get(unit, [])
        if near:
            found |= _in_unit(text, places, names, here, near)
    defining = (place for place, name in found.items() if _says_defined(text, places[place], names[name]))
    return Pairs(found, frozenset(defining))


def _says_defined(text: str, place: WrittenPlace, name: WrittenName) -> bool:
    """Between the two, or just before: "the definition of `f` is at a.py:3"."""
    begin, end = min(place.extent[1], name.extent[1]), max(place.extent[0], name.extent[0])
    before = _DEFINITION_OF.search(text, max(0, name.quoted_at[0] - 60), name.quoted_at[0])
    return bool(before) or (begin < end and bool(_DEFINED.search(text, begin, end)))


def _in_unit(
    text: str, places: Sequence[WrittenPlace], names: Sequence[WrittenName], here: list[int], near: list[int]
) -> dict[int, int]:
    found: dict[int, int] = {}
    taken: set[int] = set()
    starts = [names[number].quoted_at[0] for number in near]
    for is_fitting in _passes(names_first=starts[0] < places[here[0]].extent[0]):
        for place in here:
            name = (
                None if place in found else is_fitting(text, places[place], names, _around(near, starts, places[place]))
            )
            if name is not None and name not in taken:
                found[place] = name
                taken.add(name)
    with_lines = [place for place in here if places[place].has_lines]
    left = [place for place in with_lines if place not in found]
    if len(with_lines) == len(left) == 1 and not taken:
        loose = _loose(text, places[left[0]], names, near)
        if loose is not None:
            found[left[0]] = loose
    return found


_Fitting = Callable[[str, WrittenPlace, Sequence[WrittenName], tuple[int | None, int | None]], int | None]


def _passes(*, names_first: bool) -> tuple[_Fitting, ...]:
    """What is tried: brackets say most, and where names come before their places, those after belong to the next."""
    return _bracketed, *((_name_before, _name_after) if names_first else (_name_after, _name_before))


def _around(near: list[int], starts: list[int], place: WrittenPlace) -> tuple[int | None, int | None]:
    """The last name before the place, and the first one after it."""
    cut = bisect_left(starts, place.extent[0])
    return near[cut - 1] if cut else None, near[cut] if cut < len(near) else None


def _bracketed(
    text: str, place: WrittenPlace, names: Sequence[WrittenName], around: tuple[int | None, int | None]
) -> int | None:
    for number in around:
        between = _between(text, place, names[number]) if number is not None else None
        if between is not None and _OPENS.fullmatch(between):
            return number
    return None


def _name_before(
    text: str, place: WrittenPlace, names: Sequence[WrittenName], around: tuple[int | None, int | None]
) -> int | None:
    between = _between(text, place, names[around[0]]) if around[0] is not None else None
    return around[0] if between is not None and _NAME_THEN_PLACE.match(between) else None


def _name_after(
    text: str, place: WrittenPlace, names: Sequence[WrittenName], around: tuple[int | None, int | None]
) -> int | None:
    between = _between(text, place, names[around[1]]) if around[1] is not None else None
    return around[1] if between is not None and _PLACE_THEN_NAME.match(between) else None


def _between(text: str, place: WrittenPlace, name: WrittenName) -> str | None:
    """What stands between a place and a name, if it is little enough."""
    begin, end = (
        (name.quoted_at[1], place.extent[0])
        if name.quoted_at[1] <= place.extent[0]
        else (place.extent[1], name.quoted_at[0])
    )
    return text[begin:end] if 0 <= end - begin <= FARTHEST else None


def _loose(text: str, place: WrittenPlace, names: Sequence[WrittenName], near: list[int]) -> int | None:
    """The name of a row's first cell or an item's beginning, or the only one of a sentence that says where it is."""
    first = names[near[0]]
    line = text.rfind("\n", 0, first.quoted_at[0]) + 1
    lead = text[line : first.quoted_at[0]]
    if re.fullmatch(r"\s*\|\s*[*_]*", lead) and place.extent[0] > first.quoted_at[1]:
        return near[0]
    if re.fullmatch(r"\s*(?:[-*+\u2022]|\d+[.)])\s+[*_]*", lead) and _closes_item(text, place, first):
        return near[0]
    begin, end = first.quoted_at[1], place.extent[0]
    if len(near) > 1 or not 0 <= end - begin <= FARTHEST:
        return None
    between = text[begin:end]
    return near[0] if _LOCATING.search(between) and not _ACTING.search(between) else None


def _closes_item(text: str, place: WrittenPlace, first: WrittenName) -> bool:
    """Whether the place stands in brackets at the end of an item that begins with the name and explains it."""
    begin, end = place.extent
    explained = re.match(
        r"[*_`)]*(?:\(\))?[*_]*\s*[:\u2013\u2014-]", text[first.quoted_at[1] : first.quoted_at[1] + 12]
    )
    in_brackets = "(" in text[max(0, begin - 3) : begin]
    return (
        bool(explained) and in_brackets and bool(re.match(r"[`*_\])]*\)?[`*_]*[.;]?\s*(?:\n|$)", text[end : end + 12]))
    )
