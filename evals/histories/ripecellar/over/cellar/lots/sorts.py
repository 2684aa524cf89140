"""The sorts that we ripen. There are nine, and there will not be ninety: they are code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from cellar.core.errors import Refusal


@dataclass(frozen=True)
class Sort:
    name: str
    rind: str
    days: int  # until it is ripe
    keeps: int  # days that it is good once it is ripe


SORTS = {
    sort.name: sort
    for sort in (
        Sort("alpkäse", "hard", 180, 240),
        Sort("bergkäse", "hard", 120, 200),
        Sort("sbrinz", "hard", 540, 720),
        Sort("mutschli", "washed", 42, 60),
        Sort("raclette", "washed", 90, 90),
        Sort("rotschmierer", "washed", 56, 45),
        Sort("vacherin", "washed", 21, 40),
        Sort("tomme", "bloomy", 12, 25),
        Sort("geisskäsli", "bloomy", 9, 20),
    )
}


def sort_of(name: str) -> Sort:
    found = SORTS.get(name.strip().lower())
    if found is None:
        raise Refusal("sort", f"We do not ripen {name}.")
    return found


def ripe_from(sort: Sort, made_on: date) -> date:
    return made_on + timedelta(days=sort.days)
