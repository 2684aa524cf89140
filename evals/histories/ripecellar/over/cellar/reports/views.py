from __future__ import annotations

from flask import Blueprint, Response, jsonify

from cellar.core.auth import needs
from cellar.core.db import transaction
from cellar.lots import repo as lots
from cellar.reports.stock import stock_csv
from cellar.reports.weightloss import loss_by_sort

reports = Blueprint("reports", __name__, url_prefix="/api/reports")


@reports.get("/loss")
@needs("master")
def loss():
    with transaction() as db:
        return jsonify(loss_by_sort(db))


@reports.get("/stock.csv")
@needs("office")
def stock():
    with transaction() as db:
        return Response(stock_csv(lots.lots_here(db)), mimetype="text/csv")
