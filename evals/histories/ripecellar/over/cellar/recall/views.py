from __future__ import annotations

from flask import Blueprint, g, jsonify, request

from cellar.core.auth import needs
from cellar.core.bus import send
from cellar.core.db import transaction
from cellar.recall import repo
from cellar.recall.commands import StartRecall

recall = Blueprint("recall", __name__, url_prefix="/api/lots")


@recall.post("/<code>/recall")
@needs("master")
def call_back(code: str):
    return jsonify(shops=send(StartRecall(code, request.get_json()["reason"], g.person["id"]))), 202


@recall.get("/<code>/recall")
@needs("office")
def who_confirmed(code: str):
    with transaction() as db:
        return jsonify(repo.status(db, code))
