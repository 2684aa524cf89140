from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class WeighWheel:
    order_id: int
    wheel_id: int
    grams: int


@dataclass(frozen=True)
class ShipOrder:
    order_id: int
    by: int


@dataclass(frozen=True)
class CutWheel:
    wheel_id: int
    pieces: tuple[tuple[int, int], ...]  # shop and grams


@dataclass(frozen=True)
class OrderShipped:
    order_id: int
