"""The GraphQL endpoint of the shops; the schema is api/portal.graphql."""

from __future__ import annotations

from datetime import date

from ariadne import MutationType, ObjectType, QueryType, graphql_sync, load_schema_from_path, make_executable_schema
from flask import Blueprint, jsonify, request

from cellar.core.auth import shop_of
from cellar.core.bus import send
from cellar.core.db import row, transaction
from cellar.lots.sorts import SORTS
from cellar.orders import pricing, repo
from cellar.orders.commands import DropLine, PlaceOrder, Wanted
from cellar.recall.commands import ConfirmRecall

portal = Blueprint("portal", __name__)
query, mutation, order_type = QueryType(), MutationType(), ObjectType("Order")


@query.field("me")
def resolve_me(_, info):
    with transaction() as db:
        return row(db, "SELECT id, name FROM shop WHERE id = :id", id=info.context["shop"])


@query.field("assortment")
def resolve_assortment(_, info):
    with transaction() as db:
        counted = [(name, len(repo.free_wheels(db, name))) for name in SORTS]
    return [{"sort": name, "free": free, "rappenPerKilo": pricing.per_kilo(name)} for name, free in counted if free]


@query.field("orders")
def resolve_orders(_, info, last=10):
    with transaction() as db:
        return [_shown(order) for order in repo.orders_of(db, info.context["shop"], last)]


@order_type.field("lines")
def resolve_lines(order, info):
    with transaction() as db:
        return repo.lines_of(db, order["id"])


@mutation.field("placeOrder")
def resolve_place(_, info, wantedOn, lines):
    wanted = tuple(Wanted(line["sort"], line["wheels"]) for line in lines)
    return _order(send(PlaceOrder(info.context["shop"], date.fromisoformat(wantedOn), wanted)))


@mutation.field("dropLine")
def resolve_drop(_, info, line):
    return _order(send(DropLine(info.context["shop"], int(line))))


@mutation.field("confirmRecall")
def resolve_confirm(_, info, lot):
    return send(ConfirmRecall(info.context["shop"], lot))


def _order(order_id: int) -> dict:
    with transaction() as db:
        return _shown(repo.order(db, order_id))


def _shown(order: dict) -> dict:
    return {"id": order["id"], "wantedOn": order["wanted_on"].isoformat(), "state": order["state"]}


schema = make_executable_schema(load_schema_from_path("api/portal.graphql"), query, mutation, order_type)


@portal.post("/portal/<token>/graphql")
def graphql(token: str):
    is_fine, answer = graphql_sync(schema, request.get_json(), context_value={"shop": shop_of(token)})
    return jsonify(answer), 200 if is_fine else 400
