from __future__ import annotations

from sqlalchemy import Connection

from cellar.core.db import rows, run


def keep(db: Connection, room: str, air) -> bool:
    """Whether the reading was new."""
    return bool(
        run(
            db,
            """
            INSERT INTO climate_reading (room, probe, taken_at, celsius, humidity)
            VALUES (:room, :probe, :taken_at, :celsius, :humidity)
            ON CONFLICT DO NOTHING
            """,
            room=room,
            **vars(air),
        )
    )


def open_alarm(db: Connection, room: str, what: str) -> int:
    return run(db, "INSERT INTO climate_alarm (room, what) VALUES (:room, :what)", room=room, what=what)


def silence(db: Connection, alarm: int, person: int) -> None:
    run(db, "UPDATE climate_alarm SET seen_by = :person WHERE id = :alarm", alarm=alarm, person=person)


def newest(db: Connection) -> list[dict]:
    return rows(
        db,
        """
        SELECT DISTINCT ON (room) room, taken_at, celsius, humidity
        FROM climate_reading ORDER BY room, taken_at DESC
        """,
    )


def open_alarms(db: Connection) -> list[dict]:
    return rows(db, "SELECT id, room, what, opened_at, seen_by FROM climate_alarm WHERE closed_at IS NULL")


def thin_out(db: Connection, days: int) -> int:
    """Keep one reading an hour of what is older."""
    return run(
        db,
        """
        DELETE FROM climate_reading r
        WHERE r.taken_at < now() - make_interval(days => :days) AND EXISTS (
            SELECT 1 FROM climate_reading o
            WHERE o.probe = r.probe AND date_trunc('hour', o.taken_at) = date_trunc('hour', r.taken_at)
              AND o.taken_at < r.taken_at
        )
        """,
        days=days,
    )
