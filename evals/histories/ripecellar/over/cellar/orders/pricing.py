"""What a cheese costs a shop."""

from __future__ import annotations

from cellar.core.money import to_five

PER_KILO = {  # rappen, for grade A
    "alpkäse": 2450,
    "bergkäse": 2100,
    "sbrinz": 2980,
    "mutschli": 1890,
    "raclette": 1750,
    "rotschmierer": 2240,
    "vacherin": 2600,
    "tomme": 2720,
    "geisskäsli": 3350,
}
SHARE = {"A": 100, "B": 85, "C": 60}  # percent
USUAL_GRAMS = {"alpkäse": 5500, "bergkäse": 6000, "sbrinz": 38000, "raclette": 5800}


def per_kilo(sort: str, grade: str = "A") -> int:
    return PER_KILO[sort] * SHARE[grade] // 100


def line_price(sort: str, wheels: int) -> int:
    """At the usual weight of the sort, as nobody knows the wheels yet."""
    return to_five(per_kilo(sort) * USUAL_GRAMS.get(sort, 1000) * wheels // 1000)
