from __future__ import annotations

from sqlalchemy import Connection

from cellar.core.bus import handles, on, publish
from cellar.core.errors import Clash, NotThere, Refusal
from cellar.core.flags import is_on
from cellar.dispatch import repo
from cellar.dispatch.commands import CutWheel, OrderShipped, ShipOrder, WeighWheel
from cellar.jobs.queue import put
from cellar.lots import repo as lots
from cellar.orders import repo as orders
from cellar.racks import repo as racks

DUST = 30  # grams that a cut may lose


@handles(WeighWheel)
def weigh(db: Connection, command: WeighWheel) -> int:
    """Note the weight of the day. Returns how many wheels are left to weigh."""
    if not repo.note_grams(db, command.order_id, command.wheel_id, command.grams):
        raise NotThere("wheel", "That wheel does not belong to this order.")
    lots.set_grams(db, command.wheel_id, command.grams)
    left = repo.unweighed(db, command.order_id)
    if not left:
        orders.set_state(db, command.order_id, "picked")
    return left


@handles(ShipOrder)
def ship(db: Connection, command: ShipOrder) -> None:
    if repo.unweighed(db, command.order_id):
        raise Clash("unweighed", "Some wheels of this order were not on the scale.")
    for wheel in repo.wheels_of(db, command.order_id):
        repo.gone(db, wheel)
        racks.take_off(db, wheel)
    orders.set_state(db, command.order_id, "sent")
    publish(db, OrderShipped(command.order_id))


@handles(CutWheel)
def cut(db: Connection, command: CutWheel) -> list[int]:
    whole = repo.grams_of(db, command.wheel_id)
    if whole is None:
        raise NotThere("wheel", "There is no such wheel.")
    if sum(grams for _, grams in command.pieces) > whole + DUST:
        raise Refusal("weight", "The pieces weigh more than the wheel.")
    made = [repo.insert_piece(db, command.wheel_id, shop, grams) for shop, grams in command.pieces]
    repo.gone(db, command.wheel_id)
    racks.take_off(db, command.wheel_id)
    return made


@on(OrderShipped)
def bill(db: Connection, event: OrderShipped) -> None:
    if is_on("mail_invoices"):
        put(db, "mail_invoice", order=event.order_id)
