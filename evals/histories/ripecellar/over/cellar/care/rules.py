"""When a lot needs hands next. The numbers are the cellar master's, in config/care.toml."""

from __future__ import annotations

from datetime import date

from cellar.settings import config

KINDS = ("turn", "brush")
REST = 2  # days after arrival in which nobody touches a wheel


def interval(rind: str, kind: str) -> int | None:
    """Days between two times; None where this rind does not want it."""
    return config("care").get(rind, {}).get(kind)


def is_due(rind: str, kind: str, made_on: date, day: date) -> bool:
    every = interval(rind, kind)
    if every is None:
        return False
    age = (day - made_on).days
    return age >= REST and (age - REST) % every == 0
