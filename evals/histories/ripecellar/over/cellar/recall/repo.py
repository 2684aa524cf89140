from __future__ import annotations

from sqlalchemy import Connection

from cellar.core.db import rows, run


def insert_notice(db: Connection, lot_id: int, shop_id: int, reason: str) -> None:
    run(
        db,
        """
        INSERT INTO recall_notice (lot_id, shop_id, reason) VALUES (:lot, :shop, :reason)
        ON CONFLICT (lot_id, shop_id) DO UPDATE SET reason = :reason, sent_at = NULL
        """,
        lot=lot_id,
        shop=shop_id,
        reason=reason,
    )


def confirm(db: Connection, lot_code: str, shop_id: int) -> int:
    return run(
        db,
        """
        UPDATE recall_notice SET confirmed_at = now()
        WHERE shop_id = :shop AND lot_id = (SELECT id FROM lot WHERE code = :code)
        """,
        code=lot_code,
        shop=shop_id,
    )


def status(db: Connection, lot_code: str) -> list[dict]:
    return rows(
        db,
        """
        SELECT s.name, s.mail, r.sent_at, r.confirmed_at
        FROM recall_notice r JOIN shop s ON s.id = r.shop_id JOIN lot l ON l.id = r.lot_id
        WHERE l.code = :code ORDER BY r.confirmed_at NULLS FIRST
        """,
        code=lot_code,
    )
