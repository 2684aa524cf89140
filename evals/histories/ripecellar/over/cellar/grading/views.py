from __future__ import annotations

from flask import Blueprint, g, jsonify, request

from cellar.core.auth import needs
from cellar.core.bus import send
from cellar.core.clock import today
from cellar.core.db import transaction
from cellar.grading import repo
from cellar.grading.commands import RecordTasting

grading = Blueprint("grading", __name__, url_prefix="/api/tastings")


@grading.get("/waiting")
@needs("master")
def waiting():
    with transaction() as db:
        return jsonify(repo.to_taste(db, today()))


@grading.post("")
@needs("master")
def bore():
    sent = request.get_json()
    command = RecordTasting(
        lot_code=sent["lot"],
        grade=sent["grade"],
        remark=sent.get("remark", ""),
        taster=g.person["id"],
        second_taster=sent.get("second"),
    )
    return jsonify(id=send(command)), 201
