"""The label of a wheel, in the language of the label printer."""

from __future__ import annotations

from datetime import date, timedelta

from cellar.lots.sorts import sort_of

MARK = "CH 4711"  # the health mark of the house
WIDTH = 48


def best_before(sort: str, made_on: date, ripe: date) -> date:
    return made_on + timedelta(days=sort_of(sort).keeps)


def label(wheel: dict) -> str:
    until = best_before(wheel["sort"], wheel["made_on"], wheel["ripe_from"])
    lines = (
        wheel["sort"].capitalize().ljust(WIDTH - 10) + f"{wheel['grams_now'] / 1000:8.3f}kg",
        f"Lot {wheel['code']}/{wheel['serial']:03}",
        f"Best before {until:%d.%m.%Y}",
        MARK,
    )
    return "^XA" + "".join(f"^FO20,{20 + 40 * row}^FD{line}^FS" for row, line in enumerate(lines)) + "^XZ"
