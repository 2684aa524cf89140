"""The turning list of the next days. The worker plans every night; a new lot is planned at once."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Connection

from cellar.care import repo
from cellar.care.rules import KINDS, is_due
from cellar.core.bus import on
from cellar.core.clock import today
from cellar.lots.commands import LotReceived

AHEAD = 14  # days


@on(LotReceived)
def plan_new(db: Connection, event: LotReceived) -> None:
    plan_lot(db, event.lot_id, event.rind, event.made_on, today())


def plan_all(db: Connection) -> int:
    """For every lot that is here. Returns how many tasks came up."""
    start = today()
    return sum(plan_lot(db, lot["id"], lot["rind"], lot["made_on"], start) for lot in repo.lots_to_plan(db))


def plan_lot(db: Connection, lot_id: int, rind: str, made_on: date, start: date) -> int:
    days = [start + timedelta(days=number) for number in range(AHEAD)]
    due = [(kind, day) for kind in KINDS for day in days if is_due(rind, kind, made_on, day)]
    return sum(repo.add_task(db, lot_id, kind, day) for kind, day in due)
