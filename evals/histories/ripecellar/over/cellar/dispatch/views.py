from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, g, jsonify, request

from cellar.core.auth import needs
from cellar.core.bus import send
from cellar.core.clock import today
from cellar.core.db import transaction
from cellar.core.errors import NotThere
from cellar.dispatch import repo
from cellar.dispatch.commands import CutWheel, ShipOrder, WeighWheel
from cellar.dispatch.labels import label

dispatch = Blueprint("dispatch", __name__, url_prefix="/api")
EVE = timedelta(days=1)  # picked the day before


@dispatch.get("/picking")
@needs("hand")
def picking_list():
    with transaction() as db:
        return jsonify(repo.to_pick(db, today() + EVE))


@dispatch.post("/picking/<int:order>/weigh")
@needs("hand")
def scale(order: int):
    sent = request.get_json()
    return jsonify(left=send(WeighWheel(order, sent["wheel"], sent["grams"])))


@dispatch.post("/picking/<int:order>/send")
@needs("hand")
def hand_to_driver(order: int):
    send(ShipOrder(order, g.person["id"]))
    return "", 200


@dispatch.post("/cuts")
@needs("hand")
def knife():
    sent = request.get_json()
    pieces = tuple((piece["shop"], piece["grams"]) for piece in sent["pieces"])
    return jsonify(pieces=send(CutWheel(sent["wheel"], pieces))), 201


@dispatch.get("/wheels/<int:wheel>/label")
@needs("hand")
def print_label(wheel: int):
    with transaction() as db:
        found = repo.label_data(db, wheel)
    if found is None:
        raise NotThere("wheel", "There is no such wheel.")
    return Response(label(found), mimetype="text/plain")
