from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from cellar.core.db import row, rows, run
from cellar.lots.commands import ReceiveLot


def insert_lot(db: Connection, command: ReceiveLot, rind: str, ripe: date) -> int:
    return row(
        db,
        """
        INSERT INTO lot (code, sort, rind, made_on, ripe_from)
        VALUES (:code, :sort, :rind, :made_on, :ripe)
        RETURNING id
        """,
        code=command.code,
        sort=command.sort,
        rind=rind,
        made_on=command.made_on,
        ripe=ripe,
    )["id"]


def insert_wheels(db: Connection, lot_id: int, grams: tuple[int, ...]) -> None:
    for serial, weight in enumerate(grams, 1):
        run(
            db,
            "INSERT INTO wheel (lot_id, serial, grams_in, grams_now) VALUES (:lot, :serial, :grams, :grams)",
            lot=lot_id,
            serial=serial,
            grams=weight,
        )


def lot(db: Connection, code: str) -> dict | None:
    return row(db, "SELECT * FROM lot WHERE code = :code", code=code)


def lots_here(db: Connection) -> list[dict]:
    """Lots with a wheel that is not gone."""
    return rows(
        db,
        """
        SELECT l.*, count(w.id) AS wheels, sum(w.grams_now) AS grams
        FROM lot l JOIN wheel w ON w.lot_id = l.id AND w.gone_at IS NULL
        GROUP BY l.id ORDER BY l.ripe_from
        """,
    )


def set_state(db: Connection, lot_id: int, state: str) -> None:
    run(db, "UPDATE lot SET state = :state WHERE id = :id", state=state, id=lot_id)


def set_grams(db: Connection, wheel_id: int, grams: int) -> None:
    run(db, "UPDATE wheel SET grams_now = :grams WHERE id = :id", grams=grams, id=wheel_id)
