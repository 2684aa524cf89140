from __future__ import annotations

from flask import Blueprint, g, jsonify, request

from cellar.core.auth import needs
from cellar.core.bus import send
from cellar.core.db import transaction
from cellar.racks import repo
from cellar.racks.commands import Place, ShelveWheel, SwapWheels

racks = Blueprint("racks", __name__, url_prefix="/api/racks")


@racks.get("")
@needs("hand")
def show():
    with transaction() as db:
        return jsonify(repo.wall(db, request.args.get("room", "vault")))


@racks.post("/moves")
@needs("hand")
def move():
    """One wheel to a free place, or two that change places."""
    sent = request.get_json()
    if "second" in sent:
        send(SwapWheels(Place(**sent["first"]), Place(**sent["second"]), g.person["id"]))
    else:
        send(ShelveWheel(sent["wheel"], Place(**sent["to"]), g.person["id"]))
    return "", 204
