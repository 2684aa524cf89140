from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from cellar.core.db import row, rows
from cellar.grading.commands import RecordTasting


def insert(db: Connection, lot_id: int, command: RecordTasting, day: date) -> int:
    return row(
        db,
        """
        INSERT INTO tasting (lot_id, grade, remark, taster, second_taster, tasted_on)
        VALUES (:lot, :grade, :remark, :taster, :second, :day)
        RETURNING id
        """,
        lot=lot_id,
        grade=command.grade,
        remark=command.remark,
        taster=command.taster,
        second=command.second_taster,
        day=day,
    )["id"]


def grade_of(db: Connection, lot_id: int) -> str | None:
    """That of the last tasting."""
    found = row(
        db, "SELECT grade FROM tasting WHERE lot_id = :lot ORDER BY tasted_on DESC, id DESC LIMIT 1", lot=lot_id
    )
    return found["grade"] if found else None


def to_taste(db: Connection, day: date) -> list[dict]:
    return rows(
        db,
        """
        SELECT l.code, l.sort, l.ripe_from FROM lot l
        WHERE l.state = 'ripening' AND l.ripe_from <= :day
        ORDER BY l.ripe_from
        """,
        day=day,
    )
