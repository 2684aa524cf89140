"""How the air of a room has to be."""

from __future__ import annotations

from dataclasses import dataclass

from cellar.settings import config


@dataclass(frozen=True)
class Band:
    low: float
    high: float

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


def bands(room: str) -> dict[str, Band]:
    """By what is measured. A room that nobody configured has none, and so no alarms."""
    known = config("climate")["rooms"].get(room, {})
    return {what: Band(*known[what]) for what in ("celsius", "humidity") if what in known}
