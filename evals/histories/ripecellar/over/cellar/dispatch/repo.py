from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from cellar.core.db import row, rows, run


def to_pick(db: Connection, day: date) -> list[dict]:
    return rows(
        db,
        """
        SELECT o.id AS "order", s.name AS shop, n.sort, a.wheel_id AS wheel, l.code, r.label AS rack, p.board, p.place
        FROM shop_order o
        JOIN shop s ON s.id = o.shop_id
        JOIN order_line n ON n.order_id = o.id AND n.cancelled_at IS NULL
        JOIN allocation a ON a.line_id = n.id
        JOIN wheel w ON w.id = a.wheel_id
        JOIN lot l ON l.id = w.lot_id
        LEFT JOIN board_place p ON p.wheel_id = w.id
        LEFT JOIN rack r ON r.id = p.rack_id
        WHERE o.state IN ('open', 'picked') AND o.wanted_on <= :day
        ORDER BY o.wanted_on, o.id, r.label
        """,
        day=day,
    )


def note_grams(db: Connection, order_id: int, wheel_id: int, grams: int) -> int:
    return run(
        db,
        """
        UPDATE allocation a SET grams_sent = :grams FROM order_line n
        WHERE n.id = a.line_id AND n.order_id = :order AND a.wheel_id = :wheel
        """,
        order=order_id,
        wheel=wheel_id,
        grams=grams,
    )


def unweighed(db: Connection, order_id: int) -> int:
    return row(
        db,
        """
        SELECT count(*) AS left FROM allocation a JOIN order_line n ON n.id = a.line_id
        WHERE n.order_id = :order AND n.cancelled_at IS NULL AND a.grams_sent IS NULL
        """,
        order=order_id,
    )["left"]


def wheels_of(db: Connection, order_id: int) -> list[int]:
    found = rows(
        db,
        """
        SELECT a.wheel_id FROM allocation a JOIN order_line n ON n.id = a.line_id
        WHERE n.order_id = :order AND n.cancelled_at IS NULL
        """,
        order=order_id,
    )
    return [each["wheel_id"] for each in found]


def gone(db: Connection, wheel_id: int) -> None:
    run(db, "UPDATE wheel SET gone_at = now() WHERE id = :id", id=wheel_id)


def grams_of(db: Connection, wheel_id: int) -> int | None:
    found = row(db, "SELECT grams_now FROM wheel WHERE id = :id AND gone_at IS NULL", id=wheel_id)
    return found["grams_now"] if found else None


def insert_piece(db: Connection, wheel_id: int, shop_id: int, grams: int) -> int:
    return row(
        db,
        "INSERT INTO piece (wheel_id, shop_id, grams) VALUES (:wheel, :shop, :grams) RETURNING id",
        wheel=wheel_id,
        shop=shop_id,
        grams=grams,
    )["id"]


def label_data(db: Connection, wheel_id: int) -> dict | None:
    return row(
        db,
        """
        SELECT l.code, l.sort, l.made_on, l.ripe_from, w.serial, w.grams_now
        FROM wheel w JOIN lot l ON l.id = w.lot_id WHERE w.id = :id
        """,
        id=wheel_id,
    )
