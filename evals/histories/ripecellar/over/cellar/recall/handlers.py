from __future__ import annotations

from sqlalchemy import Connection

from cellar.core.bus import handles
from cellar.core.errors import NotThere, Refusal
from cellar.jobs.queue import put
from cellar.lots import repo as lots
from cellar.recall import repo
from cellar.recall.commands import ConfirmRecall, StartRecall
from cellar.recall.trace import shops_with


@handles(StartRecall)
def start(db: Connection, command: StartRecall) -> int:
    """Hold the lot, and write to every shop that has some of it. Returns to how many."""
    lot = lots.lot(db, command.lot_code)
    if lot is None:
        raise NotThere("lot", f"There is no lot {command.lot_code}.")
    if len(command.reason) < 10:
        raise Refusal("reason", "The authorities want a reason, not a word.")
    lots.set_state(db, lot["id"], "held")
    shops = shops_with(db, lot["id"])
    for shop in shops:
        repo.insert_notice(db, lot["id"], shop, command.reason)
        put(db, "mail_recall", lot=lot["id"], shop=shop)
    return len(shops)


@handles(ConfirmRecall)
def confirm(db: Connection, command: ConfirmRecall) -> bool:
    return bool(repo.confirm(db, command.lot_code, command.shop_id))
