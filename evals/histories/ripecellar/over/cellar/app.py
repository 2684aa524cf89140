"""The web service: all blueprints, and the portal of the shops."""

from __future__ import annotations

from flask import Flask, jsonify

from cellar import register_handlers
from cellar.care.views import care
from cellar.climate.views import climate
from cellar.core.auth import sessions
from cellar.core.errors import Refusal
from cellar.dispatch.views import dispatch
from cellar.grading.views import grading
from cellar.lots.views import lots
from cellar.orders.portal import portal
from cellar.racks.views import racks
from cellar.recall.views import recall
from cellar.reports.views import reports

BLUEPRINTS = (sessions, lots, racks, care, climate, grading, portal, dispatch, recall, reports)


def create_app() -> Flask:
    app = Flask("ripecellar")
    register_handlers()
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)

    @app.errorhandler(Refusal)
    def refused(error: Refusal):
        return jsonify(code=error.code, message=error.message), error.status

    @app.get("/healthz")
    def health():
        return "ok"

    return app
