from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from cellar.core.db import rows, run


def lots_to_plan(db: Connection) -> list[dict]:
    return rows(
        db,
        """
        SELECT id, rind, made_on FROM lot l
        WHERE EXISTS (SELECT 1 FROM wheel w WHERE w.lot_id = l.id AND w.gone_at IS NULL)
        """,
    )


def add_task(db: Connection, lot_id: int, kind: str, day: date) -> int:
    return run(
        db,
        """
        INSERT INTO care_task (lot_id, kind, due_on) SELECT :lot, :kind, :day
        WHERE NOT EXISTS (SELECT 1 FROM care_task WHERE lot_id = :lot AND kind = :kind AND due_on = :day)
        """,
        lot=lot_id,
        kind=kind,
        day=day,
    )


def open_tasks(db: Connection, day: date) -> list[dict]:
    """What is due, late ones first, with the rack where the lot begins."""
    return rows(
        db,
        """
        SELECT t.id, t.kind, t.due_on, l.code, l.sort, min(r.label) AS rack, count(DISTINCT w.id) AS wheels
        FROM care_task t
        JOIN lot l ON l.id = t.lot_id
        JOIN wheel w ON w.lot_id = l.id AND w.gone_at IS NULL
        LEFT JOIN board_place p ON p.wheel_id = w.id
        LEFT JOIN rack r ON r.id = p.rack_id
        WHERE t.done_at IS NULL AND t.due_on <= :day
        GROUP BY t.id, l.id ORDER BY t.due_on, rack
        """,
        day=day,
    )


def tick(db: Connection, task: int, person: int) -> int:
    return run(
        db,
        "UPDATE care_task SET done_at = now(), done_by = :person WHERE id = :task AND done_at IS NULL",
        task=task,
        person=person,
    )
