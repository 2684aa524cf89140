from __future__ import annotations

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from cellar.core.bus import handles, publish
from cellar.core.errors import Clash, NotThere, Refusal
from cellar.lots import repo
from cellar.lots.commands import HoldLot, LotHeld, LotReceived, ReceiveLot
from cellar.lots.sorts import ripe_from, sort_of

LIGHTEST, HEAVIEST = 80, 45_000  # grams; more or less is a typing mistake


@handles(ReceiveLot)
def receive(db: Connection, command: ReceiveLot) -> dict:
    sort = sort_of(command.sort)
    strange = [grams for grams in command.grams if not LIGHTEST <= grams <= HEAVIEST]
    if strange or not command.grams:
        raise Refusal("weight", f"No cheese weighs {strange[0] if strange else 0} g.")
    try:
        with db.begin_nested():
            lot_id = repo.insert_lot(db, command, sort.rind, ripe_from(sort, command.made_on))
    except IntegrityError as error:
        raise Clash("code", f"The lot {command.code} was received before.") from error
    repo.insert_wheels(db, lot_id, command.grams)
    publish(db, LotReceived(lot_id, sort.rind, command.made_on))
    return repo.lot(db, command.code)


@handles(HoldLot)
def hold(db: Connection, command: HoldLot) -> None:
    lot = repo.lot(db, command.code)
    if lot is None:
        raise NotThere("lot", f"There is no lot {command.code}.")
    repo.set_state(db, lot["id"], "held" if command.is_held else "ripening")
    if command.is_held:
        publish(db, LotHeld(lot["id"]))
