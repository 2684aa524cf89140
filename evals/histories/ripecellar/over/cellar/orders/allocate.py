"""Which wheels a line gets."""

from __future__ import annotations

from cellar.core.errors import Clash


def choose(free: list[dict], wanted: int) -> list[int]:
    """The oldest first. All of them, or none."""
    oldest = sorted(free, key=lambda wheel: (wheel["made_on"], wheel["id"]))
    if len(oldest) < wanted:
        raise Clash("short", f"There are {len(oldest)} left.")
    return [wheel["id"] for wheel in oldest[:wanted]]
