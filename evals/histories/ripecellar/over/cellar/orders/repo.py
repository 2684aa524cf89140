from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from cellar.core.db import row, rows, run
from cellar.orders.pricing import line_price


def insert_order(db: Connection, shop_id: int, wanted_on: date) -> int:
    return row(
        db,
        "INSERT INTO shop_order (shop_id, wanted_on) VALUES (:shop, :day) RETURNING id",
        shop=shop_id,
        day=wanted_on,
    )["id"]


def insert_line(db: Connection, order_id: int, sort: str, wheels: int) -> int:
    return row(
        db,
        """
        INSERT INTO order_line (order_id, sort, wheels, price_rappen)
        VALUES (:order, :sort, :wheels, :price) RETURNING id
        """,
        order=order_id,
        sort=sort,
        wheels=wheels,
        price=line_price(sort, wheels),
    )["id"]


def free_wheels(db: Connection, sort: str) -> list[dict]:
    """Wheels that are here and that no line has."""
    return rows(
        db,
        """
        SELECT w.id, l.made_on, l.ripe_from, l.state
        FROM wheel w JOIN lot l ON l.id = w.lot_id
        WHERE l.sort = :sort AND w.gone_at IS NULL
          AND NOT EXISTS (SELECT 1 FROM allocation a WHERE a.wheel_id = w.id)
        FOR UPDATE OF w
        """,
        sort=sort,
    )


def allocate(db: Connection, line_id: int, wheels: list[int]) -> None:
    for wheel in wheels:
        run(db, "INSERT INTO allocation (line_id, wheel_id) VALUES (:line, :wheel)", line=line_id, wheel=wheel)


def line(db: Connection, line_id: int) -> dict | None:
    return row(
        db,
        """
        SELECT n.id, n.order_id, n.sort, n.wheels, o.shop_id, o.state
        FROM order_line n JOIN shop_order o ON o.id = n.order_id
        WHERE n.id = :line AND n.cancelled_at IS NULL
        """,
        line=line_id,
    )


def cancel_line(db: Connection, line_id: int) -> None:
    run(db, "UPDATE order_line SET cancelled_at = now() WHERE id = :line", line=line_id)


def orders_of(db: Connection, shop_id: int, last: int) -> list[dict]:
    return rows(
        db,
        "SELECT id, wanted_on, state FROM shop_order WHERE shop_id = :shop ORDER BY id DESC LIMIT :last",
        shop=shop_id,
        last=last,
    )


def order(db: Connection, order_id: int) -> dict | None:
    return row(db, "SELECT id, shop_id, wanted_on, state FROM shop_order WHERE id = :id", id=order_id)


def lines_of(db: Connection, order_id: int) -> list[dict]:
    return rows(
        db,
        "SELECT id, sort, wheels FROM order_line WHERE order_id = :order AND cancelled_at IS NULL ORDER BY id",
        order=order_id,
    )


def set_state(db: Connection, order_id: int, state: str) -> None:
    run(db, "UPDATE shop_order SET state = :state WHERE id = :id", state=state, id=order_id)
