from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Wanted:
    sort: str
    wheels: int


@dataclass(frozen=True)
class PlaceOrder:
    shop_id: int
    wanted_on: date
    lines: tuple[Wanted, ...]


@dataclass(frozen=True)
class DropLine:
    shop_id: int
    line_id: int


@dataclass(frozen=True)
class OrderPlaced:
    order_id: int
