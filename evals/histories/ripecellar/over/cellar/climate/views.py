from __future__ import annotations

from flask import Blueprint, g, jsonify

from cellar.climate import repo
from cellar.core.auth import needs
from cellar.core.db import transaction

climate = Blueprint("climate", __name__, url_prefix="/api/climate")


@climate.get("/rooms")
@needs("hand")
def rooms():
    with transaction() as db:
        alarms = repo.open_alarms(db)
        found = repo.newest(db)
    for room in found:
        room["alarms"] = [alarm for alarm in alarms if alarm["room"] == room["room"]]
    return jsonify(found)


@climate.post("/alarms/<int:alarm>/seen")
@needs("hand")
def quiet(alarm: int):
    with transaction() as db:
        repo.silence(db, alarm, g.person["id"])
    return "", 204
