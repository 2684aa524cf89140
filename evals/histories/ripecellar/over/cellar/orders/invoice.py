from __future__ import annotations

from sqlalchemy import Connection

from cellar.core.db import row


def total_of(db: Connection, order_id: int) -> int:
    """In rappen."""
    return row(
        db,
        """
        SELECT coalesce(sum(price_rappen), 0) AS total FROM order_line
        WHERE order_id = :order AND cancelled_at IS NULL
        """,
        order=order_id,
    )["total"]
