from __future__ import annotations

from flask import Blueprint, g, jsonify

from cellar.care import repo
from cellar.core.auth import needs
from cellar.core.clock import today
from cellar.core.db import transaction
from cellar.core.errors import Clash

care = Blueprint("care", __name__, url_prefix="/api/care")


@care.get("/today")
@needs("hand")
def due():
    with transaction() as db:
        return jsonify(repo.open_tasks(db, today()))


@care.post("/<int:task>/done")
@needs("hand")
def done(task: int):
    """No command and no bus: nobody listens, and it is one statement."""
    with transaction() as db:
        if not repo.tick(db, task, g.person["id"]):
            raise Clash("done", "Somebody has done that already.")
    return "", 204
