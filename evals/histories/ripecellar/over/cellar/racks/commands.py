from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    rack: str
    board: int
    place: int


@dataclass(frozen=True)
class ShelveWheel:
    wheel_id: int
    to: Place
    by: int


@dataclass(frozen=True)
class SwapWheels:
    first: Place
    second: Place
    by: int
