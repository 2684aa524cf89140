from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RecordTasting:
    lot_code: str
    grade: str
    remark: str
    taster: int
    second_taster: int | None = None


@dataclass(frozen=True)
class LotGraded:
    lot_id: int
    grade: str
