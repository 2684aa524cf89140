"""People type a four-digit PIN at the tablets; shops have a token in the address of their portal."""

from __future__ import annotations

import hashlib
import secrets
from functools import wraps

from flask import Blueprint, g, jsonify, request

from cellar.core.db import row, run, transaction
from cellar.core.errors import NotAllowed

sessions = Blueprint("sessions", __name__)
ROLES = ("hand", "master", "office")


@sessions.post("/api/sessions")
def log_in():
    pin = str(request.json["pin"])
    with transaction() as db:
        person = row(db, "SELECT id, name, role FROM person WHERE pin_hash = :hash", hash=_hash(pin))
        if person is None:
            raise NotAllowed("pin", "Nobody has that PIN.")
        token = secrets.token_urlsafe(24)
        run(db, "INSERT INTO session (token, person_id) VALUES (:token, :person)", token=token, person=person["id"])
    return jsonify(token=token, name=person["name"], role=person["role"])


def needs(role: str):
    """Decorator for views: only for this role, or one that is above it."""

    def wrap(view):
        @wraps(view)
        def inside(*args, **kwargs):
            g.person = _person(request.headers.get("X-Session", ""))
            if ROLES.index(g.person["role"]) < ROLES.index(role):
                raise NotAllowed("role", f"Only for: {role}.")
            return view(*args, **kwargs)

        return inside

    return wrap


def shop_of(token: str) -> int:
    with transaction() as db:
        shop = row(db, "SELECT id FROM shop WHERE portal_token = :token", token=token)
    if shop is None:
        raise NotAllowed("token", "This address is not valid any more. Please ask the office for a new one.")
    return shop["id"]


def _person(token: str) -> dict:
    with transaction() as db:
        found = row(
            db,
            "SELECT p.id, p.name, p.role FROM session s JOIN person p ON p.id = s.person_id WHERE s.token = :token",
            token=token,
        )
    if found is None:
        raise NotAllowed("session", "Please type your PIN again.")
    return found


def _hash(pin: str) -> str:
    return hashlib.sha256(f"cellar:{pin}".encode()).hexdigest()
