from __future__ import annotations

from sqlalchemy import Connection

from cellar.core.db import row, rows, run
from cellar.racks.commands import Place

_HERE = "rack_id = (SELECT id FROM rack WHERE label = :rack) AND board = :board AND place = :place"


def at(db: Connection, place: Place) -> dict | None:
    return row(db, f"SELECT wheel_id FROM board_place WHERE {_HERE} FOR UPDATE", **vars(place))


def lay(db: Connection, wheel_id: int | None, place: Place) -> None:
    run(db, f"UPDATE board_place SET wheel_id = :wheel WHERE {_HERE}", wheel=wheel_id, **vars(place))


def take_off(db: Connection, wheel_id: int) -> None:
    run(db, "UPDATE board_place SET wheel_id = NULL WHERE wheel_id = :wheel", wheel=wheel_id)


def wall(db: Connection, room: str) -> list[dict]:
    """Every place of a room with what lies there, in the order in which one walks past."""
    return rows(
        db,
        """
        SELECT r.label, p.board, p.place, w.id AS wheel, l.code, l.sort, w.serial
        FROM rack r
        JOIN board_place p ON p.rack_id = r.id
        LEFT JOIN wheel w ON w.id = p.wheel_id
        LEFT JOIN lot l ON l.id = w.lot_id
        WHERE r.room = :room
        ORDER BY r.label, p.board DESC, p.place
        """,
        room=room,
    )
