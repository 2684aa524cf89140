from __future__ import annotations

from datetime import date

from flask import Blueprint, g, jsonify, request

from cellar.core.auth import needs
from cellar.core.bus import send
from cellar.core.db import transaction
from cellar.lots import repo
from cellar.lots.commands import HoldLot, ReceiveLot

lots = Blueprint("lots", __name__, url_prefix="/api/lots")


@lots.get("")
@needs("hand")
def index():
    with transaction() as db:
        return jsonify(repo.lots_here(db))


@lots.post("")
@needs("hand")
def unload():
    sent = request.get_json()
    command = ReceiveLot(
        code=sent["code"],
        sort=sent["sort"],
        made_on=date.fromisoformat(sent["madeOn"]),
        grams=tuple(sent["grams"]),
        by=g.person["id"],
    )
    return jsonify(send(command)), 201


@lots.post("/<code>/hold")
@needs("master")
def hold(code: str):
    send(HoldLot(code, bool(request.get_json().get("held", True)), g.person["id"]))
    return "", 204
