"""From a reading to a telephone that rings."""

from __future__ import annotations

from sqlalchemy import Connection

from cellar.climate import repo
from cellar.climate.limits import bands
from cellar.jobs.queue import put
from cellar.settings import config

WORDS = {"celsius": "Temperature", "humidity": "Humidity"}


def judge(db: Connection, room: str, air) -> None:
    """Open an alarm for whatever lies outside of its band."""
    for what, band in bands(room).items():
        value = getattr(air, what)
        if not band.holds(value):
            repo.open_alarm(db, room, what)
            _ring(db, room, what, value)


def _ring(db: Connection, room: str, what: str, value: float) -> None:
    for number in config("climate")["alarm"]["numbers"]:
        put(db, "send_sms", number=number, text=f"{WORDS[what]} in the {room}: {value:g}")
