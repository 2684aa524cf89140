from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from cellar.core.bus import handles, on, publish
from cellar.core.clock import today
from cellar.core.errors import Clash, NotThere, Refusal
from cellar.jobs.queue import put
from cellar.lots.sorts import sort_of
from cellar.orders import repo
from cellar.orders.allocate import choose
from cellar.orders.commands import DropLine, OrderPlaced, PlaceOrder

NOTICE = timedelta(days=1)


@handles(PlaceOrder)
def place(db: Connection, command: PlaceOrder) -> int:
    if command.wanted_on < today() + NOTICE:
        raise Refusal("notice", "We need a day.")
    order_id = repo.insert_order(db, command.shop_id, command.wanted_on)
    for wanted in command.lines:
        sort = sort_of(wanted.sort)
        line_id = repo.insert_line(db, order_id, sort.name, wanted.wheels)
        wheels = choose(repo.free_wheels(db, sort.name), wanted.wheels)
        repo.allocate(db, line_id, wheels)
    publish(db, OrderPlaced(order_id))
    return order_id


@handles(DropLine)
def drop(db: Connection, command: DropLine) -> int:
    """Shops may drop a line until it was picked."""
    line = repo.line(db, command.line_id)
    if line is None or line["shop_id"] != command.shop_id:
        raise NotThere("line", "There is no such line.")
    if line["state"] != "open":
        raise Clash("picked", "It is packed already, please call us.")
    repo.cancel_line(db, command.line_id)
    return line["order_id"]


@on(OrderPlaced)
def confirm(db: Connection, event: OrderPlaced) -> None:
    put(db, "mail_confirmation", order=event.order_id)
