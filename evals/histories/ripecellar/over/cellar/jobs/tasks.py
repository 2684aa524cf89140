"""What the worker can do, by name."""

from __future__ import annotations

from sqlalchemy import Connection

from cellar.care.planner import plan_all
from cellar.climate.repo import thin_out
from cellar.notify import letters
from cellar.notify.sms import send_sms


def plan_care(db: Connection) -> None:
    plan_all(db)


def thin_climate(db: Connection) -> None:
    thin_out(db, days=30)


def sms(db: Connection, number: str, text: str) -> None:
    send_sms(number, text)


TASKS = {
    "plan_care": plan_care,
    "thin_climate": thin_climate,
    "send_sms": sms,
    "mail_confirmation": letters.confirmation,
    "mail_invoice": letters.invoice,
    "mail_recall": letters.recall,
}
