"""How much water the cellar takes out of a cheese."""

from __future__ import annotations

from sqlalchemy import Connection

from cellar.core.db import rows


def loss_by_sort(db: Connection) -> list[dict]:
    found = rows(
        db,
        """
        SELECT l.sort, sum(w.grams_in) AS came, sum(w.grams_now) AS is
        FROM wheel w JOIN lot l ON l.id = w.lot_id
        WHERE w.gone_at > now() - interval '1 year'
        GROUP BY l.sort ORDER BY l.sort
        """,
    )
    return [{"sort": each["sort"], "percent": percent(each["came"], each["is"])} for each in found]


def percent(came: int, weighs: int) -> float:
    return round(100 * (came - weighs) / came, 1) if came else 0.0
