"""What can be done with lots, and what then is known to others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class ReceiveLot:
    code: str
    sort: str
    made_on: date
    grams: tuple[int, ...]  # one number per wheel, in the order in which they were unloaded
    by: int


@dataclass(frozen=True)
class HoldLot:
    code: str
    is_held: bool
    by: int


@dataclass(frozen=True)
class LotReceived:
    lot_id: int
    rind: str
    made_on: date


@dataclass(frozen=True)
class LotHeld:
    lot_id: int
