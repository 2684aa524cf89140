"""The iron goes in, somebody tastes, and the lot has a grade."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from cellar.core.bus import handles, publish
from cellar.core.clock import today
from cellar.core.errors import NotThere, Refusal
from cellar.grading import repo
from cellar.grading.commands import LotGraded, RecordTasting
from cellar.lots import repo as lots

EARLY = timedelta(days=10)  # a lot may be tasted so long before it is ripe


@handles(RecordTasting)
def taste(db: Connection, command: RecordTasting) -> int:
    lot = lots.lot(db, command.lot_code)
    if lot is None:
        raise NotThere("lot", f"There is no lot {command.lot_code}.")
    if today() < lot["ripe_from"] - EARLY:
        raise Refusal("unripe", f"{command.lot_code} is ripe on {lot['ripe_from']}, leave the iron out.")
    if command.second_taster in (None, command.taster):
        raise Refusal("taster", "Two people taste, and they are not the same.")
    tasting = repo.insert(db, lot["id"], command, today())
    if lot["state"] == "ripening":
        lots.set_state(db, lot["id"], "graded")
    publish(db, LotGraded(lot["id"], command.grade))
    return tasting
