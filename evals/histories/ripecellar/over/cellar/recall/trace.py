"""Which shops have something of a lot."""

from __future__ import annotations

from sqlalchemy import Connection

from cellar.core.db import rows


def shops_with(db: Connection, lot_id: int) -> set[int]:
    found = rows(
        db,
        """
        SELECT DISTINCT o.shop_id
        FROM wheel w
        JOIN allocation a ON a.wheel_id = w.id
        JOIN order_line n ON n.id = a.line_id
        JOIN shop_order o ON o.id = n.order_id
        WHERE w.lot_id = :lot AND o.state = 'sent'
        """,
        lot=lot_id,
    )
    return {each["shop_id"] for each in found}
