from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class StartRecall:
    lot_code: str
    reason: str
    by: int


@dataclass(frozen=True)
class ConfirmRecall:
    shop_id: int
    lot_code: str
